create or replace function public.settle_bill(
  p_bill_id bigint, p_lease_token uuid, p_reading jsonb, p_reader_version integer default null, p_retry_ms integer default null
) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  b public.bills;
  m public.whatsapp_messages;
  v_by_force boolean := p_reading ->> 'reason' in ('took_too_long', 'too_much_memory', 'crashed');
begin
  perform private.authorize();
  perform private.lock_customers('{}', array(
    select w.conversation_id from public.bills x join public.whatsapp_messages w on w.id = x.message_id where x.id = p_bill_id));
  select * into b from public.bills where id = p_bill_id for update;
  -- Erased, or staff have acted, or the lease is over and another function has it.
  if b.id is null or b.confirmed_at is not null or b.lease_token is distinct from p_lease_token then
    return jsonb_build_object('settled', false);
  end if;
  if p_reading is null then
    -- It could not be had: that is no attempt of reading it.
    update public.bills set
      attempts = attempts - 1, lease_token = null, due_at = clock_timestamp() + p_retry_ms * interval '1 ms'
    where id = b.id;
    return jsonb_build_object('settled', true, 'state', b.state);
  elsif v_by_force and b.attempts < 2 then
    update public.bills set lease_token = null, due_at = clock_timestamp() where id = b.id;
    return jsonb_build_object('settled', true, 'state', b.state);
  elsif v_by_force and b.state <> 'waiting' then
    -- A newer reader hangs where an older one did not.
    update public.bills set lease_token = null, due_at = null, reader_version = p_reader_version where id = b.id;
    return jsonb_build_object('settled', true, 'state', b.state);
  end if;
  perform private.take_reading(b, p_reading, p_reader_version);
  select * into b from public.bills where id = b.id;
  return jsonb_build_object('settled', true, 'state', b.state);
end
$$;
comment on function public.settle_bill is
  'Says what became of a claim: a reading (lib/bills/bill.ts), or null and in how many milliseconds to try again because the file could not be had. What ended its reader by force waits at the end of the queue for a second time. Returns { settled, state }.';
revoke execute on function public.settle_bill from public, anon, authenticated, service_role;
grant execute on function public.settle_bill to anon, service_role;
