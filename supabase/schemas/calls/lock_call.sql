create or replace function private.lock_call(n public.cloudtalk_calls) returns void
language plpgsql set search_path = '' as $$
declare
  v_numbers text[];
  v_code text := lower(private.call_code(n.call_uuid, n.call_id));
begin
  perform private.lock_keys('call:' || n.call_uuid, 'call:' || n.call_id, 'address:' || n.phone_number, 'code:' || v_code);
  -- What the ids lead to may be another customer's.
  select array_agg(k.phone_number) into v_numbers
    from public.cloudtalk_calls k
   where k.duplicate_of is null and (k.call_uuid = n.call_uuid or k.call_id = n.call_id or k.cdr_id = n.call_id);
  perform private.lock_customers(n.phone_number || v_numbers, array(
    -- Whoever waits for this call, having written with its code.
    select m.conversation_id from private.written_codes w join public.whatsapp_messages m on m.id = w.message_id
     where w.code = v_code and w.conversation_id is null));
end
$$;
comment on function private.lock_call is
  'Locks everything that a report of this call may change.';
revoke execute on function private.lock_call from public;
