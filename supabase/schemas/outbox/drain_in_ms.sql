create or replace function private.drain_in_ms(m public.whatsapp_messages) returns integer
language plpgsql stable set search_path = '' as $$
declare
  s public.whatsapp_sender;
begin
  select * into s from public.whatsapp_sender;
  if s.paused_reason = 'staff' then
    return null;
  end if;
  if s.paused_at is null and (private.hold(m, greatest(s.next_send_at, clock_timestamp()), s)).reason is not null then
    return null;
  end if;
  -- A pause that is Wasender's: only a claim can decide whether this deployment may probe now.
  return case when s.paused_at is not null then 0
    else greatest(0, ceil(extract(epoch from s.next_send_at - clock_timestamp()) * 1000)) end;
end
$$;
comment on function private.drain_in_ms is
  'In how many milliseconds a drain could send what was just queued: before, a claim is in vain. Null if it waits for something else than the slot: staff, or the clock.';
revoke execute on function private.drain_in_ms from public;
