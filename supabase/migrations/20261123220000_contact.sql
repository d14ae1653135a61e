set check_function_bodies = off;

drop index public.whatsapp_messages_due_idx;

alter table public.alerts
  drop constraint "alerts_kind_check";

alter table public.staff_actions
  drop constraint "staff_actions_action_check";

alter table public.whatsapp_messages
  drop constraint "whatsapp_messages_error_code_check";

alter table public.whatsapp_messages
  drop constraint "whatsapp_messages_kind_check";

drop function private.find_conversations(text, text, text, integer);

drop function public.act_on_conversation(text, bigint, text, uuid);

drop function public.claim_message(integer, integer, integer, text, integer);

drop function public.export_conversations(text, text);

drop function public.read_conversations(integer, text, text, text);

create table private.message_kinds (
  kind text primary key,
  automatic boolean not null,
  hours boolean not null,
  guarded boolean not null
);
comment on table private.message_kinds is 'What applies to each kind of outgoing message: see private.hold.';
comment on column private.message_kinds.automatic is 'The program decides to send it: not to somebody who objected, and not while staff are to decide about that.';
comment on column private.message_kinds.hours is 'It goes within the sending hours only.';
comment on column private.message_kinds.guarded is 'Counts as a first contact if the number has never written to us.';
alter table private.message_kinds enable row level security;
revoke all on table private.message_kinds from public;
insert into private.message_kinds (kind, automatic, hours, guarded) values
  ('ask', true, true, true),
  ('reminder', true, true, true),
  ('reply', false, false, false),
  ('confirmation', false, false, false),
  ('manual', false, false, false);

create table private.objection_hashes (
  hash text primary key,
  at timestamptz not null default now()
);
comment on table private.objection_hashes is
  'private.keyed_hash of the numbers and LIDs of people who objected and were erased, so that they are not asked again.';
alter table private.objection_hashes enable row level security;
revoke all on table private.objection_hashes from public;

create table private.terms (
  id boolean primary key default true,
  terms jsonb not null default '{}',
  updated_at timestamptz not null default now(),
  constraint terms_id_check check (id)
);
comment on table private.terms is
  'One row: what the database needs of the environment (lib/terms.ts: hours, cap, texts), since the clock there has none. Written by whichever function finds it different.';
alter table private.terms enable row level security;
revoke all on table private.terms from public;
insert into private.terms default values;

create table public.objections (
  id bigint generated always as identity primary key,
  conversation_id bigint not null,
  addresses text[] not null,
  at timestamptz not null default clock_timestamp(),
  by text not null,
  reason text,
  message_id bigint,
  lifted_at timestamptz,
  lifted_by text,
  lifted_reason text
);
comment on table public.objections is
  'Who must not be written to by the program any more. Lifted by staff only; survives an erasure as private.objection_hashes.';
comment on column public.objections.addresses is 'The customer''s numbers and LIDs at that time.';
comment on column public.objections.by is '"customer", or who of the staff.';
comment on column public.objections.reason is 'What staff wrote down; null if the customer''s message says it.';
create index objections_conversation_id_idx on public.objections (conversation_id, id desc);
create index objections_message_id_idx on public.objections (message_id);
alter table public.objections enable row level security;
revoke all on table public.objections from public, anon, authenticated, service_role;
grant select, insert, update, delete on table public.objections to service_role;
revoke all on sequence public.objections_id_seq from public, anon, authenticated, service_role;

alter table public.conversation_numbers
  add column "written_at" timestamp with time zone;

alter table public.conversation_numbers
  add column "on_whatsapp" boolean;

alter table public.conversation_numbers
  add column "checked_at" timestamp with time zone;

alter table public.conversations
  add column "objected_at" timestamp with time zone;

alter table public.conversations
  add column "objected_by" text;

alter table public.conversations
  add column "objection_reason" text;

alter table public.conversations
  add column "objection_asked_at" timestamp with time zone;

alter table public.staff_actions
  add column "reason" text;

alter table public.whatsapp_messages
  add column "queued_at" timestamp with time zone;

alter table public.whatsapp_messages
  add column "free_until" timestamp with time zone;

alter table public.whatsapp_messages
  add column "first_contact" boolean not null default false;

alter table public.whatsapp_messages
  add column "in_hours" boolean not null default false;

alter table public.whatsapp_receipts
  add column "code" text;

alter table public.whatsapp_sender
  add column "restricted_at" timestamp with time zone;

alter table public.whatsapp_sender
  add column "restricted_until" timestamp with time zone;

alter table public.whatsapp_sender
  add column "trial_at" timestamp with time zone;

alter table public.whatsapp_sender
  add column "trial_message_id" bigint;

alter table public.whatsapp_sender
  add column "trial_conversation_id" bigint;

alter table public.whatsapp_sender
  add column "trials" integer not null default 0;

alter table public.whatsapp_sender
  add column "guarded_from" timestamp with time zone not null default now();

alter table public.whatsapp_sender
  add column "resumed_at" timestamp with time zone;

create type private.hold as (
  reason text,
  until timestamptz,
  final boolean
);
comment on type private.hold is
  'Why a message waits: a reason and until when (null if a person must act); or, final, why it must not go at all.';

alter type private.incoming add attribute "objection" text cascade;

-- In the order in which a cursor has them.
alter type private.pending
  add attribute lights_at timestamptz cascade,
  add attribute first_contacts bigint cascade,
  add attribute answered bigint cascade,
  add attribute undelivered bigint cascade;

create or replace function private.advance_message(
  p_message_id bigint, p_status text, p_error_code text default null, p_error text default null,
  p_whatsapp_id text default null, p_wasender_id text default null
) returns boolean
language plpgsql set search_path = '' as $$
declare
  m public.whatsapp_messages;
  t public.whatsapp_messages;
  v_status text;
begin
  select * into m from public.whatsapp_messages where id = p_message_id for update;
  for t in
    select * from public.whatsapp_messages
     where direction = 'outgoing' and id <> m.id and (whatsapp_id = p_whatsapp_id or wasender_id = p_wasender_id) for update
  loop
    if t.kind = 'manual' and m.kind <> 'manual' then
      -- Its echo was taken for one typed on the phone: the two are one. The id is proof, also under a LID, or under
      -- another number (WhatsApp knows Mexican mobiles by an older form).
      delete from public.whatsapp_messages where id = t.id;
      if t.phone_number is null and m.phone_number is not null then
        perform private.learn_lid(t.lid, m.phone_number);
      elsif t.conversation_id <> m.conversation_id then
        perform private.merge_customers(
          greatest(t.conversation_id, m.conversation_id), least(t.conversation_id, m.conversation_id));
      end if;
      p_whatsapp_id := coalesce(p_whatsapp_id, t.whatsapp_id);
      p_wasender_id := coalesce(p_wasender_id, t.wasender_id);
      if private.status_rank(t.status) between private.status_rank(p_status) + 1 and 5 then p_status := t.status; end if;
      -- Learning whose it is may have joined more to it.
      select * into m from public.whatsapp_messages where id = m.id;
    else
      -- The id is another message's.
      if t.whatsapp_id = p_whatsapp_id then p_whatsapp_id := null; end if;
      if t.wasender_id = p_wasender_id then p_wasender_id := null; end if;
    end if;
  end loop;
  v_status := private.next_status(m.status, p_status);
  if v_status = m.status
     and (p_whatsapp_id is null or m.whatsapp_id is not null)
     and (p_wasender_id is null or m.wasender_id is not null) then
    return false;
  end if;
  if m.status = 'cancelled' and v_status <> 'cancelled' and m.kind = 'ask' then
    -- It was sent all the same. Another one of its call is not needed; if that has left too, the call has only that
    -- one.
    update public.whatsapp_messages set status = 'cancelled', cancelled_by = 'decision', error_code = 'duplicate_call'
     where call_id = m.call_id and kind = 'ask' and status = 'queued';
    if exists (select from public.whatsapp_messages where call_id = m.call_id and kind = 'ask' and status <> 'cancelled') then
      m.call_id := null;
    end if;
  end if;
  update public.whatsapp_messages set
    status = v_status,
    call_id = m.call_id,
    cancelled_by = case when v_status = 'cancelled' then cancelled_by end,
    error_code = case when v_status = m.status then error_code when v_status = 'failed' then coalesce(p_error_code, 'delivery_failed') end,
    error = case when v_status = m.status then error when v_status = 'failed' then p_error end,
    whatsapp_id = coalesce(whatsapp_id, p_whatsapp_id),
    wasender_id = coalesce(wasender_id, p_wasender_id),
    info_at = case when coalesce(whatsapp_id, p_whatsapp_id) is null and v_status <> 'failed' then
      coalesce(info_at, case when info_attempts = 0 then clock_timestamp() + interval '30 seconds' end) end,
    sent_at = case when v_status in ('sent', 'delivered', 'read') then coalesce(sent_at, clock_timestamp()) else sent_at end,
    delivered_at = case when v_status in ('delivered', 'read') then coalesce(delivered_at, clock_timestamp()) else delivered_at end,
    read_at = case when v_status = 'read' then coalesce(read_at, clock_timestamp()) else read_at end
  where id = p_message_id;
  if v_status = 'failed' and m.status <> 'failed' then
    perform private.guard_failure(m, p_error_code);
  elsif v_status in ('delivered', 'read') then
    perform private.guard_delivery(m);
  end if;
  return true;
end
$$;
comment on function private.advance_message is
  'Evidence about a message that has left: its ids, and a state that may only move forward. Returns whether anything changed. The caller holds the keys of the ids and the customers of the messages that carry them.';
revoke execute on function private.advance_message from public;

create or replace function private.apply_incoming(p_events jsonb, p_request_id bigint) returns boolean
language plpgsql set search_path = '' as $$
declare
  v_events private.incoming[] := private.identify_incoming(p_events, p_request_id);
  v_changed boolean := false;
  a record;
  v_event private.incoming;
begin
  for a in
    with stored as (
      insert into public.whatsapp_messages
        (conversation_id, direction, kind, status, phone_number, lid, contact_name, type, text, media, whatsapp_id,
         quoted_whatsapp_id, message_at, webhook_request_id, call_id)
      select e.conversation_id, 'incoming', 'incoming', 'received', e.phone_number, e.lid, e.contact_name, e.type, e.text, e.media,
        e.whatsapp_id, e.quoted_whatsapp_id, e.message_at, p_request_id, private.last_call(e.conversation_id)
      from (select x.*, private.customer_of(coalesce(x.phone_number, x.lid)) as conversation_id
              from unnest(v_events) with ordinality x where x.id is null) e
      order by e.ordinality
      returning conversation_id, coalesce(message_at, 'infinity') as at
    ), completed as (
      -- Stored already; this event knows more.
      update public.whatsapp_messages m set
        phone_number = coalesce(m.phone_number, e.phone_number),
        lid = coalesce(m.lid, e.lid),
        text = coalesce(m.text, e.text),
        contact_name = coalesce(m.contact_name, e.contact_name),
        media = coalesce(m.media, e.media),
        webhook_request_id = case when m.media is null and e.media is not null then p_request_id else m.webhook_request_id end,
        type = case when m.media is null and e.media is not null then e.type else m.type end,
        call_id = coalesce(m.call_id, private.last_call(m.conversation_id))
      from unnest(v_events) e
      where m.id = e.id and e.says_more
      returning m.conversation_id, coalesce(m.message_at, e.message_at, m.created_at) as at
    )
    select conversation_id, max(at) as at from (table stored union all table completed) answers group by conversation_id
  loop
    perform private.mark_answered(a.conversation_id, a.at);
    v_changed := true;
  end loop;
  perform private.note_written(array(select distinct phone_number from unnest(v_events) where phone_number is not null));
  if exists (
    select from unnest(v_events) e join public.conversations c on c.id = private.customer_of(coalesce(e.phone_number, e.lid))
     where e.objection is not null or c.objected_at is not null) then
    -- One after the other: a bill after an objection means something else than one before it.
    foreach v_event in array v_events loop
      perform private.apply_objection(v_event) where v_event.id is null or v_event.objection is not null;
    end loop;
  end if;
  if exists (select from unnest(v_events) where repeats_media) then
    -- The webhook that brought a file keeps what leads to it; a repeat need not.
    perform private.forget_media_keys(p_request_id, array(select media from unnest(v_events) where repeats_media));
  end if;
  return v_changed;
end
$$;
comment on function private.apply_incoming is
  'Stores what customers have written, in the events'' order, each message once; all of them at once, because a webhook may bring thousands. No two of the events are of the same message.';
revoke execute on function private.apply_incoming from public;

create or replace function private.apply_objection(e private.incoming) returns void
language plpgsql set search_path = '' as $$
declare
  c public.conversations;
begin
  select * into c from public.conversations where id = private.customer_of(coalesce(e.phone_number, e.lid));
  if e.objection = 'objects' and c.objected_at is null then
    perform private.set_objection(c.id, 'customer', null, (
      select id from public.whatsapp_messages where direction = 'incoming' and whatsapp_id = e.whatsapp_id));
    perform private.confirm_objection(c.id);
  elsif e.objection = 'staff' and c.objected_at is null
    -- Never lifted by itself: a bill, or "inizia", asks staff.
    or c.objected_at is not null and (e.type in ('image', 'document')
      or lower(e.text) ~ '^\W*((sì|si|ok)\W+)?(start|inizia|iniziare|iniziate|inizi|riprendi|riprendere|riprendete)\W*$') then
    update public.conversations set objection_asked_at = clock_timestamp() where id = c.id and objection_asked_at is null;
  end if;
end
$$;
comment on function private.apply_objection is
  'What a customer''s message means for automatic messages: lib/objection.ts has read it.';
revoke execute on function private.apply_objection from public;

create or replace function private.apply_receipts(p_message_id bigint) returns void
language plpgsql set search_path = '' as $$
declare
  m public.whatsapp_messages;
  r public.whatsapp_receipts;
begin
  select * into m from public.whatsapp_messages where id = p_message_id;
  for r in
    delete from public.whatsapp_receipts
     where whatsapp_id = m.whatsapp_id or wasender_id = m.wasender_id
    returning *
  loop
    perform private.advance_message(m.id, r.status, coalesce(r.code, 'delivery_failed'), r.error, r.whatsapp_id, r.wasender_id);
  end loop;
end
$$;
comment on function private.apply_receipts is
  'Applies states that came before the message had its ids.';
revoke execute on function private.apply_receipts from public;

create or replace function private.apply_status(p_event jsonb) returns boolean
language plpgsql set search_path = '' as $$
declare
  v_whatsapp_id text := p_event ->> 'whatsapp_id';
  v_wasender_id text := p_event ->> 'wasender_id';
  v_id bigint := private.find_by_ids(v_whatsapp_id, v_wasender_id);
  v_kept boolean;
begin
  if v_id is not null then
    if not private.advance_message(
      v_id, p_event ->> 'status', coalesce(p_event ->> 'code', 'delivery_failed'), p_event ->> 'error', v_whatsapp_id, v_wasender_id) then
      return false;
    end if;
    perform private.apply_receipts(v_id);
    return true;
  end if;
  -- The message does not carry this id yet: keep the state until it does. A later one replaces an earlier one.
  if v_whatsapp_id is null then return false; end if;
  insert into public.whatsapp_receipts as r (whatsapp_id, wasender_id, status, code, error)
  values (v_whatsapp_id, v_wasender_id, p_event ->> 'status', p_event ->> 'code', p_event ->> 'error')
  on conflict (whatsapp_id) do update
     set status = excluded.status, code = excluded.code, error = excluded.error, wasender_id = coalesce(r.wasender_id, excluded.wasender_id)
   where private.status_rank(excluded.status) > private.status_rank(r.status)
      or (r.wasender_id is null and excluded.wasender_id is not null);
  v_kept := found;
  -- If the two ids were being joined with an earlier state, the insert has waited for that.
  v_id := private.find_by_ids(v_whatsapp_id, v_wasender_id);
  if v_id is not null then
    perform private.lock_customers('{}', array(select conversation_id from public.whatsapp_messages where id = v_id));
    perform private.apply_receipts(v_id);
  end if;
  return v_kept;
end
$$;
revoke execute on function private.apply_status from public;

create or replace function private.ask_reason(c public.cloudtalk_calls, p_ask jsonb) returns text
language plpgsql stable set search_path = '' as $$
declare
  v_customer bigint := private.customer_of(c.phone_number);
begin
  return case
    when c.phone_number is null then 'no_phone_number'
    when private.has_objected(c.phone_number) then 'objection'
    when not c.stated_should_send then 'payload_says_no'
    -- The text refers to the conversation on the telephone.
    when not c.talked then 'nobody_talked'
    when not coalesce((p_ask ->> 'after_bill')::boolean, false) and (coalesce(c.stated_bill_received, false)
      or exists (select from public.conversations b where b.id = v_customer and b.bill_at is not null))
      then 'bill_already_received'
    -- "Come da nostra conversazione telefonica" of yesterday would surprise. A call that was to be asked stays so, and
    -- one that was too old does not become younger.
    when not coalesce(c.should_send, false) and (coalesce(c.should_send_reason = 'too_old', false)
      or coalesce(least(coalesce(c.call_end_time, c.call_start_time), (p_ask ->> 'heard_at')::timestamptz), '-infinity')
         < clock_timestamp() - (p_ask ->> 'within_hours')::numeric * interval '1 hour')
      then 'too_old'
    when exists (
      select from public.whatsapp_messages a
       where a.conversation_id = v_customer and a.kind = 'ask' and a.call_id is distinct from c.id
         and a.status not in ('failed', 'cancelled')
         and coalesce(a.sent_at, a.created_at)
           > clock_timestamp() - (p_ask ->> 'cooldown_hours')::numeric * interval '1 hour')
      then 'asked_recently'
    else 'eligible' end;
end
$$;
comment on function private.ask_reason is
  'Whether a call''s customer may be asked for the bills now: eligible, or why not. The only place that decides it; p_ask as in record_cloudtalk_webhook.';
revoke execute on function private.ask_reason from public;

create or replace function private.cap_until(p_at timestamptz, p_terms jsonb) returns timestamptz
language plpgsql stable set search_path = '' as $$
declare
  v_cap integer := (p_terms ->> 'first_contacts_per_day')::integer;
  v_day timestamptz := date_trunc('day', p_at, 'Europe/Rome');
begin
  if v_cap is null then
    return null;
  end if;
  -- An index each. What may have been sent counts too.
  if v_cap > (select count(*) from public.whatsapp_messages where first_contact and sent_at >= v_day)
    + (select count(*) from public.whatsapp_messages where status = 'sending' and first_contact and sent_at is null)
    + (select count(*) from public.whatsapp_messages
        where status = 'unknown' and first_contact and sent_at is null and updated_at >= v_day) then
    return null;
  end if;
  return private.next_open((date_trunc('day', p_at at time zone 'Europe/Rome') + interval '1 day') at time zone 'Europe/Rome', p_terms);
end
$$;
comment on function private.cap_until is
  'When the next first contact may go if today''s (Europe/Rome) are used up; null if there are some left.';
revoke execute on function private.cap_until from public;

create or replace function private.confirm_objection(p_conversation_id bigint) returns void
language plpgsql set search_path = '' as $$
declare
  o public.objections;
  v_phone text;
  v_text text;
begin
  select * into o from public.objections where conversation_id = p_conversation_id order by id desc limit 1;
  -- Not days later, if the number becomes known then, or if WhatsApp brings an old message again.
  if o."by" is distinct from 'customer' or o.lifted_at is not null or o.at < clock_timestamp() - interval '1 day' or exists (
    select from public.whatsapp_messages
     where id = o.message_id and coalesce(message_at, created_at) < clock_timestamp() - interval '1 day') then
    return;
  end if;
  v_phone := private.reply_number(p_conversation_id);
  select case when terms ? 'objection_reply' then terms ->> 'objection_reply'
    else 'Va bene, non riceverà altri messaggi automatici da noi.' end into v_text from private.terms;
  if v_phone is not null and v_text is not null and not exists (
    select from public.whatsapp_messages where conversation_id = p_conversation_id and kind = 'confirmation') then
    insert into public.whatsapp_messages (conversation_id, direction, kind, status, phone_number, text, priority, due_at)
    values (p_conversation_id, 'outgoing', 'confirmation', 'queued', v_phone, v_text, 20, clock_timestamp());
  end if;
end
$$;
comment on function private.confirm_objection is
  'The one message that says that an objection was understood, once a customer, as soon as there is a number to write to.';
revoke execute on function private.confirm_objection from public;

create or replace function private.conversation_counts() returns jsonb
language plpgsql stable set search_path = '' as $$
begin
  return (
    select jsonb_build_object('all', count(*), 'waiting', count(*) filter (where state = 'waiting'),
      'answered', count(*) filter (where state = 'answered'), 'bill', count(*) filter (where state = 'bill'),
      'error', count(*) filter (where state = 'error'), 'check', count(*) filter (where state = 'check'),
      -- Few, with an index of their own.
      'objection', (
        select count(*) from public.conversations
         where merged_into is null and (objected_at is not null or objection_asked_at is not null)),
      'unread', coalesce(sum(unread), 0))
    from public.conversations where merged_into is null);
end
$$;
revoke execute on function private.conversation_counts from public;

create or replace function private.decide_waiting(m public.whatsapp_messages) returns public.whatsapp_messages
language plpgsql set search_path = '' as $$
declare
  t jsonb := (select terms -> 'ask' from private.terms);
  k public.cloudtalk_calls;
  v_reason text;
begin
  if m.kind = 'ask' then
    select * into k from public.cloudtalk_calls where id = m.call_id;
    v_reason := case when k.id is null then 'eligible' else private.ask_reason(k, t) end;
    if v_reason <> 'eligible' then
      perform private.withdraw(m.id, v_reason);
      m.status := 'cancelled';
      return m;
    end if;
    if m.text <> t ->> 'text' then
      update public.whatsapp_messages set text = t ->> 'text' where id = m.id returning * into m;
    end if;
  end if;
  if m.first_contact and exists (
    select from public.conversation_numbers
     where address = m.phone_number and not on_whatsapp and checked_at > clock_timestamp() - interval '90 days') then
    update public.whatsapp_messages set status = 'failed', error_code = 'not_on_whatsapp', error = null where id = m.id
    returning * into m;
  end if;
  return m;
end
$$;
comment on function private.decide_waiting is
  'A message that is to be sent now is decided anew, and an ask gets the text of now; returns it, queued still or not.';
revoke execute on function private.decide_waiting from public;

create or replace function private.easter(p_year integer) returns date
language plpgsql immutable set search_path = '' as $$
declare
  v_century constant integer := p_year / 100;
  -- How far the moon is in its 19 years' cycle, and the days from 21 March to the full moon.
  v_golden constant integer := p_year % 19;
  v_epact constant integer :=
    (v_century - v_century / 4 - (v_century - (v_century - 17) / 25) / 3 + 19 * v_golden + 15) % 30;
  v_moon constant integer := v_epact - (v_epact + v_golden / 11) / 29;
  v_weekday constant integer := (p_year + p_year / 4 + v_moon + 2 - v_century + v_century / 4) % 7;
begin
  return make_date(p_year, 3, 28) + v_moon - v_weekday;
end
$$;
comment on function private.easter is
  'Easter Sunday of a year of the Gregorian calendar (Oudin''s method).';
revoke execute on function private.easter from public;

create or replace function private.end_restriction() returns void
language plpgsql set search_path = '' as $$
begin
  update public.whatsapp_sender set
    restricted_at = null, restricted_until = null, trial_at = null, trial_message_id = null, trial_conversation_id = null,
    trials = 0, guarded_from = clock_timestamp(), resumed_at = null
  where id;
  perform nextval('private.changes');
end
$$;
comment on function private.end_restriction is
  'First contacts go again: one of them was delivered, or staff say so.';
revoke execute on function private.end_restriction from public;

create or replace function private.erase_remarks(e private.erasures) returns void
language plpgsql set search_path = '' as $$
declare
  v_patterns text[] := private.erasure_patterns(e) || array(
    select '(^|[^[:alnum:]])' || regexp_replace(n, '([^[:alnum:][:space:]])', '\\\1', 'g') || '($|[^[:alnum:]])'
      from unnest(e.names) n where length(n) >= 3);
  r record;
begin
  update public.whatsapp_sender set
    paused_message = case when paused_message ~* any (v_patterns) is not true then paused_message end,
    paused_fingerprint = case when paused_fingerprint ~* any (v_patterns) is not true then paused_fingerprint end,
    session_status = case when session_status ~* any (v_patterns) is not true then session_status end,
    reconcile_error = case when reconcile_error ~* any (v_patterns) is not true then reconcile_error end
   where id;
  update public.alerts set detail = null where detail ~* any (v_patterns);
  -- Staff's words about another customer may name this one.
  update public.objections set
    reason = case when reason ~* any (v_patterns) is not true then reason end,
    lifted_reason = case when lifted_reason ~* any (v_patterns) is not true then lifted_reason end
  where concat_ws(' ', reason, lifted_reason) ~* any (v_patterns);
  update public.conversations set objection_reason = null where objection_reason ~* any (v_patterns);
  update public.staff_actions set reason = null where reason ~* any (v_patterns);
  update public.staff_actions set
    from_status = case when from_status ~* any (v_patterns) is not true then from_status end,
    to_status = case when to_status ~* any (v_patterns) is not true then to_status end
  where conversation_id is null and concat_ws(' ', from_status, to_status) ~* any (v_patterns);
  update public.whatsapp_receipts set error = null where error ~* any (v_patterns);
  -- What this product's first version has left.
  for r in
    select c.oid::regclass as name from pg_catalog.pg_class c
     where c.relkind = 'r' and c.relnamespace = to_regnamespace('first_version') and c.relname <> 'staff'
  loop
    execute format('delete from %s t where %s ~ any ($1)', r.name, private.all_words(r.name)) using private.erasure_patterns(e);
  end loop;
end
$$;
comment on function private.erase_remarks is
  'Removes a customer from words of Wasender''s or CloudTalk''s that were kept for staff to read, and from what is no longer read.';
revoke execute on function private.erase_remarks from public;

create or replace function private.feed_conversation(c public.conversations) returns jsonb
language plpgsql stable set search_path = '' as $$
begin
  return jsonb_build_object(
    'id', c.id, 'phone_number', private.phone_of(c.id), 'name', c.name, 'state', c.state,
    'last', (select jsonb_build_object('direction', l.direction, 'type', l.type, 'text', left(l.text, 200), 'status', l.status)
               from public.whatsapp_messages l where l.id = c.last_message_id),
    'last_at', c.last_at, 'unread', c.unread, 'bill_at', c.bill_at, 'bill_by', c.bill_by, 'merged_into', c.merged_into,
    'objection', case when c.objected_at is not null then
      jsonb_build_object('at', c.objected_at, 'by', c.objected_by, 'reason', c.objection_reason) end,
    'objection_asked', c.objection_asked_at is not null);
end
$$;
comment on function private.feed_conversation is
  'A customer as the monitor gets it (FeedConversation in lib/supabase/monitor/feed.ts).';
revoke execute on function private.feed_conversation from public;

create or replace function private.feed_hold(m public.whatsapp_messages) returns jsonb
language plpgsql stable set search_path = '' as $$
declare
  s public.whatsapp_sender;
  h private.hold;
begin
  if m.status <> 'queued' then
    return null;
  end if;
  select * into s from public.whatsapp_sender;
  h := private.hold(m, now(), s);
  return case when h.reason is not null then jsonb_build_object('reason', h.reason, 'until', h.until) end;
end
$$;
comment on function private.feed_hold is
  'Why a queued message waits, as the monitor gets it: { reason, until } | null.';
revoke execute on function private.feed_hold from public;

create or replace function private.feed_hours() returns jsonb
language plpgsql stable set search_path = '' as $$
declare
  v_next timestamptz := private.next_open(now(), (select terms from private.terms));
begin
  return jsonb_build_object('open', coalesce(v_next = now(), false), 'next_at', nullif(v_next, now()));
end
$$;
comment on function private.feed_hours is
  'The sending hours as the monitor gets them: { open, next_at }; next_at is null while they are open, or if they never open.';
revoke execute on function private.feed_hours from public;

create or replace function private.feed_message(m public.whatsapp_messages) returns jsonb
language plpgsql stable set search_path = '' as $$
begin
  return jsonb_build_object(
    'id', m.id, 'conversation_id', m.conversation_id, 'direction', m.direction, 'kind', m.kind,
    'phone_number', m.phone_number, 'contact_name', m.contact_name, 'type', m.type, 'text', m.text, 'status', m.status,
    'error_code', m.error_code, 'error', m.error, 'author', m.author, 'hold', private.feed_hold(m),
    'media', case when m.media is not null then jsonb_build_object(
      -- For staff, a deleted file is one that is not available.
      'state', case m.media_state when 'deleted' then 'failed' else m.media_state end,
      'file_name', coalesce(m.media ->> 'fileName', m.media ->> 'title'),
      'mime_type', coalesce(m.media_mime_type, m.media ->> 'mimetype'),
      'size', coalesce(to_jsonb(m.media_size), m.media -> 'fileLength'),
      'pages', coalesce(to_jsonb(m.media_pages), m.media -> 'pageCount'),
      'error', case m.media_state when 'deleted' then 'deleted' else m.media_error end) end,
    'message_at', coalesce(m.message_at, m.sent_at), 'created_at', m.created_at, 'updated_at', m.updated_at, 'call_id', m.call_id);
end
$$;
comment on function private.feed_message is
  'A message as the monitor gets it (FeedMessage in lib/supabase/monitor/feed.ts).';
revoke execute on function private.feed_message from public;

-- As it was, but for the words that the index has.
create or replace function private.find_conversations(
  p_state text, p_q text, p_before text, p_limit integer, p_objection boolean default null, p_undelivered boolean default null
)
returns setof public.conversations
language plpgsql stable set search_path = '' as $$
declare
  v_at timestamptz := timestamptz 'infinity';
  v_id bigint := 0;
  v_q text := nullif(btrim(p_q), '');
  v_like text;
  v_digits text;
  v_words tsquery;
begin
  begin
    if p_before is not null then
      v_at := split_part(p_before, '~', 1)::timestamptz;
      v_id := split_part(p_before, '~', 2)::bigint;
    end if;
  exception when data_exception then
    raise invalid_parameter_value using message = 'invalid page';
  end;
  if v_q is null then
    return query
      select c.* from public.conversations c
       where c.merged_into is null and (p_state is null or c.state = p_state)
       and (p_objection is null or (c.objected_at is not null or c.objection_asked_at is not null) = p_objection)
       and (p_undelivered is null or exists (
         select from public.whatsapp_messages m
          where m.conversation_id = c.id and m.status = 'sent'
            and m.sent_at between now() - interval '30 days' and now() - interval '48 hours') = p_undelivered)
       and (c.last_at, c.id) < (v_at, v_id)
       order by c.last_at desc, c.id desc limit p_limit;
    return;
  end if;
  v_like := '%' || replace(replace(replace(v_q, '\', '\\'), '%', '\%'), '_', '\_') || '%';
  v_digits := regexp_replace(v_q, '[^0-9]', '', 'g');
  select to_tsquery('simple', string_agg(quote_literal(w) || ':*', ' & ')) into v_words
    from regexp_split_to_table(lower(v_q), '[^[:alnum:]]+') w where w <> '';
  return query
    select c.* from public.conversations c
     where c.merged_into is null and (p_state is null or c.state = p_state)
       and (p_objection is null or (c.objected_at is not null or c.objection_asked_at is not null) = p_objection)
       and (p_undelivered is null or exists (
         select from public.whatsapp_messages m
          where m.conversation_id = c.id and m.status = 'sent'
            and m.sent_at between now() - interval '30 days' and now() - interval '48 hours') = p_undelivered)
       and (c.last_at, c.id) < (v_at, v_id)
       and (c.name ilike v_like
            or (length(v_digits) >= 3 and v_q !~ '[[:alpha:]]' and c.id in (
              select n.conversation_id from public.conversation_numbers n where n.address like '+%' || v_digits || '%'))
            or c.id in (select m.conversation_id from public.whatsapp_messages m
                         where to_tsvector('simple', left(coalesce(m.text, ''), 65536)) @@ v_words))
     order by c.last_at desc, c.id desc limit p_limit;
end
$$;
comment on function private.find_conversations is
  'Customers by state and search, who object or are to be decided about (p_objection), to whom something was sent that never arrived (p_undelivered, as the light counts: private.with_lights).';
revoke execute on function private.find_conversations from public;

create or replace function private.forget_trial(p_message_id bigint) returns void
language plpgsql set search_path = '' as $$
begin
  update public.whatsapp_sender set
    trials = trials - 1,
    trial_at = case when trials > 1 then trial_at end,
    trial_message_id = null,
    trial_conversation_id = case when trials > 1 then trial_conversation_id end
  where id and trial_message_id = p_message_id;
end
$$;
comment on function private.forget_trial is
  'What was to be tried was not sent: it has shown nothing. The caller holds the sender''s row.';
revoke execute on function private.forget_trial from public;

create or replace function private.guard_delivery(m public.whatsapp_messages) returns void
language plpgsql set search_path = '' as $$
begin
  if m.first_contact then
    -- Not waited for, as in guard_failure. That it was read is told next.
    perform from public.whatsapp_sender
     where coalesce(restricted_at, resumed_at) <= coalesce(m.sent_at, clock_timestamp()) for update skip locked;
    if found then
      perform private.end_restriction();
    end if;
  end if;
end
$$;
comment on function private.guard_delivery is
  'A message was delivered: if it is one that was tried while the number is restricted, that is over.';
revoke execute on function private.guard_delivery from public;

create or replace function private.guard_errors(s public.whatsapp_sender) returns boolean
language plpgsql stable set search_path = '' as $$
begin
  return exists (
    select from public.whatsapp_messages where error_code = 'restricted' and sent_at > s.guarded_from
  ) or (
    select count(*) = 3 and bool_and(l.status = 'failed')
      from (select status from public.whatsapp_messages
             where first_contact and sent_at > s.guarded_from
               -- One that is still under way says nothing.
               and status in ('failed', 'delivered', 'read')
             order by sent_at desc limit 3) l);
end
$$;
comment on function private.guard_errors is
  'One error 463, or three errors in a row on first contacts, since staff have resumed or a trial has arrived.';
revoke execute on function private.guard_errors from public;

create or replace function private.guard_failure(m public.whatsapp_messages, p_code text) returns void
language plpgsql set search_path = '' as $$
declare
  s public.whatsapp_sender;
  v_sent timestamptz := coalesce(m.sent_at, clock_timestamp());
begin
  -- Its lock comes before those that are held here: whoever has it is not waited for, and the next claim sees the failure.
  select * into s from public.whatsapp_sender for update skip locked;
  -- What was sent before is known: staff have resumed since, or it is restricted already.
  if s.id is null or v_sent < coalesce(s.restricted_at, s.guarded_from) then
    return;
  elsif s.restricted_at is not null then
    if m.first_contact then
      perform private.restrict(72);
    end if;
  elsif p_code = 'restricted' or (m.first_contact and (s.resumed_at is not null or private.guard_errors(s))) then
    perform private.restrict(24);
  end if;
end
$$;
comment on function private.guard_failure is
  'A message that Wasender had accepted failed: one error 463, or three first contacts in a row, restrict the number for 24 hours, as does one after staff have resumed; one that is tried while it is restricted, for 72.';
revoke execute on function private.guard_failure from public;

create or replace function private.guard_silence(s public.whatsapp_sender, p_at timestamptz) returns boolean
language plpgsql stable set search_path = '' as $$
declare
  v_lost integer;
  v_since timestamptz;
begin
  select count(*) filter (where l.delivered_at is null), min(l.sent_at) into v_lost, v_since
    from (select delivered_at, sent_at from public.whatsapp_messages
           where first_contact and sent_at > s.guarded_from and sent_at < p_at - interval '30 minutes'
           order by sent_at desc limit 10) l
  having count(*) = 10;
  return coalesce(v_lost >= 8, false) and exists (
    select from public.whatsapp_messages
     where not first_contact and direction = 'outgoing' and delivered_at > v_since and sent_at > v_since);
end
$$;
comment on function private.guard_silence is
  'Of the last ten first contacts older than thirty minutes eight were not delivered, while other messages were.';
revoke execute on function private.guard_silence from public;

create or replace function private.has_objected(p_address text) returns boolean
language plpgsql stable set search_path = '' as $$
declare
  v_customer bigint := private.customer_of(p_address);
begin
  if v_customer is not null then
    return exists (select from public.conversations where id = v_customer and objected_at is not null);
  end if;
  -- Most projects have none: nothing is hashed then.
  return exists (select from private.objection_hashes)
     and exists (select from private.objection_hashes where hash = private.keyed_hash(p_address));
end
$$;
comment on function private.has_objected is
  'Whether the program must not write to this number or LID; also to one whose owner was erased.';
revoke execute on function private.has_objected from public;

create or replace function private.hold(m public.whatsapp_messages, p_at timestamptz, s public.whatsapp_sender) returns private.hold
language plpgsql stable set search_path = '' as $$
declare
  t jsonb := (select terms from private.terms);
  k private.message_kinds;
  c public.conversations;
  v_until timestamptz;
begin
  select * into k from private.message_kinds where kind = m.kind;
  select * into c from public.conversations where id = m.conversation_id;
  -- It must not go at all.
  if k.automatic then
    if c.objected_at is not null then
      return row('objection', null, true)::private.hold;
    elsif private.is_superseded(m) then
      return row('superseded', null, true)::private.hold;
    elsif m.kind = 'ask' and c.bill_at is not null and not coalesce((t #>> '{ask,after_bill}')::boolean, false) then
      return row('bill', null, true)::private.hold;
    elsif private.waited_too_long(m, p_at, t) then
      return row('held_too_long', null, true)::private.hold;
    end if;
  end if;
  -- It waits.
  if s.paused_at is not null then
    return row('paused', null, false)::private.hold;
  elsif k.automatic and c.objection_asked_at is not null then
    return row('staff', null, false)::private.hold;
  end if;
  if k.guarded and m.first_contact then
    v_until := private.restricted_until(s, m.conversation_id, p_at);
    if v_until > p_at then
      return row('restricted', v_until, false)::private.hold;
    end if;
  end if;
  if (k.hours or m.in_hours) and not coalesce(m.free_until > p_at, false) then
    v_until := private.next_open(p_at, t);
    if v_until is distinct from p_at then
      return row('hours', v_until, false)::private.hold;
    end if;
  end if;
  if k.guarded and m.first_contact then
    v_until := private.cap_until(p_at, t);
    if v_until > p_at then
      return row('cap', v_until, false)::private.hold;
    end if;
  end if;
  if m.due_at > p_at then
    return row('backoff', m.due_at, false)::private.hold;
  elsif s.next_send_at > p_at then
    return row('slot', s.next_send_at, false)::private.hold;
  end if;
  return null;
end
$$;
comment on function private.hold is
  'Why a queued message does not go at that time (UTC); null if it may. The only place that decides it: the claim, the clock, the monitor and doctor ask here. What applies to which kind is in private.message_kinds.';
revoke execute on function private.hold from public;

create or replace function private.identify_incoming(p_events jsonb, p_request_id bigint) returns private.incoming[]
language plpgsql set search_path = '' as $$
declare
  -- With the word itself, any index of incoming messages would do while the table is small, and that plan is kept.
  v_direction text := 'incoming';
  v_events private.incoming[];
  p record;
begin
  -- Of a message's events one may know the LID and another one the number.
  v_events := array(
    select row(
        coalesce(m.phone_number, e.phone_number), coalesce(m.lid, e.lid), e.contact_name, e.type, e.text, nullif(e.media, 'null'),
        e.whatsapp_id, e.quoted_whatsapp_id, e.message_at, m.id,
        (m.phone_number is null and e.phone_number is not null)
          or (m.lid is null and e.lid is not null)
          or (m.text is null and e.text is not null)
          or (m.contact_name is null and e.contact_name is not null)
          or (m.media is null and e.media <> 'null'),
        m.media is not null and e.media <> 'null' and p_request_id is distinct from m.webhook_request_id,
        case when m.text is null then e.objection end
      )::private.incoming
      from jsonb_populate_recordset(null::private.incoming, p_events) with ordinality e
      left join public.whatsapp_messages m on m.direction = v_direction and m.whatsapp_id = e.whatsapp_id
     order by e.ordinality);
  for p in select distinct lid, phone_number from unnest(v_events) where lid is not null loop
    if p.phone_number is null then
      insert into public.whatsapp_lids (lid) values (p.lid) on conflict do nothing;
    else
      perform private.learn_lid(p.lid, p.phone_number);
    end if;
  end loop;
  v_events := array(
    select row(
        coalesce(e.phone_number, l.phone_number), e.lid, e.contact_name, e.type, e.text, e.media,
        e.whatsapp_id, e.quoted_whatsapp_id, e.message_at, e.id, e.says_more or l.phone_number is not null, e.repeats_media,
        e.objection
      )::private.incoming
      from unnest(v_events) with ordinality e
      left join public.whatsapp_lids l on l.lid = e.lid and e.phone_number is null
     order by e.ordinality);
  for p in
    select distinct phone_number, lid from unnest(v_events) where private.customer_of(coalesce(phone_number, lid)) is null
  loop
    perform private.make_customer(p.phone_number, p.lid, 'message');
  end loop;
  return v_events;
end
$$;
comment on function private.identify_incoming is
  'Whose messages these events are of, and which of them are stored: learns their LIDs and makes their customers.';
revoke execute on function private.identify_incoming from public;

create or replace function private.is_first_contact(p_phone_number text) returns boolean
language plpgsql stable set search_path = '' as $$
begin
  return not exists (
    select from public.conversation_numbers where address = p_phone_number and written_at is not null);
end
$$;
comment on function private.is_first_contact is
  'Whether an automatic message to this number is a first contact: it has never written to us.';
revoke execute on function private.is_first_contact from public;

create or replace function private.is_holiday(p_date date) returns boolean
language plpgsql immutable set search_path = '' as $$
declare
  v_year constant integer := extract(year from p_date);
begin
  return extract(month from p_date) * 100 + extract(day from p_date)
      in (101, 106, 425, 501, 602, 815, 1101, 1208, 1225, 1226)
    -- San Francesco, by the law of 2025.
    or (v_year >= 2026 and p_date = make_date(v_year, 10, 4))
    or p_date - private.easter(v_year) in (0, 1);
end
$$;
comment on function private.is_holiday is
  'Whether a day is a holiday in all of Italy. Sundays are not meant, nor are the days of towns'' patrons.';
revoke execute on function private.is_holiday from public;

create or replace function private.is_superseded(m public.whatsapp_messages) returns boolean
language plpgsql stable set search_path = '' as $$
begin
  -- By their calls' ends, of which free_until tells: one may have been queued again, or its call learned late.
  return m.kind = 'ask' and exists (
    select from public.whatsapp_messages a
     where a.conversation_id = m.conversation_id and a.status = 'queued' and a.kind = 'ask' and a.id <> m.id
       and (coalesce(a.free_until, '-infinity'), a.id) > (coalesce(m.free_until, '-infinity'), m.id));
end
$$;
comment on function private.is_superseded is
  'Whether an ask for a later call of the same customer waits too: then only that one goes.';
revoke execute on function private.is_superseded from public;

create or replace function private.keep_terms(p_terms jsonb) returns void
language plpgsql set search_path = '' as $$
begin
  update private.terms set terms = p_terms, updated_at = clock_timestamp() where id and terms is distinct from p_terms;
  if found then
    perform nextval('private.changes');
  end if;
end
$$;
comment on function private.keep_terms is
  'The environment''s terms, as the function that has just started knows them.';
revoke execute on function private.keep_terms from public;

create or replace function private.learn_lid(p_lid text, p_phone_number text) returns void
language plpgsql set search_path = '' as $$
declare
  v_conversation_id bigint;
begin
  insert into public.whatsapp_lids as l (lid, phone_number) values (p_lid, p_phone_number)
  on conflict (lid) do update set phone_number = excluded.phone_number, updated_at = clock_timestamp()
    where l.phone_number is distinct from excluded.phone_number;
  v_conversation_id := private.make_customer(p_phone_number, p_lid, 'message');
  -- Also the messages that came before the number was known; if there are none, an index says so.
  update public.whatsapp_messages set
    phone_number = p_phone_number,
    call_id = coalesce(call_id, private.last_call(v_conversation_id))
  where lid = p_lid and phone_number is null;
  if found then
    perform private.join_echoes(p_lid, p_phone_number);
    if exists (select from public.whatsapp_messages where lid = p_lid and direction = 'incoming') then
      perform private.note_written(array[p_phone_number]);
    end if;
  end if;
  perform private.confirm_objection(v_conversation_id);
end
$$;
comment on function private.learn_lid is
  'From now on the LID stands for this number, and both are the same customer''s. The caller holds the keys of both.';
revoke execute on function private.learn_lid from public;

create or replace function private.lids_to_resolve(p_now timestamptz) returns integer
language plpgsql stable set search_path = '' as $$
begin
  -- The chores count an attempt when they begin to ask. After one in vain the others need not wait any longer.
  return (
    select min(case l.attempts when 0 then 0 else 1000 end)
      from public.whatsapp_lids l
      join public.conversation_numbers n on n.address = l.lid
      join public.conversations c on c.id = n.conversation_id
     where l.phone_number is null and l.attempts < 2 and (l.attempts = 0 or l.updated_at > p_now - interval '10 seconds')
       and (c.objected_at is not null or c.objection_asked_at is not null));
end
$$;
comment on function private.lids_to_resolve is
  'Somebody whose number is not known yet has objected: Wasender is asked for the number before anything goes, since it may be one that waits. In how many milliseconds to claim again: 0 if it is to be asked, more if it is being asked; null if there is nobody.';
revoke execute on function private.lids_to_resolve from public;

create or replace function private.lock_events(p_events jsonb) returns void
language plpgsql set search_path = '' as $$
declare
  v_addresses text[];
  v_ids text[];
  v_conversations bigint[];
begin
  -- A failure may restrict the sender, a delivery end its restriction.
  if p_events @? '$[*] ? (@.kind == "session" || @.kind == "send_failed" || @.status == "failed")'
     or exists (select from public.whatsapp_sender where restricted_at is not null) then
    perform from public.whatsapp_sender for update;
  end if;
  select array_agg(distinct a) filter (where a is not null), array_agg(distinct i) filter (where i is not null)
    into v_addresses, v_ids
    from jsonb_array_elements(p_events) e,
      lateral (values (e ->> 'phone_number', e ->> 'whatsapp_id'), (e ->> 'lid', e ->> 'wasender_id')) as x (a, i);
  perform private.lock_keys(variadic array(
    select 'address:' || a from unnest(v_addresses) a union all select 'message:' || i from unnest(v_ids) i));
  -- A message may be another customer's than its event says: its echo came under a LID whose number is not known yet.
  v_conversations := array(
    select conversation_id from public.whatsapp_messages
     where (direction in ('incoming', 'outgoing') and whatsapp_id = any (v_ids)) or wasender_id = any (v_ids)
    union all
    select m.conversation_id
      from jsonb_array_elements(p_events) e
      left join public.whatsapp_lids l on l.lid = e ->> 'lid'
      join public.whatsapp_messages m on m.id = private.find_just_sent(e ->> 'text', (e ->> 'message_at')::timestamptz)
     where e ->> 'kind' = 'outgoing' and e ->> 'phone_number' is null and l.phone_number is null);
  perform private.lock_customers(v_addresses, v_conversations);
end
$$;
comment on function private.lock_events is
  'Locks everything that these events may change.';
revoke execute on function private.lock_events from public;

create or replace function private.make_customer(p_phone_number text, p_lid text, p_known_by text) returns bigint
language plpgsql set search_path = '' as $$
declare
  v_id bigint := private.customer_of(p_phone_number);
  v_other bigint := private.customer_of(p_lid);
  v_new boolean := v_id is null and v_other is null;
begin
  if v_new then
    insert into public.conversations default values returning id into v_id;
  elsif v_id is null then
    v_id := v_other;
  elsif v_other <> v_id then
    -- The older one stays: lock_customers says why.
    perform private.merge_customers(greatest(v_id, v_other), least(v_id, v_other));
    v_id := least(v_id, v_other);
  end if;
  if p_phone_number is not null or p_lid is not null then
    insert into public.conversation_numbers (address, conversation_id, known_by)
    select a.address, v_id, a.known_by
      from (values (p_phone_number, p_known_by), (p_lid, case when p_phone_number is null then p_known_by else 'lid' end))
        as a (address, known_by)
     where a.address is not null
    on conflict (address) do nothing;
    if found then
      -- The list shows the number.
      if not v_new then
        update public.conversations set updated_at = clock_timestamp() where id = v_id;
      end if;
      perform private.recall_objection(v_id, p_phone_number, p_lid);
    end if;
  end if;
  return v_id;
end
$$;
comment on function private.make_customer is
  'The conversation of a number, of a LID, or of both, which then are the same customer''s: made if there is none, made one if there were two. The caller holds the keys of both.';
revoke execute on function private.make_customer from public;

create or replace function private.merge_customers(p_from bigint, p_into bigint) returns void
language plpgsql set search_path = '' as $$
declare
  f public.conversations;
  i public.conversations;
  v_answered_at timestamptz;
begin
  perform private.lock_customers('{}', array[p_from, p_into]);
  select * into f from public.conversations where id = p_from;
  select * into i from public.conversations where id = p_into;
  -- The bill that the one has sent is what waits to be asked of the other.
  if f.bill_at is null <> (i.bill_at is null) then
    perform private.withdraw_asks(case when f.bill_at is null then f.id else i.id end);
  end if;
  update public.conversation_numbers set conversation_id = p_into where conversation_id = p_from;
  update public.whatsapp_messages set conversation_id = p_into where conversation_id = p_from;
  update public.cloudtalk_calls set conversation_id = p_into where conversation_id = p_from;
  update public.objections set conversation_id = p_into where conversation_id = p_from;
  update public.staff_actions set conversation_id = p_into where conversation_id = p_from;
  update public.conversations set merged_into = p_into, unread = 0 where id = p_from;
  update public.conversations set
    -- What was not read stays unread.
    seen_message_id = case
      when f.unread > 0 then least(seen_message_id, f.seen_message_id)
      when unread = 0 then greatest(seen_message_id, f.seen_message_id)
      else seen_message_id end,
    bill_at = coalesce(bill_at, f.bill_at),
    bill_by = case when bill_at is null then f.bill_by else bill_by end,
    objected_at = coalesce(objected_at, f.objected_at),
    objected_by = case when objected_at is null then f.objected_by else objected_by end,
    objection_reason = case when objected_at is null then f.objection_reason else objection_reason end,
    objection_asked_at = coalesce(objection_asked_at, f.objection_asked_at)
  where id = p_into;
  if coalesce(f.objected_at, i.objected_at) is not null then
    perform private.withdraw(m.id, 'objection')
       from public.whatsapp_messages m join private.message_kinds k on k.kind = m.kind
      where m.conversation_id = p_into and m.status = 'queued' and k.automatic;
  end if;
  select max(coalesce(m.message_at, m.created_at)) into v_answered_at
    from public.whatsapp_messages m where m.conversation_id = p_into and m.direction = 'incoming';
  if v_answered_at is not null then
    perform private.mark_answered(p_into, v_answered_at);
  end if;
end
$$;
comment on function private.merge_customers is
  'Two conversations turn out to be one customer''s: the second, older one gets all that the first has.';
revoke execute on function private.merge_customers from public;

create or replace function private.monitor_state(p private.pending) returns jsonb
language plpgsql stable set search_path = '' as $$
declare
  s public.whatsapp_sender;
  v_work jsonb;
begin
  select * into s from public.whatsapp_sender;
  v_work := private.what_is_due(s, p);
  return jsonb_build_object(
    'due', v_work @? '$.* ? (@ == true)',
    'work', v_work,
    'log', jsonb_build_object('due', s.log_due_at <= now(), 'ok_at', s.log_ok_at, 'error', s.log_error),
    'sender', jsonb_build_object(
      'queued', p.queued,
      'next_send_at', case when s.paused_at is null and p.queued_due_at is not null then greatest(s.next_send_at, p.queued_due_at) end,
      'paused', case
        when s.paused_at is not null then jsonb_build_object('reason', s.paused_reason, 'code', s.paused_code,
          'message', s.paused_message, 'since', s.paused_at, 'until', null)
        when s.restricted_at is not null then jsonb_build_object('reason', 'restricted', 'code', 'restricted',
          'message', null, 'since', s.restricted_at, 'until', private.restricted_until(s, null, now())) end,
      'hours', private.feed_hours(),
      'lights', jsonb_build_object('first_contacts', p.first_contacts, 'answered', p.answered, 'undelivered', p.undelivered),
      'session', s.session_status));
end
$$;
revoke execute on function private.monitor_state from public;

create or replace function private.next_open(p_at timestamptz, p_terms jsonb) returns timestamptz
language plpgsql stable set search_path = '' as $$
declare
  v_today constant date := p_at at time zone 'Europe/Rome';
  v_open timestamptz;
begin
  for v_days in 0..400 loop
    select greatest(h.opens, p_at) into v_open
      from private.open_hours(v_today + v_days, p_terms) h where h.closes > p_at order by h.opens limit 1;
    if found then
      return v_open;
    end if;
  end loop;
  return null;
end
$$;
comment on function private.next_open is
  'When an automatic message may start that could from p_at on: p_at itself within the hours of p_terms, else their next beginning. Null if there is none within 400 days.';
revoke execute on function private.next_open from public;

create or replace function private.next_sendable(s public.whatsapp_sender, p_now timestamptz) returns timestamptz
language plpgsql stable set search_path = '' as $$
declare
  k private.message_kinds;
  m public.whatsapp_messages;
  v_in_hours boolean;
  v_first boolean;
  v_next timestamptz;
begin
  s := private.without_waits(s);
  -- Those of calls that have just ended may go when the others may not.
  select q.* into m from public.whatsapp_messages q join public.conversations c on c.id = q.conversation_id
   where q.status = 'queued' and q.free_until > p_now and c.objection_asked_at is null
   order by q.free_until, q.id limit 1;
  v_next := private.next_start(m, p_now, s);
  -- Of all others that wait for the same, the first stands for all. Those that wait for a person do not count.
  for k in select * from private.message_kinds loop
    foreach v_in_hours in array case when k.hours then array[false] else array[false, true] end loop
      foreach v_first in array case when k.guarded then array[false, true] else array[false] end loop
        select q.* into m from public.whatsapp_messages q join public.conversations c on c.id = q.conversation_id
         where q.status = 'queued' and q.kind = k.kind and q.in_hours = v_in_hours and q.first_contact = v_first
           and not (k.automatic and c.objection_asked_at is not null)
           -- After one trial the next one is another customer's.
           and (s.trial_conversation_id is null or not v_first or q.conversation_id <> s.trial_conversation_id)
         order by q.due_at limit 1;
        if m.id is null and v_first and s.trial_conversation_id is not null then
          select q.* into m from public.whatsapp_messages q
           where q.status = 'queued' and q.kind = k.kind and q.first_contact
             and q.conversation_id = s.trial_conversation_id
           order by q.due_at limit 1;
        end if;
        v_next := least(v_next, private.next_start(m, p_now, s));
      end loop;
    end loop;
  end loop;
  return v_next;
end
$$;
comment on function private.next_sendable is
  'When the next queued message can go (now or later), but for the sender''s own slot and pause; null if none can without a person.';
revoke execute on function private.next_sendable from public;

create or replace function private.next_start(m public.whatsapp_messages, p_at timestamptz, s public.whatsapp_sender) returns timestamptz
language plpgsql stable set search_path = '' as $$
declare
  h private.hold;
  v_at timestamptz := greatest(p_at, m.due_at);
begin
  if m.id is null then
    return null;
  end if;
  -- Each reason may be followed by another: the hours after the restriction, the cap after the hours. One that must not go
  -- at all is withdrawn then.
  for i in 1..5 loop
    h := private.hold(m, v_at, s);
    if h.reason is null or h.final or h.until is null then
      return case when h.reason is null or h.final then v_at end;
    end if;
    v_at := h.until;
  end loop;
  return v_at;
end
$$;
comment on function private.next_start is
  'When nothing holds this message any more, from that time on; null if a person must act.';
revoke execute on function private.next_start from public;

create or replace function private.note_trial(s public.whatsapp_sender, m public.whatsapp_messages, p_at timestamptz) returns void
language plpgsql set search_path = '' as $$
begin
  update public.whatsapp_sender set
    trials = case when s.trial_at + interval '73 hours' <= p_at then 1 else s.trials + 1 end,
    trial_at = p_at, trial_message_id = m.id, trial_conversation_id = m.conversation_id
  where id;
end
$$;
comment on function private.note_trial is
  'A first contact goes although the number is restricted: it is the one that is tried.';
revoke execute on function private.note_trial from public;

create or replace function private.note_written(p_phone_numbers text[]) returns void
language plpgsql set search_path = '' as $$
declare
  v_first text[];
begin
  with first as (
    update public.conversation_numbers set written_at = clock_timestamp()
     where address = any (p_phone_numbers) and written_at is null
    returning address
  ) select array_agg(address) into v_first from first;
  if v_first is not null then
    update public.whatsapp_messages set first_contact = false
     where phone_number = any (v_first) and status = 'queued' and first_contact;
  end if;
end
$$;
comment on function private.note_written is
  'Messages came from these numbers: what goes to them is no first contact any more.';
revoke execute on function private.note_written from public;

create or replace function private.open_hours(p_date date, p_terms jsonb)
returns table (opens timestamptz, closes timestamptz)
language plpgsql stable set search_path = '' as $$
declare
  v_midnight constant timestamptz := p_date::timestamp at time zone 'Europe/Rome';
  v_next constant timestamptz := (p_date + 1)::timestamp at time zone 'Europe/Rome';
  v_hours jsonb := p_terms -> 'hours';
  -- The weekday whose hours this day has.
  v_day integer := extract(isodow from p_date);
  v_change timestamptz := 'infinity';
begin
  if coalesce(jsonb_typeof(v_hours), 'null') = 'null' then
    return query select v_midnight, v_next;
    return;
  end if;
  if not v_hours @> jsonb_build_array(jsonb_build_object('day', v_day)) or private.is_holiday(p_date)
    or p_terms -> 'closed' ? to_char(p_date, 'YYYY-MM-DD') then
    return;
  end if;
  if private.is_holiday(p_date + 1) and v_hours @> '[{"day": 6}]' then
    v_day := 6;
  end if;
  -- Clocks change at 01:00 UTC. Before it the day counts from its midnight, after it backwards from the next one: so an hour
  -- that the clock skips is not there, and one that it repeats is there twice.
  if v_next - v_midnight <> interval '24 hours' then
    v_change := (p_date + interval '1 hour') at time zone 'UTC';
  end if;
  return query
  with ranges as (
    select make_interval(mins => (r ->> 'from')::integer) as since, make_interval(mins => (r ->> 'to')::integer) as until
      from jsonb_array_elements(v_hours) r where (r ->> 'day')::integer = v_day
  ), parts as (
    select v_midnight + since as since, least(v_midnight + until, v_change) as until from ranges
    union all
    select greatest(v_next - interval '24 hours' + since, v_change), v_next - interval '24 hours' + until
      from ranges where v_change < 'infinity'
  )
  select p.since, p.until from parts p where p.since < p.until order by 1;
end
$$;
comment on function private.open_hours is
  'When automatic messages may start on a day (in Europe/Rome): from opens until before closes, in order. Italian holidays and p_terms'' closed days have no hours, an open day before a holiday has Saturday''s if Saturday has any. All day if p_terms'' hours are null. Two openings may overlap or meet.';
revoke execute on function private.open_hours from public;

create or replace function private.problems(p_database_bytes bigint) returns table (kind text, detail text, since timestamptz)
language sql stable set search_path = '' as $$
  select 'paused', s.paused_reason, s.paused_at
    from public.whatsapp_sender s
   where s.paused_at is not null and s.paused_reason <> 'staff'
  union all
  select 'restricted', null, s.restricted_at from public.whatsapp_sender s where s.restricted_at is not null
  union all
  select 'media', null, max(m.updated_at)
    from public.whatsapp_messages m
   where m.media_state = 'failed' and m.updated_at > now() - interval '1 day'
  having count(*) > 0
  union all
  -- In percent. Once it is reported it ends only well below that: a size goes up and down.
  select 'database', d.percent::text, now()
    from (select pg_database_size(current_database()) * 100 / p_database_bytes as percent) d
   where d.percent >= case when exists (select from public.alerts where kind = 'database' and told_at is not null) then 75 else 80 end
  union all
  -- Something has been due for five minutes, and the clock has not rung for as long.
  select 'clock', case when s.heard_at is null then 'never' else 'stopped' end,
         coalesce(s.heard_at, greatest(s.next_send_at, q.due_at), s.reconcile_due_at)
    from public.whatsapp_sender s,
      lateral (select private.next_sendable(s, now() - interval '5 minutes') as due_at) q
   where coalesce(s.heard_at, '-infinity') < now() - interval '5 minutes'
     and (s.reconcile_due_at < now() - interval '5 minutes'
          or (s.paused_at is null and q.due_at is not null
              and greatest(s.next_send_at, q.due_at) <= now() - interval '5 minutes'))
$$;
comment on function private.problems is
  'What is wrong now; p_database_bytes is the size at which Supabase only lets the database be read, null if there is none.';
revoke execute on function private.problems from public;

create or replace function private.queue_or_withdraw(
  o public.cloudtalk_calls, c public.cloudtalk_calls, p_text text, p_request_id bigint
) returns public.whatsapp_messages
language plpgsql set search_path = '' as $$
declare
  m public.whatsapp_messages := private.ask_of(c.id);
begin
  -- One that was withdrawn comes back only when that is decided: a repeat decides nothing. Nor does one whose place a later
  -- call's has taken.
  if c.should_send and c.should_send_reason = 'eligible' and (m.id is null
     or (m.status = 'cancelled' and m.cancelled_by = 'decision' and m.error_code is distinct from 'superseded'
         and not coalesce(o.should_send, false))) then
    insert into public.whatsapp_messages
      (conversation_id, direction, kind, status, phone_number, contact_name, text, call_id, webhook_request_id, due_at,
       free_until, first_contact)
    values
      (c.conversation_id, 'outgoing', 'ask', 'queued', c.phone_number, coalesce(c.contact_name, c.customer_name), p_text, c.id,
       p_request_id, clock_timestamp(),
       coalesce(least(c.call_end_time, clock_timestamp()), clock_timestamp()) + interval '10 minutes', private.is_first_contact(c.phone_number))
    returning * into m;
    -- It takes the place of one that still waits for an earlier call, or a later call's keeps it.
    if exists (
      select from public.whatsapp_messages a
       where a.conversation_id = c.conversation_id and a.kind = 'ask' and a.status = 'queued' and a.id <> m.id) then
      perform private.withdraw(a.id, 'superseded') from public.whatsapp_messages a
       where a.conversation_id = c.conversation_id and a.status = 'queued' and private.is_superseded(a);
      select * into m from public.whatsapp_messages where id = m.id;
    end if;
  elsif not c.should_send and m.status = 'queued' then
    update public.whatsapp_messages
       set status = 'cancelled', cancelled_by = 'decision', error_code = c.should_send_reason, error = null
     where id = m.id and status = 'queued'
    returning * into m;
  end if;
  return m;
end
$$;
comment on function private.queue_or_withdraw is
  'Gives a call (c, stored as o) its one ask if it is to have one now, or takes back one that still waits. Returns the call''s ask.';
revoke execute on function private.queue_or_withdraw from public;

create or replace function private.read_pending() returns private.pending
language plpgsql stable set search_path = '' as $$
declare
  p private.pending;
  s public.whatsapp_sender;
begin
  select * into s from public.whatsapp_sender;
  select count(*) into p.queued from public.whatsapp_messages where status = 'queued';
  if p.queued > 0 then
    p.queued_due_at := private.next_sendable(s, now());
  end if;
  select min(media_due_at) into p.media_due_at from public.whatsapp_messages where media_state = 'pending';
  p.chore_due_at := least(
    (select min(lease_until) from public.whatsapp_messages where status = 'sending'),
    (select min(info_at) from public.whatsapp_messages where info_at is not null),
    (select min(ask_again_at) from public.whatsapp_lids where phone_number is null));
  select max(updated_at) into p.unknown_at from public.whatsapp_messages where status = 'unknown';
  return p;
end
$$;
revoke execute on function private.read_pending from public;

create or replace function private.recall_objection(p_conversation_id bigint, variadic p_addresses text[]) returns void
language plpgsql set search_path = '' as $$
declare
  v_at timestamptz;
begin
  -- Most projects have none: nothing is hashed then.
  if exists (select from private.objection_hashes) then
    select min(h.at) into v_at from private.objection_hashes h
     where h.hash = any (array(select private.keyed_hash(a) from unnest(p_addresses) a));
    if v_at is not null then
      update public.conversations set objected_at = v_at, objected_by = 'customer'
       where id = p_conversation_id and objected_at is null;
    end if;
  end if;
end
$$;
comment on function private.recall_objection is
  'Whoever objected and was erased has not changed their mind: the customer who has one of these new numbers and LIDs objects.';
revoke execute on function private.recall_objection from public;

create or replace function private.restore_asks(p_conversation_id bigint) returns void
language plpgsql set search_path = '' as $$
begin
  update public.whatsapp_messages m
     set status = 'queued', cancelled_by = null, error_code = null, due_at = clock_timestamp(), queued_at = clock_timestamp()
    from public.cloudtalk_calls k
   where m.conversation_id = p_conversation_id and m.kind = 'ask' and m.status = 'cancelled' and m.cancelled_by = 'decision'
     and m.error_code = 'bill_already_received' and m.created_at > clock_timestamp() - interval '1 day'
     -- What the call itself said of a bill stays.
     and k.id = m.call_id and k.should_send and not private.has_objected(m.phone_number) and m.id = (private.ask_of(k.id)).id;
  update public.whatsapp_attempts a set withdrawn = false
    from public.whatsapp_messages m
   where m.conversation_id = p_conversation_id and m.status in ('sending', 'unknown') and m.kind = 'ask'
     and a.lease_token = m.lease_token;
end
$$;
comment on function private.restore_asks is
  'The bill has not come after all: asks of the last day that were withdrawn for it wait again.';
revoke execute on function private.restore_asks from public;

create or replace function private.restrict(p_hours integer) returns void
language plpgsql set search_path = '' as $$
begin
  update public.whatsapp_sender set
    restricted_at = coalesce(restricted_at, clock_timestamp()),
    restricted_until = clock_timestamp() + p_hours * interval '1 hour',
    trial_at = null, trial_message_id = null, trial_conversation_id = null, trials = 0,
    resumed_at = null
  where id;
  perform nextval('private.changes');
end
$$;
comment on function private.restrict is
  'First contacts are held for so many hours, then one is tried.';
revoke execute on function private.restrict from public;

create or replace function private.restricted_until(s public.whatsapp_sender, p_conversation_id bigint, p_at timestamptz)
returns timestamptz
language plpgsql immutable set search_path = '' as $$
begin
  return case
    when s.restricted_at is null then null
    when s.restricted_until > p_at then s.restricted_until
    -- Its time is over: one message is tried, then, an hour later, one to another customer, and then none for 72 hours.
    when s.trial_at is null then null
    when s.trial_at + interval '1 hour' > p_at then s.trial_at + interval '1 hour'
    when s.trials < 2 and s.trial_conversation_id is distinct from p_conversation_id then null
    when s.trial_at + interval '73 hours' > p_at then s.trial_at + interval '73 hours'
  end;
end
$$;
comment on function private.restricted_until is
  'Until when a first contact to this customer is held because the number is restricted; null if it may go, perhaps as the one that is tried.';
revoke execute on function private.restricted_until from public;

create or replace function private.set_objection(p_conversation_id bigint, p_by text, p_reason text, p_message_id bigint) returns void
language plpgsql set search_path = '' as $$
begin
  insert into public.objections (conversation_id, addresses, by, reason, message_id)
  values (
    p_conversation_id, array(select address from public.conversation_numbers where conversation_id = p_conversation_id),
    p_by, p_reason, p_message_id);
  update public.conversations set
    objected_at = clock_timestamp(), objected_by = p_by, objection_reason = p_reason, objection_asked_at = null
  where id = p_conversation_id;
  -- What is being sent meets it before the send if its number is asked about first, else if it comes back unsent.
  perform private.withdraw(m.id, 'objection')
     from public.whatsapp_messages m join private.message_kinds k on k.kind = m.kind
    where m.conversation_id = p_conversation_id and m.status = 'queued' and k.automatic;
end
$$;
comment on function private.set_objection is
  'From now on the program does not write to this customer; what waits is withdrawn.';
revoke execute on function private.set_objection from public;

create or replace function private.take_sendable(s public.whatsapp_sender, p_at timestamptz) returns public.whatsapp_messages
language plpgsql set search_path = '' as $$
declare
  m public.whatsapp_messages;
  h private.hold;
  -- 1: what does not wait its turn: staff's replies, confirmations; 2: asks of calls that have just ended; 3: all.
  v_lane integer := 1;
  v_closed text[] := '{}';
  v_passed bigint[] := '{}';
begin
  s := private.without_waits(s);
  loop
    -- A transaction that holds the customer may be withdrawing the message: then the next one is taken.
    if v_lane = 2 then
      select q.* into m
        from public.whatsapp_messages q join public.conversations c on c.id = q.conversation_id
       where q.status = 'queued' and q.free_until > p_at and q.due_at <= p_at
         and private.wait_class(q, p_at) <> all (v_closed) and q.id <> all (v_passed)
       order by q.free_until, q.id limit 1 for update of c, q skip locked;
    elsif v_lane = 1 then
      select q.* into m
        from public.whatsapp_messages q join public.conversations c on c.id = q.conversation_id
       where q.status = 'queued' and q.priority > 0 and q.due_at <= p_at
         and private.wait_class(q, p_at) <> all (v_closed) and q.id <> all (v_passed)
       order by q.priority desc, q.due_at, q.id limit 1 for update of c, q skip locked;
    else
      select q.* into m
        from public.whatsapp_messages q join public.conversations c on c.id = q.conversation_id
       where q.status = 'queued' and q.due_at <= p_at
         and private.wait_class(q, p_at) <> all (v_closed) and q.id <> all (v_passed)
       order by q.priority desc, q.due_at, q.id limit 1 for update of c, q skip locked;
    end if;
    if m.id is null then
      exit when v_lane = 3;
      v_lane := v_lane + 1;
      continue;
    end if;
    h := private.hold(m, p_at, s);
    if h.final then
      perform private.withdraw(m.id, h.reason);
    elsif h.reason in ('hours', 'cap') or (h.reason = 'restricted' and m.conversation_id is distinct from s.trial_conversation_id) then
      v_closed := v_closed || private.wait_class(m, p_at);
    elsif h.reason is not null then
      v_passed := v_passed || m.id;
    else
      m := private.decide_waiting(m);
      if m.status = 'queued' then
        return m;
      end if;
    end if;
  end loop;
  return null;
end
$$;
comment on function private.take_sendable is
  'The next queued message that nothing but the slot holds at that time, locked with its customer; null if there is none. What must not go at all is withdrawn on the way.';
revoke execute on function private.take_sendable from public;

create or replace function private.wait_class(m public.whatsapp_messages, p_at timestamptz) returns text
language sql immutable as $$
  select m.kind || case when m.in_hours then ' in hours' else '' end || case when m.first_contact then ' first' else '' end
    || case when m.free_until > p_at then ' fresh' else '' end
$$;
comment on function private.wait_class is
  'Messages of one class wait for the same hours, restriction and cap.';
revoke execute on function private.wait_class from public;

create or replace function private.waited_too_long(m public.whatsapp_messages, p_at timestamptz, p_terms jsonb) returns boolean
language plpgsql stable set search_path = '' as $$
declare
  v_since timestamptz := coalesce(m.queued_at, m.created_at);
  v_day date := (v_since at time zone 'Europe/Rome')::date;
  v_open integer := 0;
begin
  -- Five open days cannot pass in fewer than five.
  while v_since < p_at - interval '5 days' and v_day <= (p_at at time zone 'Europe/Rome')::date and v_open < 5 loop
    if exists (select from private.open_hours(v_day, p_terms) where opens >= v_since and closes <= p_at) then
      v_open := v_open + 1;
    end if;
    v_day := v_day + 1;
  end loop;
  return v_open >= 5;
end
$$;
comment on function private.waited_too_long is
  'Whether an automatic message could not go within five whole open days since it waits.';
revoke execute on function private.waited_too_long from public;

create or replace function private.what_is_due(s public.whatsapp_sender, p private.pending) returns jsonb
language plpgsql stable set search_path = '' as $$
begin
  return jsonb_build_object(
    'outbox', coalesce(
      (s.paused_at is null and greatest(p.queued_due_at, s.next_send_at) <= now() and p.queued_due_at is not null)
      or p.chore_due_at <= now() or s.probe_at <= now()
      -- Evidence for unknown outcomes may be in Wasender's log, if that can be read.
      or (s.log_due_at <= now() and s.log_ok_at > now() - interval '1 day' and p.unknown_at > now() - interval '1 day'),
      false),
    'media', coalesce(p.media_due_at <= now() or s.sweep_at <= now(), false),
    'history', coalesce(s.reconcile_due_at <= now(), false));
end
$$;
comment on function private.what_is_due is
  'Of what works after an answer: { outbox, media, history }.';
revoke execute on function private.what_is_due from public;

create or replace function private.with_lights(p private.pending, p_known private.pending) returns private.pending
language plpgsql stable set search_path = '' as $$
begin
  -- Counting takes longer than all the rest of a poll, so each page counts once a minute at most.
  if p_known.lights_at > now() - interval '1 minute' then
    p.lights_at := p_known.lights_at;
    p.first_contacts := p_known.first_contacts;
    p.answered := p_known.answered;
    p.undelivered := p_known.undelivered;
    return p;
  end if;
  p.lights_at := now();
  select count(*), count(*) filter (where n.written_at >= m.sent_at) into p.first_contacts, p.answered
    from public.whatsapp_messages m left join public.conversation_numbers n on n.address = m.phone_number
   where m.first_contact and m.sent_at > now() - interval '7 days';
  select count(*) into p.undelivered from public.whatsapp_messages
   where status = 'sent' and sent_at between now() - interval '30 days' and now() - interval '48 hours';
  return p;
end
$$;
comment on function private.with_lights is
  'Completes what waits by the sender''s lights: the first contacts of seven days and how many of them were answered; what was never delivered for 48 hours, of the last thirty days.';
revoke execute on function private.with_lights from public;

create or replace function private.withdraw(p_message_id bigint, p_reason text) returns void
language plpgsql set search_path = '' as $$
begin
  update public.whatsapp_messages set
    status = 'cancelled', cancelled_by = 'decision', error = null,
    error_code = case p_reason when 'bill' then 'bill_already_received' else p_reason end
  where id = p_message_id and status = 'queued';
end
$$;
comment on function private.withdraw is
  'A queued message does not go: a rule says so.';
revoke execute on function private.withdraw from public;

create or replace function private.without_waits(s public.whatsapp_sender) returns public.whatsapp_sender
language plpgsql immutable set search_path = '' as $$
begin
  s.paused_at := null;
  s.next_send_at := '-infinity';
  return s;
end
$$;
comment on function private.without_waits is
  'The sender as hold sees it if neither its pause nor its slot is asked about.';
revoke execute on function private.without_waits from public;

create or replace function public.act_on_conversation(
  p_action text, p_conversation_id bigint, p_text text default null, p_client_id uuid default null,
  p_when text default 'now', p_despite_objection boolean default false
) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_who text := private.require_staff();
  c public.conversations;
  m public.whatsapp_messages;
  v_phone text;
begin
  select * into c from public.conversations where id = p_conversation_id and merged_into is null for update;
  if c.id is null then
    return jsonb_build_object('error', 'not_found');
  end if;
  if p_action = 'seen' then
    update public.conversations set
      seen_message_id = greatest(seen_message_id, coalesce(last_message_id, 0)), unread = 0
    where id = c.id and unread > 0;
    return jsonb_build_object('seen', true);
  elsif p_action in ('bill_set', 'bill_unset') then
    if (c.bill_at is not null) = (p_action = 'bill_set') then
      return jsonb_build_object('bill', c.bill_at is not null);
    end if;
    update public.conversations set
      bill_at = case p_action when 'bill_set' then clock_timestamp() end,
      bill_by = case p_action when 'bill_set' then v_who end
    where id = c.id;
    if p_action = 'bill_set' then
      perform private.withdraw_asks(c.id);
    else
      perform private.restore_asks(c.id);
    end if;
    perform private.refresh_customer(c.id);
    insert into public.staff_actions (who, action, conversation_id) values (v_who, p_action, c.id);
    return jsonb_build_object('bill', p_action = 'bill_set');
  elsif p_action = 'reply' and c.objected_at is not null and not p_despite_objection then
    return jsonb_build_object('error', 'objection');
  elsif p_action = 'reply' then
    v_phone := private.reply_number(c.id);
    if v_phone is null then
      return jsonb_build_object('error', 'not_possible', 'status', 'no_number');
    end if;
    -- Before the asks that wait: a colleague is talking to the customer. The key makes a second click harmless.
    insert into public.whatsapp_messages
      (conversation_id, direction, kind, status, phone_number, text, author, client_id, priority, due_at, call_id,
       in_hours)
    values
      (c.id, 'outgoing', 'reply', 'queued', v_phone, p_text, v_who, p_client_id, 10, clock_timestamp(), private.last_call(c.id),
       p_when = 'hours')
    on conflict (client_id) do nothing
    returning * into m;
    if m.id is null then
      select * into m from public.whatsapp_messages where client_id = p_client_id and conversation_id = c.id;
      if m.id is null then return jsonb_build_object('error', 'not_possible', 'status', 'client_id_used'); end if;
    else
      insert into public.staff_actions (who, action, conversation_id, message_id, to_status)
      values (v_who, 'reply', c.id, m.id, 'queued');
    end if;
    return jsonb_build_object('message', private.feed_message(m));
  end if;
  raise invalid_parameter_value using message = 'unknown action';
end
$$;
comment on function public.act_on_conversation is
  'reply (text, client_id: an idempotency key; p_when: now, or hours; to somebody who objected only with p_despite_objection), bill_set, bill_unset, seen. Returns what it did or { error: not_found | not_possible | objection, status }.';
revoke execute on function public.act_on_conversation from public, anon, authenticated, service_role;
grant execute on function public.act_on_conversation to authenticated, service_role;

create or replace function public.act_on_message(p_action text, p_message_id bigint) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_who text := private.require_staff();
  m public.whatsapp_messages;
  v_from text;
  v_to text;
begin
  -- The sender's row first, as claim_message does: a message that is cancelled is not being claimed.
  perform from public.whatsapp_sender for update;
  perform private.lock_customers('{}', array(select conversation_id from public.whatsapp_messages where id = p_message_id));
  select * into m from public.whatsapp_messages where id = p_message_id and direction = 'outgoing' for update;
  if m.id is null then
    return jsonb_build_object('error', 'not_found');
  end if;
  select a.from_status, a.to_status into v_from, v_to
    from (values ('retry', 'failed', 'queued'), ('resend', 'unknown', 'queued'),
                 ('give_up', 'unknown', 'cancelled'), ('cancel', 'queued', 'cancelled')) as a (action, from_status, to_status)
   where a.action = p_action;
  if v_from is null then
    raise invalid_parameter_value using message = 'unknown action';
  end if;
  if m.status <> v_from or (v_to = 'queued' and (m.phone_number is null or m.text is null or m.kind = 'manual')) then
    return jsonb_build_object('error', 'not_possible', 'status', m.status);
  end if;
  if v_to = 'queued' then
    update public.whatsapp_messages set
      status = 'queued', error_code = null, error = null, attempts = 0, due_at = clock_timestamp(), lease_token = null, lease_until = null,
      queued_at = clock_timestamp(), sent_at = null, first_contact = first_contact and private.is_first_contact(phone_number),
      -- A new message at Wasender: it will have ids of its own.
      wasender_id = null, whatsapp_id = null, info_at = null, info_attempts = 0
    where id = m.id;
    -- Whether the number exists is asked again too.
    update public.conversation_numbers set on_whatsapp = null, checked_at = null
     where address = m.phone_number and not on_whatsapp;
  else
    update public.whatsapp_messages set status = 'cancelled', cancelled_by = v_who where id = m.id;
  end if;
  insert into public.staff_actions (who, action, conversation_id, message_id, from_status, to_status)
  values (v_who, p_action, m.conversation_id, m.id, v_from, v_to);
  return jsonb_build_object('message', jsonb_build_object('id', m.id, 'status', v_to));
end
$$;
comment on function public.act_on_message is
  'retry (failed), resend or give_up (unknown), cancel (queued). Returns { message: { id, status } } or { error: not_found | not_possible, status }.';
revoke execute on function public.act_on_message from public, anon, authenticated, service_role;
grant execute on function public.act_on_message to authenticated, service_role;

create or replace function public.act_on_objection(p_conversation_id bigint, p_objects boolean, p_reason text default null) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_who text := private.require_staff();
  c public.conversations;
begin
  perform private.lock_customers('{}', array[p_conversation_id]);
  select * into c from public.conversations where id = p_conversation_id and merged_into is null;
  if c.id is null then
    return jsonb_build_object('error', 'not_found');
  end if;
  if p_objects and c.objected_at is null then
    perform private.set_objection(c.id, v_who, p_reason, null);
  elsif not p_objects and c.objected_at is not null then
    update public.objections set lifted_at = clock_timestamp(), lifted_by = v_who, lifted_reason = p_reason
     where conversation_id = c.id and lifted_at is null;
    update public.conversations set objected_at = null, objected_by = null, objection_reason = null where id = c.id;
    delete from private.objection_hashes where hash = any (array(
      select private.keyed_hash(n.address) from public.conversation_numbers n where n.conversation_id = c.id));
  end if;
  update public.conversations set objection_asked_at = null where id = c.id;
  insert into public.staff_actions (who, action, conversation_id, reason)
  values (v_who, case when p_objects then 'objection_set' when c.objected_at is not null then 'objection_lift' else 'objection_none' end, c.id, p_reason);
  select * into c from public.conversations where id = c.id;
  return jsonb_build_object('objection', private.feed_conversation(c) -> 'objection');
end
$$;
comment on function public.act_on_objection is
  'Staff say that a customer objects to automatic messages, or does not (any more), and why. Returns { objection: { at, by, reason } | null } or { error: not_found }.';
revoke execute on function public.act_on_objection from public, anon, authenticated, service_role;
grant execute on function public.act_on_objection to authenticated, service_role;

create or replace function public.act_on_sender(p_action text) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_who text := private.require_staff();
  s public.whatsapp_sender;
begin
  select * into s from public.whatsapp_sender for update;
  if p_action = 'pause' then
    if s.paused_reason = 'staff' then return jsonb_build_object('error', 'not_possible', 'status', 'paused'); end if;
    update public.whatsapp_sender set
      paused_at = clock_timestamp(), paused_reason = 'staff', paused_code = 'staff', paused_message = v_who, paused_fingerprint = null, probe_at = null
     where id;
  elsif p_action = 'resume' then
    if s.paused_at is null and s.restricted_at is null then return jsonb_build_object('error', 'not_possible', 'status', 'running'); end if;
    -- What the button has shown: a restriction behind a pause is shown next, with what speaks against ending it.
    if s.paused_at is not null then
      perform private.resume_sender();
      update public.whatsapp_sender set probes = 0 where id;
    else
      perform private.end_restriction();
      update public.whatsapp_sender set resumed_at = guarded_from where id;
    end if;
  else
    raise invalid_parameter_value using message = 'unknown action';
  end if;
  insert into public.staff_actions (who, action, from_status, to_status)
  values (v_who, p_action, coalesce('paused: ' || s.paused_reason, case when s.restricted_at is not null then 'restricted' end, 'running'),
          case when p_action = 'pause' then 'paused: staff'
               when s.paused_at is not null and s.restricted_at is not null then 'restricted' else 'running' end);
  return jsonb_build_object('paused', p_action = 'pause');
end
$$;
comment on function public.act_on_sender is
  'pause, or resume: ends the pause, else the restriction. Returns { paused } or { error: not_possible, status }.';
revoke execute on function public.act_on_sender from public, anon, authenticated, service_role;
grant execute on function public.act_on_sender to authenticated, service_role;

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
  if not exists (select from public.whatsapp_messages where status = 'queued') then
    return jsonb_build_object('idle', 'empty', 'wait_ms', null);
  end if;
  v_lids_ms := private.lids_to_resolve(v_now);
  if v_lids_ms is not null then
    return jsonb_build_object('idle', 'lids', 'wait_ms', v_lids_ms);
  end if;

  v_start := greatest(s.next_send_at, v_now);
  if v_start <= v_now + p_ahead_ms * interval '1 ms' then
    m := private.take_sendable(s, v_start);
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
  v_check := m.first_contact and coalesce((p_terms ->> 'check_numbers')::boolean, false) and not exists (
    select from public.conversation_numbers
     where address = m.phone_number and on_whatsapp and checked_at > v_now - interval '90 days');
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

create or replace function public.confirm_claim(p_lease_token uuid, p_interval_ms integer, p_exists boolean default null) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  s public.whatsapp_sender;
  m public.whatsapp_messages;
  h private.hold;
  v_now timestamptz;
begin
  perform private.authorize();
  select * into s from public.whatsapp_sender for update;
  select * into m from public.whatsapp_messages where lease_token = p_lease_token;
  perform private.lock_customers('{}', array[m.conversation_id]);
  select * into m from public.whatsapp_messages where id = m.id and lease_token = p_lease_token for update;
  v_now := clock_timestamp();
  update public.conversation_numbers set on_whatsapp = p_exists, checked_at = v_now
   where address = m.phone_number and p_exists is not null;
  if m.id is null or m.status <> 'sending' then
    return jsonb_build_object('go', false);
  end if;
  h := private.hold(m, v_now, private.without_waits(s));
  if p_exists is not false and (
    coalesce(h.reason, '') not in ('objection', 'superseded', 'bill', 'staff', 'restricted', 'hours')
    -- The one that is tried.
    or (h.reason = 'restricted' and s.trial_message_id = m.id)) then
    return jsonb_build_object('go', true);
  end if;
  perform private.forget_trial(m.id);
  update public.whatsapp_attempts set ended_at = v_now, outcome = case when p_exists is false then 'refused' else 'not_sent' end,
    code = case when p_exists is false then 'not_on_whatsapp' end
   where lease_token = p_lease_token;
  update public.whatsapp_messages set
    status = case when p_exists is false then 'failed' else 'queued' end,
    error_code = case when p_exists is false then 'not_on_whatsapp' end,
    attempts = attempts - 1, lease_token = null, lease_until = null, due_at = v_now
  where id = m.id;
  if h.final and p_exists is not false then
    perform private.withdraw(m.id, h.reason);
  end if;
  -- Asking for a number that does not exist is noticed by WhatsApp too: it uses up the slot. Else the slot is free again.
  update public.whatsapp_sender set
    slot_token = null,
    next_send_at = case when p_exists is false then v_now + p_interval_ms * interval '1 ms' else v_now end
  where id and slot_token = p_lease_token;
  return jsonb_build_object('go', false);
end
$$;
comment on function public.confirm_claim is
  'Whether the number of a claimed message is on WhatsApp (null: unknown), and, a moment before it is sent, whether the message may still go. Returns { go }; if it does not, it is settled.';
revoke execute on function public.confirm_claim from public, anon, authenticated, service_role;
grant execute on function public.confirm_claim to anon, service_role;

create or replace function public.erase_customer(p_id bigint) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  e private.erasures;
  v_customers bigint[];
  v_calls bigint[];
  v_webhooks bigint[];
  v_messages integer;
begin
  perform private.authorize();
  select * into e from private.erasures where id = p_id;
  perform from public.whatsapp_sender for update;
  perform private.lock_keys(variadic array(select 'address:' || a from unnest(e.addresses) a));
  -- Those that became part of the customer go with the row, so they are locked as well.
  perform private.lock_customers(e.addresses, array(
    with recursive parts (id) as (
      select conversation_id from public.conversation_numbers where address = any (e.addresses)
      union select c.id from public.conversations c join parts on c.merged_into = parts.id)
    select id from parts));
  -- What has come since it began.
  perform public.start_erasure(e.phone_number);
  select * into e from private.erasures where id = p_id for update;
  v_customers := array(select distinct conversation_id from public.conversation_numbers where address = any (e.addresses));
  v_calls := array(
    select id from public.cloudtalk_calls where conversation_id = any (v_customers)
    union select d.id from public.cloudtalk_calls d join public.cloudtalk_calls k on k.id = d.duplicate_of
           where k.conversation_id = any (v_customers));
  v_webhooks := array(
    select webhook_request_id from public.cloudtalk_calls where id = any (v_calls)
    union select webhook_request_id from public.whatsapp_messages where conversation_id = any (v_customers));

  -- An id that holds the number (the previous system's might) is not kept.
  insert into private.erased_messages (message_id)
  select i from unnest(e.message_ids) i where not i ~ any (private.erasure_patterns(e))
  on conflict do nothing;
  delete from public.whatsapp_receipts where whatsapp_id = any (e.message_ids) or wasender_id = any (e.message_ids);
  delete from public.whatsapp_lids where lid = any (e.addresses) or phone_number = any (e.addresses);
  perform private.count_erased(p_id, 'calls', private.empty_calls(v_calls, e));
  perform private.count_erased(p_id, 'webhooks', private.empty_webhooks(v_webhooks, 'erased', private.erasure_patterns(e)));
  delete from public.whatsapp_messages where conversation_id = any (v_customers);
  get diagnostics v_messages = row_count;
  perform private.count_erased(p_id, 'messages', v_messages);
  -- The objection outlives everything else, as a hash that recognises the numbers and tells nobody them.
  insert into private.objection_hashes (hash)
  select private.keyed_hash(a) from unnest(e.addresses) a
   where exists (select from public.conversations where id = any (v_customers) and objected_at is not null)
  on conflict do nothing;
  delete from public.conversations where id = any (v_customers);
  perform private.count_erased(p_id, 'conversations', cardinality(v_customers));
  perform private.erase_remarks(e);
  return jsonb_build_object('folders', array(select private.media_folder(a) from unnest(e.addresses) a), 'paths', e.paths);
end
$$;
comment on function public.erase_customer is
  'Removes a customer: messages, conversation, what their calls and their own webhooks say. Returns where the files are that are still to be removed: { folders, paths }.';
revoke execute on function public.erase_customer from public, anon, authenticated, service_role;
grant execute on function public.erase_customer to anon, service_role;

create or replace function public.export_conversations(
  p_state text default null, p_q text default null, p_objection boolean default null, p_undelivered boolean default null
) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
begin
  perform private.require_staff();
  return coalesce((
    select jsonb_agg(jsonb_build_object(
      'phone_number', private.phone_of(c.id), 'name', c.name, 'state', c.state, 'last_at', c.last_at, 'unread', c.unread,
      'objected_at', c.objected_at, 'objection_reason', c.objection_reason, 'bill_at', c.bill_at, 'bill_by', c.bill_by,
      'last_text', (select left(l.text, 500) from public.whatsapp_messages l where l.id = c.last_message_id),
      'last_call_at', (select coalesce(k.call_end_time, k.call_start_time, k.created_at) from public.cloudtalk_calls k
                        where k.conversation_id = c.id order by k.id desc limit 1),
      'company_name', (select k.company_name from public.cloudtalk_calls k
                        where k.conversation_id = c.id and k.company_name is not null order by k.id desc limit 1)))
    from private.find_conversations(p_state, p_q, null, 20000, p_objection, p_undelivered) c), '[]');
end
$$;
comment on function public.export_conversations is
  'The list by state and search for a spreadsheet, newest first, at most 20,000.';
revoke execute on function public.export_conversations from public, anon, authenticated, service_role;
grant execute on function public.export_conversations to authenticated, service_role;

create or replace function public.health_report() returns jsonb
language plpgsql stable security definer set search_path = '' as $$
begin
  perform private.authorize();
  -- The last webhook of a kind: with `=` PostgreSQL goes back through the whole table where there is none; `between`,
  -- with the index's own order, leaves it the index alone.
  return (with day as materialized (
    select r.source, r.outcome, count(*) from public.webhook_requests r
     where r."timestamp" > now() - interval '1 day' group by r.source, r.outcome)
  select jsonb_build_object(
    'now', clock_timestamp(),
    'migrations', private.optional_report('select jsonb_agg(version order by version) from supabase_migrations.schema_migrations'),
    'tables', (
      select jsonb_agg(jsonb_build_object('name', c.relname, 'rls', c.relrowsecurity, 'open_policies', coalesce((
          select jsonb_agg(p.policyname) from pg_catalog.pg_policies p
           where p.schemaname = 'public' and p.tablename = c.relname and p.roles && array['anon', 'public', 'authenticated']::name[]), '[]'))
        order by c.relname)
      from pg_catalog.pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')),
    'functions', (
      select jsonb_agg(distinct p.proname) from pg_catalog.pg_proc p where p.pronamespace = 'public'::regnamespace),
    -- Views that read with their owner's rights, whatever row level security says, and that not only staff may read;
    -- each with the tables that it shows, also through other views.
    'open_views', coalesce((
      with recursive shown as (
        select c.oid as view, c.oid as relation
          from pg_catalog.pg_class c
         where c.relnamespace = 'public'::regnamespace and c.relkind in ('v', 'm')
           and (has_any_column_privilege('anon', c.oid, 'select') or has_any_column_privilege('authenticated', c.oid, 'select'))
           and not exists (select from pg_catalog.pg_options_to_table(c.reloptions) o
                            where o.option_name = 'security_invoker' and o.option_value::boolean)
           and not exists (select from pg_catalog.pg_depend d where d.objid = c.oid and d.deptype = 'e')
        union
        select s.view, d.refobjid
          from shown s
          join pg_catalog.pg_rewrite w on w.ev_class = s.relation
          join pg_catalog.pg_depend d on d.classid = 'pg_catalog.pg_rewrite'::regclass and d.objid = w.oid
           and d.refclassid = 'pg_catalog.pg_class'::regclass
      )
      select jsonb_agg(jsonb_build_object('name', v.name, 'tables', v.tables) order by v.name)
        from (select s.view::regclass::text as name, coalesce(jsonb_agg(c.relname order by c.relname) filter (
                       where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')), '[]') as tables
                from shown s join pg_catalog.pg_class c on c.oid = s.relation
               group by s.view) v), '[]'),
    -- What gives others than the app access to Storage's files: all policies but our own. None if there is no Storage.
    'storage_policies', coalesce((
      select jsonb_agg(jsonb_build_object('name', p.policyname, 'conditions', to_jsonb(array_remove(array[p.qual, p.with_check], null)))
                       order by p.policyname)
        from pg_catalog.pg_policies p
       where p.schemaname = 'storage' and p.tablename = 'objects' and p.permissive = 'PERMISSIVE'
         and p.roles && array['anon', 'public', 'authenticated']::name[]
         and p.policyname <> 'The app keeps customers'' files'), '[]'),
    -- Run with the owner's rights, callable with the public key, and not asking who calls.
    'open_functions', coalesce((
      select jsonb_agg(p.oid::regprocedure::text order by p.proname)
        from pg_catalog.pg_proc p
       where p.pronamespace = 'public'::regnamespace and p.prosecdef
         and p.prosrc !~ 'private\.(authorize|require_staff)\(\)'
         and (has_function_privilege('anon', p.oid, 'execute') or has_function_privilege('authenticated', p.oid, 'execute'))
         and not exists (select from pg_catalog.pg_depend d where d.objid = p.oid and d.deptype = 'e')), '[]'),
    'bucket', private.optional_report($q$ select jsonb_build_object('public', public) from storage.buckets where id = 'bills' $q$),
    'storage', to_regclass('storage.buckets') is not null,
    'size', jsonb_build_object(
      'bytes', pg_database_size(current_database()),
      'largest', (
        select jsonb_agg(jsonb_build_object('name', l.name, 'bytes', l.bytes) order by l.bytes desc)
          from (select c.name::text as name, pg_total_relation_size(c.name) as bytes
                  -- Roughly the largest, by what PostgreSQL keeps anyway; to look at every table's files takes longer.
                  from (select c.oid::regclass as name from pg_catalog.pg_class c
                          left join pg_catalog.pg_class t on t.oid = c.reltoastrelid
                         where c.relkind in ('r', 'm')
                         order by c.relpages + coalesce(t.relpages, 0) desc limit 6) c
                 order by 2 desc limit 3) l)),
    'clock', jsonb_build_object(
      'available', (select count(*) = 2 from pg_catalog.pg_extension where extname in ('pg_cron', 'pg_net')),
      'job', private.optional_report($q$
        select jsonb_build_object('schedule', schedule, 'active', active) from cron.job where jobname = 'outbox-clock' $q$),
      'log_job', coalesce(private.optional_report($q$
        select to_jsonb(active) from cron.job where jobname = 'outbox-clock-log' $q$), 'false'),
      'last_run', private.optional_report($q$
        select jsonb_build_object('at', d.start_time, 'status', d.status, 'message', left(d.return_message, 300))
          from cron.job_run_details d join cron.job j using (jobid)
         where j.jobname = 'outbox-clock' order by d.runid desc limit 1 $q$),
      'last_answer', private.optional_report($q$
        select jsonb_build_object('at', created, 'status', status_code, 'error', left(error_msg, 300))
          from net._http_response order by created desc limit 1 $q$),
      'outbox_url', private.optional_report($q$
        select to_jsonb(decrypted_secret) from vault.decrypted_secrets where name = 'outbox_url' $q$),
      -- Enough of a hash to compare with, and nothing to ring with.
      'cron_secret', private.optional_report($q$
        select to_jsonb(left(encode(sha256(convert_to(decrypted_secret, 'UTF8')), 'hex'), 16))
          from vault.decrypted_secrets where name = 'cron_secret' $q$),
      'due', public.outbox_due()),
    'sender', (
      select jsonb_build_object('rang_at', s.rang_at, 'heard_at', s.heard_at, 'paused_at', s.paused_at,
        'restricted_at', s.restricted_at, 'restricted_until', private.restricted_until(s, null, now()),
        'paused_reason', s.paused_reason, 'paused_message', s.paused_message, 'session', s.session_status,
        'session_at', s.session_at, 'next_send_at', s.next_send_at,
        'last_sent_at', (select max(a.started_at) from (
          select started_at from public.whatsapp_attempts where outcome = 'sent' order by id desc limit 10) a),
        'first_sent_at', (
          select coalesce(a.started_at, a.claimed_at) from public.whatsapp_attempts a
           where a.outcome = 'sent' order by a.id limit 1))
      from public.whatsapp_sender s),
    'history', (
      select jsonb_build_object('started_at', s.reconcile_started_at, 'ok_at', s.reconciled_at, 'error', s.reconcile_error,
        'found', (select coalesce(sum(d.count), 0) from day d where d.source = 'reconciled'))
      from public.whatsapp_sender s),
    'queue', (
      -- One look into an index each: no index has both states.
      select jsonb_build_object('queued', count(*), 'oldest_at', min(created_at),
        -- As of an hour ago: what waits for the hours or a person is not late.
        'due_at', (select private.next_sendable(s, now() - interval '1 hour') from public.whatsapp_sender s),
        'unknown', (select count(*) from public.whatsapp_messages where status = 'unknown'))
      from public.whatsapp_messages where status = 'queued'),
    'media_failed', (
      select count(*) from public.whatsapp_messages
       where media_state = 'failed' and updated_at > now() - interval '1 day'),
    'webhooks', (
      select jsonb_object_agg(s.source, jsonb_build_object(
        'last_at', (select r."timestamp" from public.webhook_requests r
                     where r.source between s.source and s.source order by r.source, r.id desc limit 1),
        'day', (select jsonb_build_object(
            'accepted', coalesce(sum(d.count) filter (where d.outcome = 'accepted'), 0),
            'duplicate', coalesce(sum(d.count) filter (where d.outcome = 'duplicate'), 0),
            'ignored', coalesce(sum(d.count) filter (where d.outcome = 'ignored'), 0),
            'invalid', coalesce(sum(d.count) filter (where d.outcome = 'invalid'), 0))
          from day d where d.source = s.source),
        'refused', (select jsonb_build_object('id', r.id, 'at', r."timestamp", 'detail', left(r.outcome_detail, 300))
          from public.webhook_requests r
         where r.source between s.source and s.source and r.outcome = 'invalid' order by r.source, r.id desc limit 1),
        'unauthorized', (select jsonb_build_object('count', coalesce(sum(u.count), 0), 'last_at', max(u.last_at))
          from private.refused_webhooks u
         where u.source = s.source and u.day >= (now() at time zone 'UTC')::date - 1)))
      from (values ('cloudtalk'), ('wasender')) as s (source)),
    'wasender_events', (
      select jsonb_object_agg(e.kind, (
          select r."timestamp" from public.webhook_requests r
           where r.source = 'wasender' and r.event_type between e.kind and e.kind order by r.event_type, r.id desc limit 1))
      from (values ('messages.received'), ('messages.upsert'), ('messages-personal.received'), ('messages.update'),
                   ('message.sent'), ('session.status')) as e (kind)),
    'unresolved_lids', (
      select count(*) from public.whatsapp_lids l
       where l.phone_number is null and exists (
         select from public.whatsapp_messages m
          where m.lid = l.lid and m.phone_number is null and m.direction = 'incoming'
            and m.created_at < now() - interval '1 hour')),
    'staff', (select count(*) from public.staff)));
end
$$;
comment on function public.health_report is
  'What lib/health judges: migrations, open access, the clock, the sender, the queue, webhooks, staff. No customer''s data, no secret.';
revoke execute on function public.health_report from public, anon, authenticated, service_role;
grant execute on function public.health_report to anon, service_role;

create or replace function public.read_conversations(
  p_limit integer, p_state text default null, p_q text default null, p_before text default null,
  p_objection boolean default null, p_undelivered boolean default null
) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  v_limit integer := least(greatest(p_limit, 1), 200);
  v_rows public.conversations[];
  v_next text;
begin
  perform private.require_staff();
  v_rows := array(select f from private.find_conversations(p_state, p_q, p_before, v_limit + 1, p_objection, p_undelivered) f);
  if coalesce(array_length(v_rows, 1), 0) > v_limit then
    v_rows := v_rows[1:v_limit];
    v_next := concat(v_rows[v_limit].last_at, '~', v_rows[v_limit].id);
  end if;
  return private.monitor_state(private.with_lights(private.read_pending(), null)) || jsonb_build_object(
    'cursor', pg_current_snapshot()::text,
    'conversations', coalesce((select jsonb_agg(private.feed_conversation(c) order by c.last_at desc, c.id desc)
                                 from unnest(v_rows) c), '[]'),
    'next', v_next,
    'counts', private.conversation_counts());
end
$$;
comment on function public.read_conversations is
  'A page of the list, newest first, by state and search. Returns { cursor, conversations, next, counts, due, log, sender }.';
revoke execute on function public.read_conversations from public, anon, authenticated, service_role;
grant execute on function public.read_conversations to authenticated, service_role;

-- A poll that finds nothing new looks into no table that grows.
--
-- Whatever changes a message, a conversation or a LID draws a number from the sequence private.changes, and a cursor
-- carries the number that stood when it was made, if no other transaction was under way then: if that number still
-- stands, nothing has begun since, and nothing that had begun before can have been committed since. What such a poll
-- has to say besides (what is queued, what is due and when) cannot have changed but for the time, so the cursor carries
-- it too.
--
-- For that three things are read in this order: the number, whether a transaction that may have drawn one is under way,
-- the snapshot. A transaction that drew a number before it was read either is still under way, and then this cursor
-- gets none, or has ended and is seen by the snapshot. A transaction holds the lock on its own id from before it can
-- write until after it is seen as ended; a snapshot alone does not say so, since it does not know those younger than
-- the last one to end. A function that is not VOLATILE has the snapshot of the statement that called it, so this one
-- is, although it writes nothing. (A crash may give a second time a number with which no change was committed; the next
-- one differs.) Whoever reads the feed has written nothing in the same transaction: its own number is in no snapshot.)
create or replace function public.read_feed(p_limit integer, p_after text default null) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_limit integer := least(greatest(coalesce(p_limit, 50), 1), 200);
  k private.poll_cursor;
  v_change bigint;
  v_pending private.pending;
  v_messages public.whatsapp_messages[] := array[]::public.whatsapp_messages[];
  v_conversations public.conversations[] := array[]::public.conversations[];
  v_deleted jsonb;
begin
  perform private.require_staff();
  k := private.parse_cursor(p_after);
  if current_setting('transaction_isolation') = 'read committed' then
    select last_value into v_change from private.changes;
  end if;
  if k.change = v_change then
    if (k.pending).queued_due_at <= now() then
      -- The hours may have ended since.
      k.pending.queued_due_at := private.next_sendable((select s from public.whatsapp_sender s), now());
    end if;
    return private.monitor_state(k.pending) || jsonb_build_object('cursor', p_after, 'more', false,
      'messages', '[]'::jsonb, 'conversations', '[]'::jsonb, 'deleted', null, 'counts', null);
  end if;
  if k.to_snapshot is not null
     or exists (select from pg_catalog.pg_locks where locktype = 'transactionid' and mode = 'ExclusiveLock') then
    -- What has changed since an unfinished cursor's second snapshot is not looked at yet.
    v_change := null;
  end if;
  k.to_snapshot := coalesce(k.to_snapshot, pg_current_snapshot());
  if p_after is null then
    v_messages := array(select m from public.whatsapp_messages m order by m.id desc limit v_limit);
    v_conversations := array(
      select c from public.conversations c where c.merged_into is null order by c.last_at desc, c.id desc limit v_limit);
    k.message_xid := null;
    k.conversation_xid := null;
  else
    -- Of another cluster, or of a time that was lost when this one was restored: nothing would ever be new to it.
    if pg_snapshot_xmax(k.from_snapshot) > pg_snapshot_xmax(pg_current_snapshot()) then
      raise invalid_parameter_value using message = 'invalid cursor';
    end if;
    v_messages := private.changed_messages(k, v_limit + 1);
    v_conversations := private.changed_conversations(k, v_limit + 1);
    -- A place is kept if its table has more.
    k.message_xid := v_messages[v_limit + 1].changed_xid;
    k.conversation_xid := v_conversations[v_limit + 1].changed_xid;
    if k.message_xid is not null then k.message_xid := v_messages[v_limit].changed_xid; end if;
    if k.conversation_xid is not null then k.conversation_xid := v_conversations[v_limit].changed_xid; end if;
    k.message_id := v_messages[v_limit].id;
    k.conversation_id := v_conversations[v_limit].id;
    v_deleted := private.deleted_since(k);
  end if;
  v_pending := private.with_lights(private.read_pending(), k.pending);
  return private.monitor_state(v_pending) || jsonb_build_object(
    'cursor', private.format_cursor(k, v_change, v_pending),
    'more', k.message_xid is not null or k.conversation_xid is not null,
    'messages', coalesce((select jsonb_agg(private.feed_message(m) order by m.id desc) from unnest(v_messages[1:v_limit]) m), '[]'),
    'conversations', coalesce((select jsonb_agg(private.feed_conversation(c) order by c.last_at desc, c.id desc)
                                 from unnest(v_conversations[1:v_limit]) c), '[]'),
    'deleted', v_deleted,
    -- They can only have changed if a conversation has, or is gone.
    'counts', case when p_after is null or v_conversations <> '{}' or v_deleted is not null then private.conversation_counts() end);
end
$$;
comment on function public.read_feed is
  'The newest messages and conversations, or with p_after (a cursor of an earlier answer) what was added, changed or deleted since. Returns { cursor, more, messages, conversations, deleted: { messages, conversations } | null, counts, due, work, log, sender }.';
revoke execute on function public.read_feed from public, anon, authenticated, service_role;
grant execute on function public.read_feed to authenticated, service_role;

create or replace function public.read_thread(p_conversation_id bigint, p_limit integer, p_before bigint default null) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  c public.conversations;
  v_limit integer := least(greatest(p_limit, 1), 200);
  v_rows public.whatsapp_messages[];
begin
  perform private.require_staff();
  select * into c from public.conversations where id = p_conversation_id;
  if c.id is null then
    return jsonb_build_object('error', 'not_found');
  end if;
  v_rows := array(
    select m from public.whatsapp_messages m
     where m.conversation_id = c.id and (p_before is null or m.id < p_before)
     order by m.id desc limit v_limit + 1);
  return jsonb_build_object(
    'conversation', private.feed_conversation(c),
    'messages', coalesce((select jsonb_agg(private.feed_message(m) order by m.id desc) from unnest(v_rows[1:v_limit]) m), '[]'),
    'more', coalesce(array_length(v_rows, 1), 0) > v_limit,
    'bills', private.feed_bills(c.id),
    'calls', coalesce((
      select jsonb_agg(private.feed_call(k) order by k.id desc)
        from (select * from public.cloudtalk_calls
               where conversation_id = c.id and duplicate_of is null order by id desc limit 50) k), '[]'),
    'actions', coalesce((
      select jsonb_agg(jsonb_build_object('id', a.id, 'at', a.at, 'who', a.who, 'action', a.action, 'message_id', a.message_id, 'reason', a.reason)
                       order by a.id desc)
      from (select * from public.staff_actions where conversation_id = c.id order by id desc limit 100) a), '[]'));
end
$$;
comment on function public.read_thread is
  'A conversation with its newest messages (before p_before), calls and what staff did. Returns { conversation, messages, more, bills, calls, actions } or { error: not_found }.';
revoke execute on function public.read_thread from public, anon, authenticated, service_role;
grant execute on function public.read_thread to authenticated, service_role;

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

alter table public.alerts
  add constraint "alerts_kind_check"
    check ((kind = ANY (ARRAY['paused'::text, 'restricted'::text, 'media'::text, 'clock'::text, 'database'::text])));

alter table public.objections add constraint objections_conversation_id_fkey
  foreign key (conversation_id) references public.conversations (id) on delete cascade;

alter table public.objections add constraint objections_message_id_fkey
  foreign key (message_id) references public.whatsapp_messages (id) on delete set null;

alter table public.staff_actions
  add constraint "staff_actions_action_check"
    check
    ((action = ANY (ARRAY['retry'::text, 'resend'::text, 'give_up'::text, 'cancel'::text, 'pause'::text, 'resume'::text,
    'reply'::text,
    'bill_set'::text, 'bill_unset'::text, 'objection_set'::text, 'objection_lift'::text, 'objection_none'::text])));

alter table public.whatsapp_messages
  add constraint "whatsapp_messages_error_code_check"
    check
    ((error_code = ANY (ARRAY['not_on_whatsapp'::text, 'rejected'::text, 'rate_limited'::text, 'session_down'::text,
    'key_refused'::text,
    'subscription'::text,
    'wrong_address'::text,
    'unreachable'::text,
    'no_answer'::text,
    'server_error'::text,
    'lease_expired'::text,
    'slot_missed'::text,
    'delivery_failed'::text,
    'restricted'::text,
    'no_phone_number'::text,
    'payload_says_no'::text,
    'nobody_talked'::text,
    'bill_already_received'::text,
    'too_old'::text,
    'asked_recently'::text,
    'duplicate_call'::text, 'answered'::text, 'objection'::text, 'superseded'::text, 'held_too_long'::text])));

alter table public.whatsapp_messages
  add constraint "whatsapp_messages_kind_check" check (
CASE direction
    WHEN 'incoming'::text THEN (kind = 'incoming'::text)
    ELSE (kind = ANY (ARRAY['ask'::text, 'reminder'::text, 'reply'::text, 'confirmation'::text, 'manual'::text]))
END);

create index conversations_objected_idx
  on public.conversations (last_at desc, id desc) where merged_into is null and (objected_at is not null or objection_asked_at is not null);

create index whatsapp_lids_new_idx on public.whatsapp_lids (lid) where phone_number is null and attempts < 2;

create index whatsapp_messages_due_idx on public.whatsapp_messages (kind, in_hours, first_contact, due_at) where status = 'queued';

create index whatsapp_messages_first_contact_idx on public.whatsapp_messages (sent_at) where first_contact and sent_at is not null;

create index whatsapp_messages_fresh_idx on public.whatsapp_messages (free_until, id) where status = 'queued';

create index whatsapp_messages_restricted_idx on public.whatsapp_messages (sent_at) where error_code = 'restricted';

create index whatsapp_messages_undelivered_idx on public.whatsapp_messages (sent_at) where status = 'sent';

create index whatsapp_messages_warm_idx
  on public.whatsapp_messages (delivered_at) where direction = 'outgoing' and not first_contact and delivered_at is not null;

comment on column public.conversation_numbers."on_whatsapp" is 'What Wasender said at checked_at.';

comment on column public.conversation_numbers."written_at" is 'When a message first came from it: before, what the program sends is a first contact.';

comment on column public.conversations."objected_at" is 'Since when the program must not write to this customer; the history is in objections.';

comment on column public.conversations."objection_asked_at" is 'Since when staff are to decide whether the customer objects: until then nothing automatic goes.';

comment on column public.staff_actions."reason" is 'Why, in their own words, if they were asked.';

comment on column public.whatsapp_messages."first_contact" is 'Automatic, to a number that has never written to us.';

comment on column public.whatsapp_messages."free_until" is 'Until then it may go at any hour: the customer has just hung up.';

comment on column public.whatsapp_messages."in_hours" is 'Whoever wrote it wants it sent within the sending hours, although its kind may go at any.';

comment on column public.whatsapp_messages."kind" is 'incoming: from the customer; ask: the request for the bills; reminder: a further one; confirmation: of an objection; reply: written by staff on the monitor; manual: typed on the phone itself, seen as an echo.';

comment on column public.whatsapp_messages."queued_at" is 'Since when it waits, if not since created_at: it was withdrawn, or had failed, and was queued again.';

comment on column public.whatsapp_receipts."code" is 'Of a failure, as in whatsapp_messages.error_code.';

comment on column public.whatsapp_sender."guarded_from" is 'First contacts of before are no evidence any more: staff resumed, or a trial arrived.';

comment on column public.whatsapp_sender."restricted_at" is 'Since when first contacts are held, beside any pause: WhatsApp restricts the number, or it looks so.';

comment on column public.whatsapp_sender."restricted_until" is 'Then one of them is tried.';

comment on column public.whatsapp_sender."resumed_at" is 'When staff ended a restriction; null once a first contact has arrived since. Until then one error is enough.';

comment on column public.whatsapp_sender."trial_at" is 'When the last one was tried.';

comment on column public.whatsapp_sender."trials" is 'How many were tried since restricted_until: two at most.';

create or replace function private.drain_in_ms() returns integer
language plpgsql stable set search_path = '' as $$
declare
  s public.whatsapp_sender;
begin
  select * into s from public.whatsapp_sender;
  if s.paused_reason = 'staff' then
    return null;
  end if;
  -- A pause that is Wasender's: only a claim can decide whether this deployment may probe now.
  return case when s.paused_at is not null then 0
    else greatest(0, ceil(extract(epoch from s.next_send_at - clock_timestamp()) * 1000)) end;
end
$$;
comment on function private.drain_in_ms is
  'In how many milliseconds a drain could send what was just queued: before, a claim is in vain. Null if only staff can let it go. What else holds a message the claim says: to ask here, for each webhook, would cost more than the claim in vain.';
revoke execute on function private.drain_in_ms from public;

comment on type private.incoming is 'An event of a message from a customer (lib/wasender/event.ts), and what the database knows of it: the message''s id if it is stored, whether the event says more than is stored, whether its file came with an earlier webhook; and what its words mean for automatic messages if they are new: objects, staff, or nothing.';

comment on type private.pending is 'What waits: how many messages are queued; when the first of them can go, when the first of the files and of the chores is due; when the last message became unknown. And the sender''s lights: see private.with_lights.';

-- What was stored before. Whoever has written, or whose calls the previous system marked as answered, is no first contact.
update public.conversation_numbers n set written_at = m.at
  from (select phone_number, min(created_at) as at from public.whatsapp_messages where direction = 'incoming' group by 1) m
 where m.phone_number = n.address;
update public.conversation_numbers n set written_at = k.at
  from (select phone_number, min(coalesce(electricity_bill_received_at, created_at)) as at from public.cloudtalk_calls
         where electricity_bill_received group by 1) k
 where k.phone_number = n.address and n.written_at is null;
update public.whatsapp_messages m set
  first_contact = true,
  free_until = case when status = 'queued' then created_at + interval '10 minutes' end
 where kind = 'ask' and (status in ('queued', 'sending', 'unknown') or created_at > now() - interval '8 days')
   and not exists (select from public.conversation_numbers where address = m.phone_number and written_at < m.created_at);

reset check_function_bodies;

