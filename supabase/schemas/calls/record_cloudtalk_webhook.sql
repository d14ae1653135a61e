create or replace function public.record_cloudtalk_webhook(p_request jsonb, p_call jsonb, p_ask jsonb) returns jsonb
language plpgsql security definer set search_path = '' set plan_cache_mode = force_generic_plan as $$
declare
  n public.cloudtalk_calls := jsonb_populate_record(null::public.cloudtalk_calls, p_call);
  o public.cloudtalk_calls;
  c public.cloudtalk_calls;
  m public.whatsapp_messages;
  v_answered boolean;
  v_duplicate boolean;
  v_request_id bigint;
begin
  perform private.authorize();
  perform private.lock_call(n);
  o := private.find_call(n);
  if o.should_send_reason = 'erased' then
    return private.refuse_erased_call(o, n, p_request);
  end if;
  v_answered := private.take_waiting_codes(o, n);
  c := private.merge_call(o, n);
  if v_answered and not c.electricity_bill_received then
    c.electricity_bill_received := true;
    c.electricity_bill_received_at := clock_timestamp();
  end if;
  c := private.decide_ask(o, c, p_ask);
  v_duplicate := o.id is not null and c is not distinct from o;
  -- What the history says of a call that is known is kept with the call.
  if n.cdr_id is null or o.id is null then
    v_request_id := private.keep_webhook(p_request, case when v_duplicate then 'duplicate' else 'accepted' end, null);
  end if;
  if not v_duplicate then
    c := private.save_call(o, c, p_request -> 'body', v_request_id);
  end if;
  m := private.queue_or_withdraw(o, c, p_ask ->> 'text', v_request_id);
  return jsonb_build_object(
    'duplicate', case when n.cdr_id is null then v_duplicate else o.id is not null end,
    'webhook', v_request_id,
    'call', jsonb_build_object('id', c.id, 'should_send', c.should_send, 'reason', c.should_send_reason),
    'message', case when m.id is not null then jsonb_build_object('id', m.id, 'status', m.status) end,
    'drain_in_ms', case when m.status = 'queued' then private.drain_in_ms() end);
end
$$;
comment on function public.record_cloudtalk_webhook is
  'A call ended: stores the webhook, the call (new or enriched) and at most one queued ask, in one transaction. p_call has the column names of cloudtalk_calls; with a cdr_id it comes from CloudTalk''s call history. p_ask is { text, cooldown_hours, after_bill }, and for a call that is learned late, from the history or a stored webhook, { within_hours, heard_at }: an older one gets no ask. Returns { duplicate, webhook, call: { id, should_send, reason }, message: { id, status } | null, drain_in_ms }.';
revoke execute on function public.record_cloudtalk_webhook from public, anon, authenticated, service_role;
grant execute on function public.record_cloudtalk_webhook to anon, service_role;
