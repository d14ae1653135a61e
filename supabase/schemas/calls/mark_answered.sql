create or replace function private.mark_answered(p_conversation_id bigint, p_at timestamptz) returns void
language plpgsql set search_path = '' as $$
begin
  -- The brief's rule: any reply means that the customer has answered. WhatsApp replays old messages when a telephone is
  -- linked again; what was written before a call does not answer it.
  update public.cloudtalk_calls
     set electricity_bill_received = true,
         electricity_bill_received_at = coalesce(electricity_bill_received_at, clock_timestamp()),
         updated_at = clock_timestamp()
   where conversation_id = p_conversation_id and not electricity_bill_received
     -- A call that does not say when it was ended within the hour before its webhook.
     and coalesce(least(call_start_time, call_end_time), created_at - interval '1 hour') <= coalesce(p_at, 'infinity');
end
$$;
comment on function private.mark_answered is
  'The customer has written, at that time by WhatsApp''s clock: all calls before it are answered.';
revoke execute on function private.mark_answered from public;
