-- What is asked of Wasender in the background: which WhatsApp id a msgId stands for, which number a LID, what its log says.

create or replace function public.claim_chores(p_limit integer) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_messages jsonb;
  v_lids jsonb;
begin
  -- Each is handed out once until its next time, which comes later and later; a message is given up after five.
  perform private.authorize();
  with due as (
    select id from public.whatsapp_messages where info_at is not null and info_at <= now()
     order by info_at limit p_limit for update skip locked
  ), taken as (
    update public.whatsapp_messages m set
      info_attempts = m.info_attempts + 1,
      info_at = case when m.info_attempts < 4 then clock_timestamp() + interval '1 minute' * 6 ^ m.info_attempts end
    from due where due.id = m.id
    returning m.id, m.wasender_id, m.whatsapp_id
  )
  select coalesce(jsonb_agg(jsonb_build_object('id', id, 'wasender_id', wasender_id)), '[]') into v_messages
    from taken where wasender_id is not null and whatsapp_id is null;

  with due as (
    select lid from public.whatsapp_lids where phone_number is null and ask_again_at <= now()
     order by ask_again_at limit p_limit for update skip locked
  ), taken as (
    update public.whatsapp_lids l set
      attempts = l.attempts + 1, updated_at = clock_timestamp(),
      ask_again_at = clock_timestamp() + least(interval '1 day', interval '1 minute' * 4 ^ least(l.attempts, 6))
    from due where due.lid = l.lid
    returning l.lid
  )
  select coalesce(jsonb_agg(lid), '[]') into v_lids from taken;
  return jsonb_build_object('messages', v_messages, 'lids', v_lids, 'unknown', exists (
    select from public.whatsapp_messages where status = 'unknown' and updated_at > now() - interval '1 day'));
end
$$;
comment on function public.claim_chores is
  'Takes what is to be asked of Wasender now. Returns { messages: [{ id, wasender_id }], lids: [lid], unknown }: unknown tells whether a message waits for evidence.';

create or replace function public.record_message_info(p_wasender_id text, p_whatsapp_id text, p_status text) returns void
language plpgsql security definer set search_path = '' as $$
declare
  v_id bigint;
begin
  perform private.authorize();
  select id into v_id from public.whatsapp_messages where wasender_id = p_wasender_id;
  if v_id is null then return; end if;
  perform private.advance_message(v_id, p_status, null, p_whatsapp_id, null);
  perform private.apply_receipts(v_id);
end
$$;
comment on function public.record_message_info is 'Joins the two ids of a message, as GET /messages/{msgId}/info gave them.';

create or replace function public.record_lid(p_lid text, p_phone_number text) returns void
language plpgsql security definer set search_path = '' as $$
begin
  perform private.authorize();
  perform private.lock_keys('customer:' || p_phone_number);
  perform private.learn_lid(p_lid, p_phone_number);
end
$$;
comment on function public.record_lid is 'The number behind a LID: its messages get it, and a reply among them marks the calls.';

create or replace function public.claim_log_read(p_every_ms integer) returns boolean
language plpgsql security definer set search_path = '' as $$
begin
  -- However many people watch: one reader each time.
  perform private.authorize();
  update public.whatsapp_sender set log_due_at = clock_timestamp() + p_every_ms * interval '1 ms'
   where log_due_at <= clock_timestamp();
  return found;
end
$$;
comment on function public.claim_log_read is 'Whether the caller may read Wasender''s message log now.';

create or replace function public.record_log(p_entries jsonb, p_error text default null) returns void
language plpgsql security definer set search_path = '' as $$
declare
  e jsonb;
  v_id bigint;
  v_at timestamptz;
begin
  perform private.authorize();
  update public.whatsapp_sender set
    log_error = p_error, log_ok_at = case when p_error is null then clock_timestamp() else log_ok_at end;
  for e in select jsonb_array_elements(p_entries) loop
    v_at := (e ->> 'created_at')::timestamptz;
    perform private.lock_keys('customer:' || (e ->> 'phone_number'));
    select id into v_id from public.whatsapp_messages where wasender_id = e ->> 'wasender_id';
    if v_id is null then
      -- Evidence for an attempt of unknown outcome, or one typed elsewhere: same number, same words, same time.
      select m.id into v_id from public.whatsapp_messages m
       where m.direction = 'outgoing' and m.wasender_id is null and m.phone_number = e ->> 'phone_number'
         and private.same_words(m.text, e ->> 'text')
         and (exists (select from public.whatsapp_attempts a
                       where a.message_id = m.id and a.outcome is distinct from 'not_sent'
                         and v_at between a.claimed_at - interval '2 minutes' and a.claimed_at + interval '10 minutes')
              or (m.kind = 'manual' and v_at between m.sent_at - interval '2 minutes' and m.sent_at + interval '2 minutes'))
         and m.status in ('sending', 'unknown', 'queued', 'sent', 'delivered', 'read')
       order by m.id limit 1;
    end if;
    if v_id is not null then
      perform private.advance_message(v_id, e ->> 'status', e ->> 'error', null, e ->> 'wasender_id');
      perform private.apply_receipts(v_id);
    elsif e ->> 'phone_number' is not null then
      -- Sent through Wasender by something else.
      insert into public.whatsapp_messages
        (direction, kind, status, phone_number, text, error, wasender_id, message_at, sent_at, call_id)
      values
        ('outgoing', 'manual', e ->> 'status', e ->> 'phone_number', e ->> 'text',
         case when e ->> 'status' = 'failed' then coalesce(e ->> 'error', 'Wasender reported an error without saying which.') end,
         e ->> 'wasender_id', v_at, v_at,
         (select max(id) from public.cloudtalk_calls where phone_number = e ->> 'phone_number'))
      on conflict do nothing;
    end if;
  end loop;
end
$$;
comment on function public.record_log is
  'Merges Wasender''s message log ([{ wasender_id, phone_number, text, status, error, created_at }]), or keeps why it could not be read.';

revoke execute on function public.claim_chores, public.record_message_info, public.record_lid, public.claim_log_read,
  public.record_log from public, anon, authenticated;
grant execute on function public.claim_chores, public.record_message_info, public.record_lid, public.claim_log_read,
  public.record_log to service_role;
