create or replace function public.claim_message(
  p_interval_ms integer, p_start_within_ms integer, p_lease_ms integer, p_fingerprint text, p_ahead_ms integer default 0,
  p_terms jsonb default null, p_check_ms integer default 0
) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  s public.whatsapp_sender;
  m public.whatsapp_messages;
  v_now timestamptz;
  v_due timestamptz;
  v_start timestamptz;
  v_check boolean;
  v_lids_ms integer;
begin
  perform private.authorize();
  -- One claim at a time: the holder of this row's lock decides who sends next. The time is read once the lock is held.
  select * into s from public.whatsapp_sender for update;
  v_now := clock_timestamp();
  perform private.end_leases(v_now);
  perform private.keep_terms(p_terms) where p_terms is not null;

  if s.paused_at is not null then
    return jsonb_build_object('idle', 'paused', 'wait_ms', null, 'probe', private.take_probe(s, p_fingerprint, v_now));
  end if;
  if not exists (select from public.whatsapp_messages where status = 'queued')
     and not exists (select from public.conversations where reminder_at <= v_now) then
    return jsonb_build_object('idle', 'empty', 'wait_ms', null);
  end if;
  v_lids_ms := private.lids_to_resolve(v_now);
  if v_lids_ms is not null then
    return jsonb_build_object('idle', 'lids', 'wait_ms', v_lids_ms);
  end if;

  v_start := greatest(s.next_send_at, v_now);
  if v_start <= v_now + p_ahead_ms * interval '1 ms' then
    m := private.take_sendable(s, v_start);
    if m.id is null then
      m := private.take_reminder(s, v_start);
    end if;
  end if;
  if m.id is null then
    -- From when it looked for one on: what else could go then is locked by somebody who works on its customer.
    v_due := private.next_sendable(s, v_start);
    return case
      when v_due is null then jsonb_build_object(
        'idle', case when exists (select from public.whatsapp_messages where status = 'queued') then 'held' else 'empty' end,
        'wait_ms', null)
      when v_due > v_start then jsonb_build_object(
        'idle', 'backoff', 'wait_ms', ceil(extract(epoch from v_due - v_now) * 1000))
      when v_start > v_now + p_ahead_ms * interval '1 ms' then jsonb_build_object(
        'idle', 'slot', 'wait_ms', ceil(extract(epoch from v_start - v_now) * 1000))
      else jsonb_build_object('idle', 'busy', 'wait_ms', 1000) end;
  end if;
  if m.first_contact and s.restricted_at is null and (private.guard_errors(s) or private.guard_silence(s, v_now)) then
    perform private.restrict(24);
    return jsonb_build_object('idle', 'busy', 'wait_ms', 0);
  end if;

  update public.whatsapp_messages set
    status = 'sending', attempts = attempts + 1, error_code = null, error = null,
    lease_token = gen_random_uuid(), lease_until = v_start + p_lease_ms * interval '1 ms'
  where id = m.id
  returning * into m;
  insert into public.whatsapp_attempts (message_id, lease_token, claimed_at) values (m.id, m.lease_token, v_now);
  v_check := m.first_contact and coalesce((p_terms ->> 'check_numbers')::boolean, false)
    and private.is_on_whatsapp(m.phone_number, v_now) is not true;
  if m.first_contact and s.restricted_at is not null then
    perform private.note_trial(s, m, v_start);
  end if;
  -- The caller has promised to start at v_start, or at most p_start_within_ms after it (and the check), or not at all, so
  -- this slot is safe even if it never reports back; settle_message moves it to the real start plus the interval.
  update public.whatsapp_sender set
    slot_token = m.lease_token,
    next_send_at = v_start + (p_interval_ms + p_start_within_ms + case when v_check then p_check_ms else 0 end) * interval '1 ms'
   where id;
  return jsonb_build_object('message', jsonb_build_object(
    'id', m.id, 'lease_token', m.lease_token, 'phone_number', m.phone_number, 'kind', m.kind, 'text', m.text, 'attempts', m.attempts, 'check', v_check,
    'wait_ms', greatest(0, ceil(extract(epoch from v_start - clock_timestamp()) * 1000))));
end
$$;
comment on function public.claim_message is
  'Takes the next message and the send slot. A slot that comes within p_ahead_ms is taken before it does, and wait_ms says when it does. Returns { message: { id, lease_token, phone_number, kind, text, attempts, check, wait_ms } } or { idle: paused|empty|held|lids|slot|backoff|busy, wait_ms, probe }. check: ask first whether the number is on WhatsApp, at most p_check_ms, then confirm_claim.';
revoke execute on function public.claim_message from public, anon, authenticated, service_role;
grant execute on function public.claim_message to anon, service_role;
