-- The outbox: claim → send → settle. Wasender's limit is kept here, in the database, whoever drains.

create or replace function public.claim_message(
  p_interval_ms integer, p_start_within_ms integer, p_lease_ms integer, p_fingerprint text
) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  s public.whatsapp_sender;
  m public.whatsapp_messages;
  v_now timestamptz;
  v_due timestamptz;
begin
  perform private.authorize();

  -- One claim at a time: whoever holds this row decides who sends next. The time is read after the lock was got.
  select * into s from public.whatsapp_sender for update;
  v_now := clock_timestamp();

  -- The function that held it died. What it did is unknown, and an attempt whose outcome nobody knows is never repeated.
  with expired as (
    update public.whatsapp_messages set status = 'unknown', error = 'The sender stopped before it could tell what became of this message.'
     where status = 'sending' and lease_until < v_now
    returning lease_token
  )
  update public.whatsapp_attempts a set ended_at = v_now, outcome = 'unknown', detail = 'lease expired'
    from expired e where a.lease_token = e.lease_token and a.ended_at is null;

  if s.paused_at is not null then
    -- A pause that is Wasender's ends when Wasender says so: one caller at a time may ask, a new deployment or key at once.
    if s.paused_reason <> 'staff' and (s.probe_at <= v_now or s.paused_fingerprint is distinct from p_fingerprint) then
      update public.whatsapp_sender set
        paused_fingerprint = p_fingerprint,
        probe_at = v_now + case paused_reason when 'session' then interval '30 seconds' else interval '5 minutes' end;
      return jsonb_build_object('idle', 'paused', 'probe', true, 'wait_ms', null);
    end if;
    return jsonb_build_object('idle', 'paused', 'probe', false, 'wait_ms', null);
  end if;

  select min(due_at) into v_due from public.whatsapp_messages where status = 'queued';
  if v_due is null then
    return jsonb_build_object('idle', 'empty', 'wait_ms', null);
  end if;
  if greatest(v_due, s.next_send_at) > v_now then
    return jsonb_build_object('idle', case when s.next_send_at >= v_due then 'slot' else 'backoff' end,
      'wait_ms', ceil(extract(epoch from greatest(v_due, s.next_send_at) - v_now) * 1000));
  end if;

  select * into m from public.whatsapp_messages
   where status = 'queued' and due_at <= v_now
   order by priority desc, due_at, id limit 1 for update skip locked;
  if m.id is null then
    return jsonb_build_object('idle', 'busy', 'wait_ms', 1000);
  end if;

  update public.whatsapp_messages set
    status = 'sending', attempts = attempts + 1, error = null,
    lease_token = gen_random_uuid(), lease_until = v_now + p_lease_ms * interval '1 ms'
  where id = m.id
  returning * into m;
  insert into public.whatsapp_attempts (message_id, lease_token, claimed_at) values (m.id, m.lease_token, v_now);

  -- The caller has promised to start within p_start_within_ms or not at all, so this slot is safe even if it never
  -- reports back; settle_message moves it to the real start plus the interval.
  update public.whatsapp_sender set
    slot_token = m.lease_token,
    next_send_at = v_now + (p_interval_ms + p_start_within_ms) * interval '1 ms';

  return jsonb_build_object('message', jsonb_build_object(
    'id', m.id, 'lease_token', m.lease_token, 'phone_number', m.phone_number, 'text', m.text, 'attempts', m.attempts));
end
$$;
comment on function public.claim_message is
  'Takes the next message and the send slot. Returns { message: { id, lease_token, phone_number, text, attempts } } or { idle: paused|empty|slot|backoff|busy, wait_ms }.';

create or replace function public.settle_message(
  p_lease_token uuid, p_outcome text, p_interval_ms integer, p_detail jsonb, p_started_ms_ago integer default null
) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  s public.whatsapp_sender;
  m public.whatsapp_messages;
  v_now timestamptz;
  v_started timestamptz;
  v_next timestamptz;
begin
  perform private.authorize();
  select * into s from public.whatsapp_sender for update;
  select * into m from public.whatsapp_messages where lease_token = p_lease_token for update;
  v_now := clock_timestamp();
  v_started := v_now - p_started_ms_ago * interval '1 ms';

  update public.whatsapp_attempts set
    started_at = v_started, ended_at = v_now, outcome = p_outcome,
    http_status = (p_detail ->> 'http_status')::integer, detail = p_detail ->> 'detail'
  where lease_token = p_lease_token;

  -- The slot: from the real start where a request left, at once where none did; later where Wasender asks for it.
  if s.slot_token = p_lease_token then
    v_next := case when v_started is null then v_now else v_started + p_interval_ms * interval '1 ms' end;
  else
    v_next := s.next_send_at;
  end if;
  v_next := greatest(v_next, v_now + (p_detail ->> 'hold_ms')::bigint * interval '1 ms');
  -- Wasender is down rather than unlucky: each further attempt would leave one more message that a person must judge.
  if p_outcome = 'unknown' and (
    select count(*) = 8 and bool_and(l.outcome = 'unknown')
      from (select outcome from public.whatsapp_attempts where ended_at is not null order by id desc limit 8) l) then
    v_next := greatest(v_next, v_now + interval '5 minutes');
  end if;
  update public.whatsapp_sender set
    next_send_at = v_next,
    slot_token = case when slot_token = p_lease_token then null else slot_token end;
  if p_outcome = 'sent' and s.session_status is distinct from 'connected' then
    update public.whatsapp_sender set session_status = 'connected', session_at = v_now;
  end if;
  if p_outcome = 'paused' and s.paused_at is null then
    update public.whatsapp_sender set
      paused_at = v_now, paused_reason = p_detail ->> 'pause_reason', paused_message = p_detail ->> 'detail',
      paused_fingerprint = p_detail ->> 'fingerprint', probe_at = v_now + interval '30 seconds';
  end if;

  -- Late (the lease had ended, and a webhook or staff has moved the message since): only what fits is applied.
  if m.id is null or m.status not in ('sending', 'unknown') then
    if m.id is not null and p_outcome = 'sent' then
      perform private.advance_message(m.id, 'sent', null, null, p_detail ->> 'wasender_id');
      perform private.apply_receipts(m.id);
    end if;
  elsif p_outcome = 'sent' then
    perform private.advance_message(m.id, 'sent', null, null, p_detail ->> 'wasender_id');
    perform private.apply_receipts(m.id);
  elsif p_outcome = 'unknown' then
    update public.whatsapp_messages set status = 'unknown', error = p_detail ->> 'detail' where id = m.id;
  elsif p_outcome = 'refused' then
    update public.whatsapp_messages set status = 'failed', error = p_detail ->> 'detail' where id = m.id;
  elsif p_outcome = 'not_sent' and m.attempts >= (p_detail ->> 'max_attempts')::integer then
    update public.whatsapp_messages set status = 'failed', error = p_detail ->> 'detail' where id = m.id;
  else
    -- It is certain that nothing was sent. Waiting for a slot or a session is not the message's fault.
    update public.whatsapp_messages set
      status = 'queued', lease_token = null, lease_until = null, error = p_detail ->> 'detail',
      attempts = case when p_outcome = 'not_sent' and v_started is not null then attempts else attempts - 1 end,
      due_at = v_now + coalesce((p_detail ->> 'retry_ms')::bigint, 0) * interval '1 ms'
    where id = m.id;
  end if;

  select * into m from public.whatsapp_messages where id = m.id;
  return jsonb_build_object('status', m.status, 'wait_ms', greatest(0, ceil(extract(epoch from v_next - clock_timestamp()) * 1000)));
end
$$;
comment on function public.settle_message is
  'Says what became of a claim: sent, refused, rate_limited, paused, not_sent or unknown (p_started_ms_ago is null where no request was made). Returns { status, wait_ms }.';

create or replace function public.record_probe(p_session_status text) returns jsonb
language plpgsql security definer set search_path = '' as $$
begin
  -- Wasender answered our key with the session's state, so the key works; connected means that messages can go out.
  perform private.authorize();
  update public.whatsapp_sender set session_status = p_session_status, session_at = clock_timestamp();
  update public.whatsapp_sender
     set paused_at = null, paused_reason = null, paused_message = null, paused_fingerprint = null, probe_at = null
   where p_session_status = 'connected' and paused_reason in ('session', 'configuration');
  return jsonb_build_object('resumed', found);
end
$$;
comment on function public.record_probe is
  'What Wasender''s GET /status answered. Resumes a sender that was paused for its session or configuration. Returns { resumed }.';

create or replace function public.outbox_due() returns boolean
language sql stable security definer set search_path = '' as $$
  -- now(), which holds still, can be looked up in an index; clock_timestamp() cannot.
  -- Is there anything that a drain could do now? Also what a clock asks before it rings.
  select exists (
    select from public.whatsapp_sender s
     where (s.paused_at is null and s.next_send_at <= now()
            and exists (select from public.whatsapp_messages where status = 'queued' and due_at <= now()))
        or s.probe_at <= now()
  ) or exists (
    select from public.whatsapp_messages where status = 'sending' and lease_until < now()
  ) or exists (
    select from public.whatsapp_messages where info_at is not null and info_at <= now()
  ) or exists (
    select from public.whatsapp_lids where phone_number is null and ask_again_at <= now()
  ) or exists (
    -- Evidence for what nobody knows may stand in Wasender's log, where that can be read.
    select from public.whatsapp_sender s
     where s.log_due_at <= now() and s.log_ok_at > now() - interval '1 day'
       and exists (select from public.whatsapp_messages
                    where status = 'unknown' and updated_at > now() - interval '1 day')
  )
$$;
comment on function public.outbox_due is 'Whether a drain has something to do now.';

revoke execute on function public.claim_message, public.settle_message, public.record_probe, public.outbox_due from public, anon, authenticated;
grant execute on function public.claim_message, public.settle_message, public.record_probe, public.outbox_due to service_role;
