-- A claim may be taken a moment before its slot, so that the way to the database and back is not added to every interval.
-- Another name, because two functions of one name could not be told apart where an earlier migration runs again.

drop function if exists public.claim_message(integer, integer, integer, text);
create or replace function public.claim_next_message(
  p_interval_ms integer, p_start_within_ms integer, p_lease_ms integer, p_fingerprint text, p_ahead_ms integer default 0
) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  s public.whatsapp_sender;
  m public.whatsapp_messages;
  v_now timestamptz;
  v_due timestamptz;
  v_start timestamptz;
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
  v_start := greatest(v_due, s.next_send_at, v_now);
  if v_start > v_now + p_ahead_ms * interval '1 ms' then
    return jsonb_build_object('idle', case when s.next_send_at >= v_due then 'slot' else 'backoff' end,
      'wait_ms', ceil(extract(epoch from v_start - v_now) * 1000));
  end if;

  select * into m from public.whatsapp_messages
   where status = 'queued' and due_at <= v_start
   order by priority desc, due_at, id limit 1 for update skip locked;
  if m.id is null then
    return jsonb_build_object('idle', 'busy', 'wait_ms', 1000);
  end if;

  update public.whatsapp_messages set
    status = 'sending', attempts = attempts + 1, error = null,
    lease_token = gen_random_uuid(), lease_until = v_start + p_lease_ms * interval '1 ms'
  where id = m.id
  returning * into m;
  insert into public.whatsapp_attempts (message_id, lease_token, claimed_at) values (m.id, m.lease_token, v_now);

  -- The caller has promised to start at v_start, or at most p_start_within_ms after it, or not at all, so this slot is safe
  -- even if it never reports back; settle_message moves it to the real start plus the interval.
  update public.whatsapp_sender set
    slot_token = m.lease_token,
    next_send_at = v_start + (p_interval_ms + p_start_within_ms) * interval '1 ms';

  return jsonb_build_object('message', jsonb_build_object(
    'id', m.id, 'lease_token', m.lease_token, 'phone_number', m.phone_number, 'text', m.text, 'attempts', m.attempts,
    'wait_ms', greatest(0, ceil(extract(epoch from v_start - clock_timestamp()) * 1000))));
end
$$;
comment on function public.claim_next_message is
  'Takes the next message and the send slot. A slot that comes within p_ahead_ms is taken before it does, and wait_ms says when it does. Returns { message: { id, lease_token, phone_number, text, attempts, wait_ms } } or { idle: paused|empty|slot|backoff|busy, wait_ms }.';

revoke execute on function public.claim_next_message from public, authenticated;
grant execute on function public.claim_next_message to anon, service_role;
