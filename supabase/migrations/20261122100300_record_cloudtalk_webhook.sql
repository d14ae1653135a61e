-- A call ended: the webhook, the call and at most one queued message, in one transaction.
--
-- p_call has the column names of cloudtalk_calls; with a cdr_id it comes from CloudTalk's call history and not from a
-- webhook. p_ask is { rules: [{ when, reason }], cooldown_hours, text }, and for a call that is heard of late, from the
-- history or from a stored webhook, { within_hours, heard_at }: an older one gets no ask.
--
-- The rules come from lib/ask.ts, are tried in order against the facts below, and the first whose "when" the facts
-- contain says why the call gets no ask. This way the decision is written once, in TypeScript, and yet taken here, on
-- all that is known of the call: what this webhook says and what earlier ones said.

create or replace function public.record_cloudtalk_webhook(p_request jsonb, p_call jsonb, p_ask jsonb) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  n public.cloudtalk_calls := jsonb_populate_record(null::public.cloudtalk_calls, p_call);
  o public.cloudtalk_calls;
  c public.cloudtalk_calls;
  m public.whatsapp_messages;
  v_time timestamptz;
  v_facts jsonb;
  v_duplicate boolean;
  v_request_id bigint;
begin
  perform private.authorize();
  perform private.lock_keys('call:' || n.call_uuid, 'call:' || n.call_id, 'customer:' || n.phone_number);

  -- The same call: by its ids, or, where no id contradicts it, the same customer's nearest call within two hours.
  select * into o from public.cloudtalk_calls
   where duplicate_of is null and call_uuid = n.call_uuid;
  if o.id is null then
    select * into o from public.cloudtalk_calls
     where duplicate_of is null and (call_id = n.call_id or cdr_id = n.call_id)
       and (call_uuid is null or n.call_uuid is null or call_uuid = n.call_uuid)
     order by cdr_id = n.call_id desc nulls last limit 1;
  end if;
  if o.id is null and n.phone_number is not null then
    v_time := coalesce(n.call_end_time, n.call_start_time);
    select k.* into o
      from public.cloudtalk_calls k
      cross join lateral (select coalesce(k.call_end_time, k.call_start_time, k.created_at) as at) t
     where k.duplicate_of is null and k.phone_number = n.phone_number
       and (k.call_uuid is null or n.call_uuid is null)
       -- The history's ids are whole numbers; another id (the voice agent's) does not contradict one of them, nor does
       -- any where both calls began at the same time.
       and case when n.cdr_id is null
             then k.call_id is null or n.call_id is null or (k.call_id = k.cdr_id and n.call_id !~ '^[0-9]+$')
             else k.cdr_id is null and (k.call_id is null or k.call_id !~ '^[0-9]+$'
                    or abs(extract(epoch from k.call_start_time - n.call_start_time)) <= 60)
           end
       and (abs(extract(epoch from t.at - coalesce(v_time, clock_timestamp()))) <= 7200
            -- A webhook without a time of its own is about now, whatever times the stored call has.
            or (v_time is null and k.created_at >= clock_timestamp() - interval '2 hours'))
     order by abs(extract(epoch from t.at - coalesce(v_time, clock_timestamp()))), k.id desc
     limit 1;
  end if;

  if o.should_send_reason = 'erased' then
    -- The customer was erased: neither the call nor the webhook may bring back what is gone.
    if n.cdr_id is null then
      perform private.keep_webhook(private.without_content(p_request), 'ignored', 'erased');
    end if;
    return jsonb_build_object('duplicate', true,
      'call', jsonb_build_object('id', o.id, 'should_send', false, 'reason', 'erased'), 'message', null);
  end if;

  if o.id is null then
    c := n;
  else
    if n.cdr_id is null then
      -- What is new wins, except over identifiers, the number, and a reply that was already received.
      c := jsonb_populate_record(o, jsonb_strip_nulls(p_call));
    else
      -- The history adds what is not known, and changes nothing that is.
      c := jsonb_populate_record(n, jsonb_strip_nulls(to_jsonb(o)));
      c.raw_data := o.raw_data;
    end if;
    c.call_uuid := coalesce(o.call_uuid, n.call_uuid);
    c.cdr_id := coalesce(o.cdr_id, n.cdr_id);
    c.call_id := case when o.call_id = o.cdr_id then coalesce(n.call_id, o.call_id) else coalesce(o.call_id, n.call_id) end;
    c.phone_number := coalesce(o.phone_number, n.phone_number);
    c.phone_number_raw := case when o.phone_number is null then coalesce(n.phone_number_raw, o.phone_number_raw) else o.phone_number_raw end;
    c.event_type := coalesce(o.event_type, n.event_type);
    c.electricity_bill_received := o.electricity_bill_received or coalesce(n.electricity_bill_received, false);
    select * into m from public.whatsapp_messages
     where call_id = o.id and kind = 'ask' order by id desc limit 1;
  end if;
  -- The id may stand on another row. One without a uuid turns out to be this very call and is linked to it; one with
  -- a uuid of its own is another call, and the id stays there.
  if c.call_id is not null and c.call_id is distinct from o.call_id then
    update public.cloudtalk_calls set duplicate_of = o.id, updated_at = clock_timestamp()
     where duplicate_of is null and call_id = c.call_id and call_uuid is null and o.id is not null;
    if found then
      update public.whatsapp_messages set status = 'cancelled', cancelled_by = 'decision', error = 'duplicate_call'
       where kind = 'ask' and status = 'queued'
         and call_id in (select id from public.cloudtalk_calls where duplicate_of = o.id);
    elsif exists (select from public.cloudtalk_calls where duplicate_of is null and call_id = c.call_id) then
      c.call_id := null;
    end if;
  end if;
  c.electricity_bill_received := coalesce(c.electricity_bill_received, false);
  if c.electricity_bill_received and c.electricity_bill_received_at is null then
    c.electricity_bill_received_at := clock_timestamp();
  end if;

  -- Decided for a new call, and again when something that the decision rests on has changed: a mere repeat, hours
  -- later, must not find that a cooldown has passed. Once an ask was handed to WhatsApp, or staff cancelled it, nothing
  -- is left to decide; calls of the previous system were asked by it.
  if o.id is null or (
    o.should_send_reason <> 'legacy'
    and (c.phone_number, c.stated_should_send, c.conversation) is distinct from (o.phone_number, o.stated_should_send, o.conversation)
    and (m.id is null or m.status = 'queued' or (m.status = 'cancelled' and m.cancelled_by = 'decision'))
  ) then
    v_facts := jsonb_build_object(
      'phone_number', c.phone_number is not null,
      'stated_should_send', c.stated_should_send,
      'conversation', c.conversation,
      -- A file came, or staff marked it as received.
      'bill_received', exists (
        select from public.conversations b where b.phone_number = c.phone_number and b.bill_at is not null),
      -- Heard of late; one that was to be asked stays so, one that was too old does not become younger.
      'too_old', not coalesce(o.should_send, false) and coalesce(o.should_send_reason = 'too_old'
        or coalesce(least(coalesce(c.call_end_time, c.call_start_time), (p_ask ->> 'heard_at')::timestamptz), '-infinity')
           < clock_timestamp() - (p_ask ->> 'within_hours')::numeric * interval '1 hour', false),
      'asked_recently', c.phone_number is not null and (p_ask ->> 'cooldown_hours')::numeric > 0 and exists (
        select from public.whatsapp_messages a
         where a.phone_number = c.phone_number and a.kind = 'ask' and a.call_id is distinct from o.id
           and a.status not in ('failed', 'cancelled')
           and coalesce(a.sent_at, a.created_at) > clock_timestamp() - (p_ask ->> 'cooldown_hours')::numeric * interval '1 hour'));
    c.should_send_reason := coalesce((
      select r.rule ->> 'reason'
        from jsonb_array_elements(p_ask -> 'rules') with ordinality as r (rule, position)
       where v_facts @> (r.rule -> 'when')
       order by r.position limit 1), 'eligible');
    c.should_send := c.should_send_reason = 'eligible';
  end if;

  v_duplicate := o.id is not null and c is not distinct from o;
  if n.cdr_id is null or o.id is null then
    v_request_id := private.keep_webhook(p_request, case when v_duplicate then 'duplicate' else 'accepted' end, null);
  end if;

  if o.id is null then
    insert into public.cloudtalk_calls (
      webhook_request_id, call_uuid, call_id, cdr_id, event_type, phone_number, phone_number_raw, phone_number_from, status, duration,
      talking_time, direction, agent_id, agent_name, customer_name, contact_id, contact_name, company_name, recording_url,
      transcript, call_start_time, call_end_time, call_result, call_outcome, ateco_code, ateco_eligible, interest_confirmed,
      annual_consumption_kwh, electricity_bill_received, electricity_bill_received_at, should_send, should_send_reason,
      stated_should_send, conversation, reason, raw_data)
    values (
      v_request_id, c.call_uuid, c.call_id, c.cdr_id, c.event_type, c.phone_number, c.phone_number_raw, c.phone_number_from, c.status, c.duration,
      c.talking_time, c.direction, c.agent_id, c.agent_name, c.customer_name, c.contact_id, c.contact_name, c.company_name, c.recording_url,
      c.transcript, c.call_start_time, c.call_end_time, c.call_result, c.call_outcome, c.ateco_code, c.ateco_eligible, c.interest_confirmed,
      c.annual_consumption_kwh, c.electricity_bill_received, c.electricity_bill_received_at, c.should_send, c.should_send_reason,
      c.stated_should_send, c.conversation, c.reason, p_request -> 'body')
    returning * into c;
  elsif not v_duplicate then
    update public.cloudtalk_calls set
      call_uuid = c.call_uuid, call_id = c.call_id, cdr_id = c.cdr_id, event_type = c.event_type, phone_number = c.phone_number,
      phone_number_raw = c.phone_number_raw, phone_number_from = c.phone_number_from, status = c.status, duration = c.duration,
      talking_time = c.talking_time, direction = c.direction, agent_id = c.agent_id, agent_name = c.agent_name,
      customer_name = c.customer_name, contact_id = c.contact_id, contact_name = c.contact_name, company_name = c.company_name,
      recording_url = c.recording_url, transcript = c.transcript, call_start_time = c.call_start_time,
      call_end_time = c.call_end_time, call_result = c.call_result, call_outcome = c.call_outcome, ateco_code = c.ateco_code,
      ateco_eligible = c.ateco_eligible, interest_confirmed = c.interest_confirmed,
      annual_consumption_kwh = c.annual_consumption_kwh, electricity_bill_received = c.electricity_bill_received,
      electricity_bill_received_at = c.electricity_bill_received_at, should_send = c.should_send,
      should_send_reason = c.should_send_reason, stated_should_send = c.stated_should_send, conversation = c.conversation,
      reason = c.reason, updated_at = clock_timestamp(),
      raw_data = case when n.cdr_id is not null then coalesce(raw_data, p_request -> 'body')
                      when jsonb_typeof(raw_data) = 'object' and jsonb_typeof(p_request -> 'body') = 'object'
                      then raw_data || (p_request -> 'body') else coalesce(raw_data, p_request -> 'body') end
    where id = o.id;
  end if;

  if c.should_send and c.should_send_reason = 'eligible'
     and (m.id is null or m.status = 'cancelled' and m.cancelled_by = 'decision') then
    insert into public.whatsapp_messages
      (direction, kind, status, phone_number, contact_name, text, call_id, webhook_request_id, due_at)
    values
      ('outgoing', 'ask', 'queued', c.phone_number, coalesce(c.contact_name, c.customer_name), p_ask ->> 'text', c.id, v_request_id,
       clock_timestamp())
    returning * into m;
  elsif not c.should_send and m.status = 'queued' then
    update public.whatsapp_messages
       set status = 'cancelled', cancelled_by = 'decision', error = c.should_send_reason
     where id = m.id
    returning * into m;
  end if;

  return jsonb_build_object(
    'duplicate', case when n.cdr_id is null then v_duplicate else o.id is not null end,
    'call', jsonb_build_object('id', c.id, 'should_send', c.should_send, 'reason', c.should_send_reason),
    'message', case when m.id is not null then jsonb_build_object('id', m.id, 'status', m.status) end);
end
$$;
comment on function public.record_cloudtalk_webhook is
  'Stores a CloudTalk webhook, its call (new or enriched) and at most one queued ask. Returns { duplicate, call: { id, should_send, reason }, message: { id, status } | null }.';
revoke execute on function public.record_cloudtalk_webhook from public, anon, authenticated;
grant execute on function public.record_cloudtalk_webhook to service_role;
