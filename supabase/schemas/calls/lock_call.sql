create or replace function private.lock_call(n public.cloudtalk_calls) returns void
language plpgsql set search_path = '' as $$
declare
  v_numbers text[];
  v_code text := lower(private.call_code(n.call_uuid, n.call_id));
  v_waiting bigint[];
begin
  perform private.lock_keys('call:' || n.call_uuid, 'call:' || n.call_id, 'address:' || n.phone_number, 'code:' || v_code);
  -- What the ids lead to may be another customer's.
  select array_agg(k.phone_number) into v_numbers
    from public.cloudtalk_calls k
   where k.duplicate_of is null and (k.call_uuid = n.call_uuid or k.call_id = n.call_id or k.cdr_id = n.call_id);
  v_waiting := private.wait_for_code(v_code);
  perform private.lock_customers(n.phone_number || v_numbers, v_waiting);
  if v_waiting <> '{}' and v_waiting <> private.wait_for_code(v_code) then
    -- While this waited for them, what they had written became another customer's, who is not locked.
    raise exception 'Who waits for this call has changed: try again' using errcode = 'serialization_failure';
  end if;
end
$$;
comment on function private.lock_call is
  'Locks everything that a report of this call may change.';
revoke execute on function private.lock_call from public;
