-- What Wasender told us: the webhook, and each of its events, in one transaction.
--
-- p_events are the events of lib/wasender/event.ts: incoming, outgoing (an echo or "message.sent"), status,
-- send_failed, session. Each is idempotent, so that a webhook that comes twice, or under three names, changes nothing.

create or replace function private.mark_bill_received(p_phone_number text) returns void
language sql set search_path = '' as $$
  -- The brief's rule: any reply means that the customer has answered, for all calls of that number.
  update public.cloudtalk_calls
     set electricity_bill_received = true,
         electricity_bill_received_at = coalesce(electricity_bill_received_at, clock_timestamp()),
         updated_at = clock_timestamp()
   where phone_number = p_phone_number and not electricity_bill_received
$$;

create or replace function private.learn_lid(p_lid text, p_phone_number text) returns void
language plpgsql set search_path = '' as $$
begin
  -- From now on the LID stands for this number, also in the messages that came before anybody knew.
  insert into public.whatsapp_lids as l (lid, phone_number) values (p_lid, p_phone_number)
  on conflict (lid) do update set phone_number = excluded.phone_number, updated_at = clock_timestamp()
    where l.phone_number is distinct from excluded.phone_number;
  if not found then return; end if;
  update public.whatsapp_messages set
    phone_number = p_phone_number,
    call_id = coalesce(call_id, (select max(id) from public.cloudtalk_calls where phone_number = p_phone_number))
  where lid = p_lid and phone_number is null;
  if exists (select from public.whatsapp_messages where lid = p_lid and direction = 'incoming') then
    perform private.mark_bill_received(p_phone_number);
  end if;
end
$$;

create or replace function private.apply_incoming(p_event jsonb, p_request_id bigint) returns boolean
language plpgsql set search_path = '' as $$
declare
  v_phone text := p_event ->> 'phone_number';
  v_lid text := p_event ->> 'lid';
  v_old public.whatsapp_messages;
begin
  if v_lid is not null then
    if v_phone is not null then
      perform private.learn_lid(v_lid, v_phone);
    else
      select phone_number into v_phone from public.whatsapp_lids where lid = v_lid;
      if not found then
        insert into public.whatsapp_lids (lid) values (v_lid) on conflict do nothing;
      end if;
    end if;
  end if;

  insert into public.whatsapp_messages
    (direction, kind, status, phone_number, lid, contact_name, type, text, media, whatsapp_id, quoted_whatsapp_id, message_at,
     webhook_request_id, call_id)
  values
    ('incoming', 'incoming', 'received', v_phone, v_lid, p_event ->> 'contact_name', p_event ->> 'type', p_event ->> 'text',
     nullif(p_event -> 'media', 'null'), p_event ->> 'whatsapp_id', p_event ->> 'quoted_whatsapp_id',
     (p_event ->> 'message_at')::timestamptz, p_request_id,
     (select max(id) from public.cloudtalk_calls where phone_number = v_phone))
  on conflict (direction, whatsapp_id) do nothing;
  if found then
    if v_phone is not null then perform private.mark_bill_received(v_phone); end if;
    return true;
  end if;

  -- Known already; another of its events may know more.
  select * into v_old from public.whatsapp_messages
   where direction = 'incoming' and whatsapp_id = p_event ->> 'whatsapp_id' for update;
  if (v_old.phone_number is null and v_phone is not null)
     or (v_old.lid is null and v_lid is not null)
     or (v_old.text is null and p_event ->> 'text' is not null)
     or (v_old.contact_name is null and p_event ->> 'contact_name' is not null)
     or (v_old.media is null and p_event ->> 'media' is not null) then
    update public.whatsapp_messages set
      phone_number = coalesce(phone_number, v_phone),
      lid = coalesce(lid, v_lid),
      text = coalesce(text, p_event ->> 'text'),
      contact_name = coalesce(contact_name, p_event ->> 'contact_name'),
      media = coalesce(media, nullif(p_event -> 'media', 'null')),
      type = case when media is null and p_event ->> 'media' is not null then p_event ->> 'type' else type end,
      call_id = coalesce(call_id, (select max(id) from public.cloudtalk_calls where phone_number = v_phone))
    where id = v_old.id;
    if v_old.phone_number is null and v_phone is not null then perform private.mark_bill_received(v_phone); end if;
    return true;
  end if;
  return false;
end
$$;

create or replace function private.same_words(p_ours text, p_theirs text) returns boolean
language sql immutable set search_path = '' as $$
  -- White space may have been folded on the way, and Wasender's own logs shorten a long text with an ellipsis.
  with w as (
    select btrim(regexp_replace(p_ours, '\s+', ' ', 'g')) as ours, btrim(regexp_replace(p_theirs, '\s+', ' ', 'g')) as theirs
  )
  select coalesce(ours = theirs
    or (theirs ~ '(…|\.\.\.)$' and length(theirs) > 12
        and starts_with(ours, rtrim(regexp_replace(theirs, '(…|\.\.\.)$', '')))), false)
  from w
$$;

create or replace function private.find_by_words(p_phone_number text, p_text text, p_has_wasender_id boolean) returns bigint
language sql stable set search_path = '' as $$
  -- A message of ours that has (or may have) left and that no WhatsApp id was joined to: the oldest that fits, and first
  -- those of which nobody knows yet. One that waits to be sent a second time counts as well: its first attempt may be it.
  select m.id from public.whatsapp_messages m
   where m.direction = 'outgoing' and m.whatsapp_id is null and m.phone_number = p_phone_number
     and (m.wasender_id is null or not p_has_wasender_id)
     and (m.status in ('sending', 'unknown', 'sent', 'delivered', 'read')
          or (m.status = 'queued' and exists (
            select from public.whatsapp_attempts a where a.message_id = m.id and a.outcome = 'unknown')))
     and private.same_words(m.text, p_text)
   order by m.status = 'sending' desc, m.status = 'unknown' desc, m.status = 'queued' desc, m.id
   limit 1
$$;

create or replace function private.apply_outgoing(p_event jsonb, p_request_id bigint) returns boolean
language plpgsql set search_path = '' as $$
declare
  v_phone text := p_event ->> 'phone_number';
  v_whatsapp_id text := p_event ->> 'whatsapp_id';
  v_wasender_id text := p_event ->> 'wasender_id';
  v_id bigint;
begin
  if v_phone is null and p_event ->> 'lid' is not null then
    select phone_number into v_phone from public.whatsapp_lids where lid = p_event ->> 'lid';
  end if;
  if v_phone is not null then perform private.lock_keys('customer:' || v_phone); end if;

  -- Ours by an id; else one to the same number with the same words that has no WhatsApp id yet.
  select id into v_id from public.whatsapp_messages where direction = 'outgoing' and whatsapp_id = v_whatsapp_id;
  if v_id is null then
    select id into v_id from public.whatsapp_messages
     where wasender_id = v_wasender_id and (whatsapp_id is null or v_whatsapp_id is null);
  end if;
  if v_id is null then
    v_id := private.find_by_words(v_phone, p_event ->> 'text', v_wasender_id is not null);
  end if;
  if v_id is not null then
    if not private.advance_message(v_id, p_event ->> 'status', null, v_whatsapp_id, v_wasender_id) then
      return false;
    end if;
    perform private.apply_receipts(v_id);
    return true;
  end if;

  -- Nobody here sent it: it was typed on the phone itself.
  if v_whatsapp_id is null or (v_phone is null and p_event ->> 'lid' is null) then return false; end if;
  insert into public.whatsapp_messages
    (direction, kind, status, phone_number, lid, type, text, media, whatsapp_id, wasender_id, message_at, sent_at,
     webhook_request_id, call_id)
  values
    ('outgoing', 'manual', p_event ->> 'status', v_phone, p_event ->> 'lid', p_event ->> 'type', p_event ->> 'text',
     nullif(p_event -> 'media', 'null'), v_whatsapp_id, v_wasender_id, (p_event ->> 'message_at')::timestamptz,
     coalesce((p_event ->> 'message_at')::timestamptz, clock_timestamp()), p_request_id,
     (select max(id) from public.cloudtalk_calls where phone_number = v_phone))
  on conflict do nothing
  returning id into v_id;
  if v_id is null then return false; end if;
  perform private.apply_receipts(v_id);
  return true;
end
$$;

create or replace function private.apply_status(p_event jsonb) returns boolean
language plpgsql set search_path = '' as $$
declare
  v_whatsapp_id text := p_event ->> 'whatsapp_id';
  v_wasender_id text := p_event ->> 'wasender_id';
  v_id bigint;
begin
  select id into v_id from public.whatsapp_messages where direction = 'outgoing' and whatsapp_id = v_whatsapp_id;
  if v_id is null then
    select id into v_id from public.whatsapp_messages where wasender_id = v_wasender_id;
  end if;
  if v_id is not null then
    if not private.advance_message(v_id, p_event ->> 'status', p_event ->> 'error', v_whatsapp_id, v_wasender_id) then
      return false;
    end if;
    perform private.apply_receipts(v_id);
    return true;
  end if;
  -- The message does not carry this id yet: keep the state until it does. A later one replaces an earlier one.
  if v_whatsapp_id is null then return false; end if;
  insert into public.whatsapp_receipts as r (whatsapp_id, wasender_id, status, error)
  values (v_whatsapp_id, v_wasender_id, p_event ->> 'status', p_event ->> 'error')
  on conflict (whatsapp_id) do update
     set status = excluded.status, error = excluded.error, wasender_id = coalesce(r.wasender_id, excluded.wasender_id)
   where private.status_rank(excluded.status) > private.status_rank(r.status)
      or (r.wasender_id is null and excluded.wasender_id is not null);
  return found;
end
$$;

create or replace function private.apply_send_failed(p_event jsonb) returns boolean
language plpgsql set search_path = '' as $$
declare
  v_id bigint;
begin
  -- Such an event names the number, and nothing else: it is about the last thing that was handed over for it.
  select id into v_id from public.whatsapp_messages
   where direction = 'outgoing' and phone_number = p_event ->> 'phone_number'
     and whatsapp_id is null and status in ('sending', 'unknown', 'sent')
     and updated_at > clock_timestamp() - interval '1 day'
   order by id desc limit 1;
  if v_id is null then return false; end if;
  return private.advance_message(v_id, 'failed', p_event ->> 'error');
end
$$;

create or replace function private.apply_session(p_status text) returns boolean
language plpgsql set search_path = '' as $$
declare
  s public.whatsapp_sender;
begin
  select * into s from public.whatsapp_sender for update;
  update public.whatsapp_sender set session_status = p_status, session_at = clock_timestamp();
  if p_status = 'connected' and s.paused_reason = 'session' then
    update public.whatsapp_sender set paused_at = null, paused_reason = null, paused_message = null, probe_at = null;
  elsif p_status in ('disconnected', 'need_scan', 'need_passkey', 'logged_out', 'expired') and s.paused_at is null then
    update public.whatsapp_sender set
      paused_at = clock_timestamp(), paused_reason = 'session', paused_message = p_status, probe_at = clock_timestamp();
  end if;
  return s.session_status is distinct from p_status;
end
$$;

create or replace function public.record_wasender_webhook(p_request jsonb, p_events jsonb) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  e jsonb;
  v_changed boolean := false;
  v_outcome text;
  v_request_id bigint;
begin
  perform private.authorize();
  perform private.lock_keys(variadic (
    select coalesce(array_agg(k), '{}') from (
      select 'customer:' || (x ->> 'phone_number') from jsonb_array_elements(p_events) x
      union select 'message:' || (x ->> 'whatsapp_id') from jsonb_array_elements(p_events) x
    ) t (k)));
  -- Of messages that were erased nothing is brought back, whoever tells of them, and nothing kept.
  if exists (select from jsonb_array_elements(p_events) x where private.was_erased(x)) then
    p_request := private.without_content(p_request);
    p_events := coalesce((select jsonb_agg(x) from jsonb_array_elements(p_events) x where not private.was_erased(x)), '[]');
  end if;
  v_request_id := private.keep_webhook(p_request, 'accepted', null);
  for e in select jsonb_array_elements(p_events) loop
    v_changed := case e ->> 'kind'
      when 'incoming' then private.apply_incoming(e, v_request_id)
      when 'outgoing' then private.apply_outgoing(e, v_request_id)
      when 'status' then private.apply_status(e)
      when 'send_failed' then private.apply_send_failed(e)
      when 'session' then private.apply_session(e ->> 'status')
    end or v_changed;
  end loop;
  if not v_changed then
    update public.webhook_requests set outcome = 'duplicate'
     where id = v_request_id and p_request #>> '{replay,outcome}' is distinct from 'accepted';
  end if;
  return jsonb_build_object('duplicate', not v_changed);
end
$$;
comment on function public.record_wasender_webhook is
  'Stores a Wasender webhook and applies its events (lib/wasender/event.ts). Returns { duplicate }: true where nothing was new.';

revoke execute on all functions in schema private from public;
revoke execute on function public.record_wasender_webhook from public, anon, authenticated;
grant execute on function public.record_wasender_webhook to service_role;
