create or replace function private.settle_slot(
  p_lease_token uuid, p_outcome text, p_interval_ms integer, p_detail jsonb, p_started_ms_ago integer
) returns timestamptz
language plpgsql set search_path = '' as $$
declare
  s public.whatsapp_sender;
  v_now timestamptz := clock_timestamp();
  v_started timestamptz := v_now - p_started_ms_ago * interval '1 ms';
begin
  update public.whatsapp_attempts set
    started_at = v_started, ended_at = v_now, outcome = p_outcome, http_status = (p_detail ->> 'http_status')::integer,
    code = p_detail ->> 'code', detail = p_detail ->> 'detail'
  where lease_token = p_lease_token;
  select * into s from public.whatsapp_sender;
  -- From the real start if a request left, at once if none did; later if Wasender asks for it.
  if s.slot_token = p_lease_token then
    s.slot_token := null;
    s.next_send_at := case when v_started is null then v_now else v_started + p_interval_ms * interval '1 ms' end;
  end if;
  s.next_send_at := greatest(s.next_send_at, v_now + (p_detail ->> 'hold_ms')::bigint * interval '1 ms');
  -- Wasender is down rather than unlucky: each further attempt would leave one more message that a person must judge.
  if p_outcome = 'unknown' and (
    select count(*) = 8 and bool_and(l.outcome = 'unknown')
      from (select outcome from public.whatsapp_attempts where ended_at is not null order by id desc limit 8) l) then
    s.next_send_at := greatest(s.next_send_at, v_now + interval '5 minutes');
  end if;
  if p_outcome = 'sent' then
    s.probes := 0;
    if s.session_status is distinct from 'connected' then
      s.session_status := 'connected';
      s.session_at := v_now;
    end if;
  elsif p_outcome = 'paused' and s.paused_at is null then
    s.paused_at := v_now;
    s.paused_reason := p_detail ->> 'pause_reason';
    s.paused_code := p_detail ->> 'code';
    s.paused_message := p_detail ->> 'detail';
    s.paused_fingerprint := p_detail ->> 'fingerprint';
    -- A healthy status does not prove that it sends again: after each refusal the next probe comes later.
    s.probe_at := v_now + case s.paused_reason
      when 'session' then interval '30 seconds'
      else least(interval '6 hours', interval '30 seconds' * 2 ^ least(s.probes, 10)) end;
  end if;
  update public.whatsapp_sender set
    next_send_at = s.next_send_at, slot_token = s.slot_token, probes = s.probes,
    session_status = s.session_status, session_at = s.session_at,
    paused_at = s.paused_at, paused_reason = s.paused_reason, paused_code = s.paused_code, paused_message = s.paused_message,
    paused_fingerprint = s.paused_fingerprint, probe_at = s.probe_at
   where id;
  return s.next_send_at;
end
$$;
comment on function private.settle_slot is
  'Writes an attempt''s outcome and what follows for the sender: its next slot (returned), a pause. The caller holds the sender''s row.';
revoke execute on function private.settle_slot from public;
