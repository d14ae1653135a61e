create or replace function public.claim_message(
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
  -- One claim at a time: the holder of this row's lock decides who sends next. The time is read once the lock is held.
  select * into s from public.whatsapp_sender for update;
  v_now := clock_timestamp();
  perform private.end_leases(v_now);

  if s.paused_at is not null then
    return jsonb_build_object('idle', 'paused', 'wait_ms', null, 'probe', private.take_probe(s, p_fingerprint, v_now));
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

  -- A transaction that holds the customer may be withdrawing the message: then the next one is taken.
  select q.* into m
    from public.whatsapp_messages q join public.conversations c on c.id = q.conversation_id
   where q.status = 'queued' and q.due_at <= v_start
   order by q.priority desc, q.due_at, q.id limit 1 for update of c, q skip locked;
  if m.id is null then
    return jsonb_build_object('idle', 'busy', 'wait_ms', 1000);
  end if;

  update public.whatsapp_messages set
    status = 'sending', attempts = attempts + 1, error_code = null, error = null,
    lease_token = gen_random_uuid(), lease_until = v_start + p_lease_ms * interval '1 ms'
  where id = m.id
  returning * into m;
  insert into public.whatsapp_attempts (message_id, lease_token, claimed_at) values (m.id, m.lease_token, v_now);
  -- The caller has promised to start at v_start, or at most p_start_within_ms after it, or not at all, so this slot is
  -- safe even if it never reports back; settle_message moves it to the real start plus the interval.
  update public.whatsapp_sender set
    slot_token = m.lease_token,
    next_send_at = v_start + (p_interval_ms + p_start_within_ms) * interval '1 ms'
   where id;
  return jsonb_build_object('message', jsonb_build_object(
    'id', m.id, 'lease_token', m.lease_token, 'phone_number', m.phone_number, 'text', m.text, 'attempts', m.attempts,
    'wait_ms', greatest(0, ceil(extract(epoch from v_start - clock_timestamp()) * 1000))));
end
$$;
comment on function public.claim_message is
  'Takes the next message and the send slot. A slot that comes within p_ahead_ms is taken before it does, and wait_ms says when it does. Returns { message: { id, lease_token, phone_number, text, attempts, wait_ms } } or { idle: paused|empty|slot|backoff|busy, wait_ms, probe }.';
revoke execute on function public.claim_message from public, anon, authenticated, service_role;
grant execute on function public.claim_message to anon, service_role;
