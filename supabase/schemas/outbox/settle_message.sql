create or replace function public.settle_message(
  p_lease_token uuid, p_outcome text, p_interval_ms integer, p_detail jsonb, p_started_ms_ago integer default null
) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  m public.whatsapp_messages;
  v_message_id bigint;
  v_next timestamptz;
begin
  perform private.authorize();
  perform from public.whatsapp_sender for update;
  perform private.lock_keys('message:' || (p_detail ->> 'wasender_id'));
  -- Not by the message's own lease: staff may have decided about it since.
  select message_id into v_message_id from public.whatsapp_attempts where lease_token = p_lease_token;
  perform private.lock_customers('{}', array(
    select conversation_id from public.whatsapp_messages
     where id = v_message_id or wasender_id = p_detail ->> 'wasender_id'));
  select * into m from public.whatsapp_messages where id = v_message_id for update;
  v_next := private.settle_slot(p_lease_token, p_outcome, p_interval_ms, p_detail, p_started_ms_ago);
  if p_outcome not in ('sent', 'unknown') then
    perform private.forget_trial(m.id);
  end if;

  if p_outcome = 'sent' and m.id is not null then
    perform private.advance_message(m.id, 'sent', null, null, null, p_detail ->> 'wasender_id');
    perform private.apply_receipts(m.id);
  elsif m.lease_token is distinct from p_lease_token or m.status not in ('sending', 'unknown') then
    null; -- The lease had ended, and a webhook or staff has moved the message since.
  elsif p_outcome = 'unknown' or p_outcome = 'refused'
    or (p_outcome = 'not_sent' and m.attempts >= (p_detail ->> 'max_attempts')::integer) then
    update public.whatsapp_messages set
      status = case p_outcome when 'unknown' then 'unknown' else 'failed' end,
      error_code = coalesce(p_detail ->> 'code', 'rejected'), error = p_detail ->> 'detail'
    where id = m.id;
    perform private.move_failed_ask(m.id);
  elsif exists (select from public.whatsapp_attempts where lease_token = p_lease_token and withdrawn) then
    update public.whatsapp_messages set
      status = 'cancelled', cancelled_by = 'decision', error_code = 'bill_already_received', error = null,
      lease_token = null, lease_until = null
    where id = m.id;
  else
    -- It is certain that nothing was sent. Waiting for a slot or a session is not the message's fault.
    update public.whatsapp_messages set
      status = 'queued', lease_token = null, lease_until = null,
      error_code = p_detail ->> 'code', error = p_detail ->> 'detail',
      attempts = case when p_outcome = 'not_sent' and p_started_ms_ago is not null then attempts else attempts - 1 end,
      due_at = clock_timestamp() + coalesce((p_detail ->> 'retry_ms')::bigint, 0) * interval '1 ms'
    where id = m.id;
  end if;
  return jsonb_build_object(
    'status', (select status from public.whatsapp_messages where id = m.id),
    'wait_ms', greatest(0, ceil(extract(epoch from v_next - clock_timestamp()) * 1000)));
end
$$;
comment on function public.settle_message is
  'Says what became of a claim: sent, refused, rate_limited, paused, not_sent or unknown (p_started_ms_ago is null if no request was made). p_detail is { code, detail, wasender_id, http_status, hold_ms, retry_ms, max_attempts, pause_reason, fingerprint }. Returns { status, wait_ms }.';
revoke execute on function public.settle_message from public, anon, authenticated, service_role;
grant execute on function public.settle_message to anon, service_role;
