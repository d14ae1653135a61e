create or replace function private.take_waiting_codes(o public.cloudtalk_calls, n public.cloudtalk_calls) returns boolean
language plpgsql set search_path = '' as $$
declare
  v_code text := lower(private.call_code(n.call_uuid, n.call_id));
  v_phone text := coalesce(o.phone_number, n.phone_number);
  v_message_id bigint;
  v_customer bigint;
  v_answered boolean := false;
begin
  if v_phone is null or not exists (select from private.written_codes where code = v_code and conversation_id is null)
     or private.customers_of_code(v_code, o.id) <> '{}' then
    return false;
  end if;
  for v_message_id in
    select w.message_id from private.written_codes w join public.whatsapp_messages m on m.id = w.message_id
     where w.code = v_code and w.conversation_id is null and m.created_at > clock_timestamp() - interval '1 hour'
     order by w.message_id
  loop
    perform private.join_by_code(v_message_id, v_code, private.make_customer(v_phone, null, 'call'));
    v_customer := private.customer_of(v_phone);
    v_answered := v_answered or exists (
      select from public.whatsapp_messages where id = v_message_id and conversation_id = v_customer);
  end loop;
  return v_answered;
end
$$;
comment on function private.take_waiting_codes is
  'A call is reported (n, stored as o): whoever wrote with its code within the last hour has waited for it. Returns whether the customer has. The caller holds the locks that lock_call takes.';
revoke execute on function private.take_waiting_codes from public;
