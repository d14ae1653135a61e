create or replace function private.save_call(
  o public.cloudtalk_calls, c public.cloudtalk_calls, p_body jsonb, p_request_id bigint
) returns public.cloudtalk_calls
language plpgsql set search_path = '' as $$
begin
  if c.phone_number is not null then
    c.conversation_id := private.make_customer(c.phone_number, null, 'call');
  end if;
  c.updated_at := clock_timestamp();
  if o.id is null then
    c.annual_consumption_kwh := coalesce(c.annual_consumption_kwh, round(private.annual_consumption(c.conversation_id)));
    -- One that is learned late may have been answered already.
    if not c.electricity_bill_received and exists (
      select from public.whatsapp_messages m
       where m.conversation_id = c.conversation_id and m.direction = 'incoming'
         and coalesce(m.message_at, m.created_at) >= least(c.call_start_time, c.call_end_time)) then
      c.electricity_bill_received := true;
      c.electricity_bill_received_at := clock_timestamp();
    end if;
    c.id := nextval('public.cloudtalk_calls_id_seq');
    c.webhook_request_id := p_request_id;
    c.raw_data := p_body;
    c.created_at := now();
    insert into public.cloudtalk_calls values (c.*);
    return c;
  end if;
  -- CloudTalk's history completes what webhooks said; a later webhook is laid over the earlier ones.
  c.raw_data := case
    when c.cdr_id is not distinct from o.cdr_id and jsonb_typeof(o.raw_data) = 'object' and jsonb_typeof(p_body) = 'object'
    then o.raw_data || p_body
    else coalesce(o.raw_data, p_body) end;
  update public.cloudtalk_calls set
    conversation_id = c.conversation_id,
    call_uuid = c.call_uuid,
    call_id = c.call_id,
    cdr_id = c.cdr_id,
    event_type = c.event_type,
    phone_number = c.phone_number,
    phone_number_raw = c.phone_number_raw,
    phone_number_from = c.phone_number_from,
    status = c.status,
    duration = c.duration,
    talking_time = c.talking_time,
    direction = c.direction,
    agent_id = c.agent_id,
    agent_name = c.agent_name,
    customer_name = c.customer_name,
    contact_id = c.contact_id,
    contact_name = c.contact_name,
    company_name = c.company_name,
    recording_url = c.recording_url,
    transcript = c.transcript,
    call_start_time = c.call_start_time,
    call_end_time = c.call_end_time,
    call_result = c.call_result,
    call_outcome = c.call_outcome,
    ateco_code = c.ateco_code,
    ateco_eligible = c.ateco_eligible,
    interest_confirmed = c.interest_confirmed,
    annual_consumption_kwh = c.annual_consumption_kwh,
    electricity_bill_received = c.electricity_bill_received,
    electricity_bill_received_at = c.electricity_bill_received_at,
    should_send = c.should_send,
    should_send_reason = c.should_send_reason,
    stated_should_send = c.stated_should_send,
    stated_bill_received = c.stated_bill_received,
    talked = c.talked,
    reason = c.reason,
    raw_data = c.raw_data,
    updated_at = c.updated_at
  where id = o.id;
  return c;
end
$$;
comment on function private.save_call is
  'Writes a call: a new one, or (o) one that is stored. The only list of its columns.';
revoke execute on function private.save_call from public;
