create or replace function private.may_have_left(m public.whatsapp_messages) returns boolean
language plpgsql stable set search_path = '' as $$
begin
  -- One that waits to be sent a second time, or was given up, counts as well: its first attempt may have arrived.
  return m.status in ('sending', 'unknown', 'sent', 'delivered', 'read')
    or (m.status in ('queued', 'cancelled') and exists (
      select from public.whatsapp_attempts a where a.message_id = m.id and a.outcome = 'unknown'));
end
$$;
comment on function private.may_have_left is
  'Whether an echo, or an entry of Wasender''s log, may be of this message of ours.';
revoke execute on function private.may_have_left from public;
