create or replace function private.may_have_left(m public.whatsapp_messages) returns boolean
language plpgsql stable set search_path = '' as $$
begin
  return m.status in ('sending', 'unknown', 'sent', 'delivered', 'read')
    -- Whatever was decided or reported since, a first attempt of which nobody knows may have arrived.
    or (m.status in ('queued', 'cancelled', 'failed') and exists (
      select from public.whatsapp_attempts a
       where a.message_id = m.id and (a.outcome is null or a.outcome = 'unknown' or (a.outcome = 'sent' and m.status = 'failed'))));
end
$$;
comment on function private.may_have_left is
  'Whether an echo, or an entry of Wasender''s log, may be of this message of ours.';
revoke execute on function private.may_have_left from public;
