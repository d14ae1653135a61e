create or replace function private.ask_reason(c public.cloudtalk_calls, p_ask jsonb) returns text
language plpgsql stable set search_path = '' as $$
declare
  v_customer bigint := private.customer_of(c.phone_number);
  v_conversation public.conversations;
  f private.case_facts;
begin
  select * into v_conversation from public.conversations where id = v_customer;
  f := private.read_case(v_customer);
  return case
    when c.phone_number is null then 'no_phone_number'
    when private.has_objected(c.phone_number) then 'objection'
    when not c.stated_should_send then 'payload_says_no'
    -- The text refers to the conversation on the telephone.
    when not c.talked then 'nobody_talked'
    when private.case_state(v_conversation, f) in ('complete', 'declared') then 'case_complete'
    when private.bills_to_check(v_conversation, f) then 'bills_to_check'
    -- Bills have come, nobody knows of which PODs.
    when f.months = '{}' and not coalesce((p_ask ->> 'after_bill')::boolean, false)
      and (coalesce(c.stated_bill_received, false) or v_conversation.bill_at is not null) then 'bill_already_received'
    -- "Come da nostra conversazione telefonica" of yesterday would surprise. A call that was to be asked stays so, and
    -- one that was too old does not become younger.
    when not coalesce(c.should_send, false) and (coalesce(c.should_send_reason = 'too_old', false)
      or coalesce(least(coalesce(c.call_end_time, c.call_start_time), (p_ask ->> 'heard_at')::timestamptz), '-infinity')
         < clock_timestamp() - (p_ask ->> 'within_hours')::numeric * interval '1 hour')
      then 'too_old'
    when exists (
      select from public.whatsapp_messages a
       where a.conversation_id = v_customer and a.kind = 'ask' and a.call_id is distinct from c.id
         and a.status not in ('failed', 'cancelled')
         and coalesce(a.sent_at, a.created_at)
           > clock_timestamp() - (p_ask ->> 'cooldown_hours')::numeric * interval '1 hour')
      then 'asked_recently'
    else 'eligible' end;
end
$$;
comment on function private.ask_reason is
  'Whether a call''s customer may be asked for the bills now: eligible, or why not. The only place that decides it; p_ask as in record_cloudtalk_webhook.';
revoke execute on function private.ask_reason from public;
