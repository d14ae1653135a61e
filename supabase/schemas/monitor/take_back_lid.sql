create or replace function private.take_back_lid(p_lid text, p_from bigint, p_into bigint) returns void
language plpgsql set search_path = '' as $$
begin
  perform private.lock_customers('{}', array[p_from, p_into]);
  update public.conversation_numbers set conversation_id = p_into, known_by = 'lid' where address = p_lid;
  update public.whatsapp_messages set conversation_id = p_into, call_id = null where lid = p_lid and conversation_id = p_from;
  update public.cloudtalk_calls k set
    electricity_bill_received = false, electricity_bill_received_at = null, updated_at = clock_timestamp()
  where k.conversation_id = p_from and k.electricity_bill_received and not coalesce(k.stated_bill_received, false)
    and not exists (select from public.whatsapp_messages m where m.conversation_id = p_from and m.direction = 'incoming');
  perform private.refresh_customer(p_from);
  perform private.refresh_case(p_from);
end
$$;
comment on function private.take_back_lid is
  'A LID, with what was written from it, was joined to one customer by the code of a call, and is another''s: see private.feed_codes.';
revoke execute on function private.take_back_lid from public;
