create or replace function private.drain_in_ms() returns integer
language plpgsql stable set search_path = '' as $$
declare
  s public.whatsapp_sender;
begin
  select * into s from public.whatsapp_sender;
  if s.paused_reason = 'staff' then
    return null;
  end if;
  -- A pause that is Wasender's: only a claim can decide whether this deployment may probe now.
  return case when s.paused_at is not null then 0
    else greatest(0, ceil(extract(epoch from s.next_send_at - clock_timestamp()) * 1000)) end;
end
$$;
comment on function private.drain_in_ms is
  'In how many milliseconds a drain could send what was just queued: before, a claim is in vain. Null if only staff can let it go. What else holds a message the claim says: to ask here, for each webhook, would cost more than the claim in vain.';
revoke execute on function private.drain_in_ms from public;
