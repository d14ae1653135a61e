create or replace function private.merge_call(o public.cloudtalk_calls, n public.cloudtalk_calls) returns public.cloudtalk_calls
language plpgsql set search_path = '' as $$
declare
  c public.cloudtalk_calls;
begin
  n.stated_bill_received := n.electricity_bill_received;
  if o.id is null then
    c := n;
  elsif n.cdr_id is null then
    -- What is new wins, except over identifiers, the number, and a reply that was already received.
    c := jsonb_populate_record(o, jsonb_strip_nulls(to_jsonb(n)));
  else
    -- The history adds what is not known, and changes nothing that is.
    c := jsonb_populate_record(n, jsonb_strip_nulls(to_jsonb(o)));
  end if;
  c.call_uuid := coalesce(o.call_uuid, n.call_uuid);
  c.cdr_id := coalesce(o.cdr_id, n.cdr_id);
  c.call_id := case when o.call_id = o.cdr_id then coalesce(n.call_id, o.call_id) else coalesce(o.call_id, n.call_id) end;
  c.phone_number := coalesce(o.phone_number, n.phone_number);
  c.phone_number_raw := case when o.phone_number is null then coalesce(n.phone_number_raw, o.phone_number_raw) else o.phone_number_raw end;
  c.event_type := coalesce(o.event_type, n.event_type);
  c.electricity_bill_received := coalesce(o.electricity_bill_received, false) or coalesce(n.electricity_bill_received, false);
  if c.electricity_bill_received then
    c.electricity_bill_received_at := coalesce(c.electricity_bill_received_at, clock_timestamp());
  end if;
  c.raw_data := o.raw_data;
  return private.take_call_id(o, c);
end
$$;
comment on function private.merge_call is
  'What is known of a call (o, null if it is new) together with what is reported of it (n). raw_data is merged when it is saved.';
revoke execute on function private.merge_call from public;
