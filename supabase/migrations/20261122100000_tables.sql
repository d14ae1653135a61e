-- The four tables of the product, on an empty project and on one that the previous system left behind.
--
-- Every column is added with "if not exists", so the same statements create the tables and take over older ones
-- (webhook_requests, cloudtalk_calls) in place: no row and no column's content is lost. What the older system wrote
-- is brought into the shape that the constraints below demand before they are added.

create schema if not exists private;
comment on schema private is 'What no API role may call or see: helpers of the functions in public.';
revoke all on schema private from public;

-- ── webhook_requests ────────────────────────────────────────────────────────────────────────────────────────────

create table if not exists public.webhook_requests (id bigserial primary key);
alter table public.webhook_requests
  add column if not exists method varchar(10) not null default 'POST',
  add column if not exists path text not null default '',
  add column if not exists url text not null default '',
  add column if not exists headers jsonb,
  add column if not exists query jsonb,
  add column if not exists body jsonb,
  add column if not exists raw_body text,
  add column if not exists ip_address text,
  add column if not exists user_agent text,
  add column if not exists "timestamp" timestamptz not null default now(),
  add column if not exists created_at timestamptz default now(),
  add column if not exists source text not null default 'legacy',
  add column if not exists event_type text,
  add column if not exists outcome text not null default 'legacy',
  add column if not exists outcome_detail text;
alter table public.webhook_requests
  alter column source drop default,
  alter column outcome drop default,
  alter column "timestamp" set default now();
alter table public.webhook_requests
  drop constraint if exists webhook_requests_source_check,
  add constraint webhook_requests_source_check check (source in ('cloudtalk', 'wasender', 'reconciled', 'legacy')),
  drop constraint if exists webhook_requests_outcome_check,
  add constraint webhook_requests_outcome_check
    check (outcome in ('accepted', 'duplicate', 'ignored', 'invalid', 'legacy'));

comment on table public.webhook_requests is
  'Every webhook that was received, also the invalid, the ignored and the repeated ones, each with its outcome.';
comment on column public.webhook_requests.source is
  'Who told us: cloudtalk, wasender; reconciled: no webhook came, and the call was found in CloudTalk''s history; legacy: the previous system.';
comment on column public.webhook_requests.body is 'The parsed body, secrets removed.';
comment on column public.webhook_requests.raw_body is 'The body as text, secrets removed; kept only where it could not be parsed.';
comment on column public.webhook_requests.outcome is
  'accepted: it told us something; duplicate: it told us nothing new; ignored: an event we do not use; invalid: not understood; legacy: written by the previous system.';
comment on column public.webhook_requests.outcome_detail is 'Why it was ignored or invalid; or when it was replayed, and with what outcome.';

-- ── cloudtalk_calls ─────────────────────────────────────────────────────────────────────────────────────────────

create table if not exists public.cloudtalk_calls (id bigserial primary key);
alter table public.cloudtalk_calls
  add column if not exists webhook_request_id bigint,
  add column if not exists call_uuid text,
  add column if not exists call_id text,
  add column if not exists cdr_id text,
  add column if not exists duplicate_of bigint,
  add column if not exists event_type text,
  add column if not exists phone_number text,
  add column if not exists phone_number_raw text,
  add column if not exists phone_number_from text,
  add column if not exists status text,
  add column if not exists duration integer,
  add column if not exists talking_time integer,
  add column if not exists direction text,
  add column if not exists agent_id text,
  add column if not exists agent_name text,
  add column if not exists customer_name text,
  add column if not exists contact_id text,
  add column if not exists contact_name text,
  add column if not exists company_name text,
  add column if not exists recording_url text,
  add column if not exists transcript text,
  add column if not exists call_start_time timestamptz,
  add column if not exists call_end_time timestamptz,
  add column if not exists call_result text,
  add column if not exists call_outcome text,
  add column if not exists ateco_code text,
  add column if not exists ateco_eligible boolean,
  add column if not exists interest_confirmed boolean,
  add column if not exists annual_consumption_kwh integer,
  add column if not exists electricity_bill_received boolean,
  add column if not exists electricity_bill_received_at timestamptz,
  add column if not exists should_send boolean,
  add column if not exists should_send_reason text,
  add column if not exists stated_should_send boolean,
  add column if not exists conversation boolean,
  add column if not exists reason text,
  add column if not exists raw_data jsonb,
  add column if not exists created_at timestamptz default now(),
  add column if not exists updated_at timestamptz;

-- A raw webhook may be purged without taking the call with it (the previous system's key cascaded).
alter table public.cloudtalk_calls
  alter column webhook_request_id drop not null,
  drop constraint if exists cloudtalk_calls_webhook_request_id_fkey,
  add constraint cloudtalk_calls_webhook_request_id_fkey
    foreign key (webhook_request_id) references public.webhook_requests (id) on delete set null,
  drop constraint if exists cloudtalk_calls_duplicate_of_fkey,
  add constraint cloudtalk_calls_duplicate_of_fkey
    foreign key (duplicate_of) references public.cloudtalk_calls (id) on delete set null;

-- The previous system's rows: numbers to E.164 with the original kept, repeats linked to the first, no unknown flags.
create or replace function private.legacy_phone_to_e164(p_raw text) returns text
language sql immutable set search_path = '' as $$
  with d as (
    select regexp_replace(coalesce(p_raw, ''), '[^0-9]', '', 'g') as digits, btrim(coalesce(p_raw, '')) ~ '^\+' as plus
  ), n as (
    select case
      when plus then digits
      when digits ~ '^00' then substr(digits, 3)
      when digits ~ '^0' then '39' || digits
      when digits ~ '^3[0-9]{8,9}$' then '39' || digits
      else digits
    end as digits
    from d
  )
  select case when digits ~ '^[1-9][0-9]{7,14}$' then '+' || digits end from n
$$;
comment on function private.legacy_phone_to_e164 is
  'A number as the previous system stored it (+39…, 39…, 333…, with spaces) as E.164, or null. Bare national numbers are Italian.';

update public.cloudtalk_calls
   set phone_number_raw = coalesce(phone_number_raw, phone_number),
       phone_number = private.legacy_phone_to_e164(phone_number)
 where phone_number is not null and phone_number !~ '^\+[1-9][0-9]{5,14}$';

update public.cloudtalk_calls c
   set duplicate_of = f.first_id
  from (
    select id, min(id) over (partition by call_id) as first_id
      from public.cloudtalk_calls
     where call_id is not null and duplicate_of is null
  ) f
 where f.id = c.id and f.first_id <> c.id;

update public.cloudtalk_calls
   set electricity_bill_received = coalesce(electricity_bill_received, false),
       should_send_reason = coalesce(should_send_reason, 'legacy'),
       created_at = coalesce(created_at, now()),
       updated_at = coalesce(updated_at, created_at, now())
 where electricity_bill_received is null or should_send_reason is null
    or created_at is null or updated_at is null;

alter table public.cloudtalk_calls
  alter column electricity_bill_received set default false,
  alter column electricity_bill_received set not null,
  alter column should_send_reason set not null,
  alter column created_at set default now(),
  alter column created_at set not null,
  alter column updated_at set default now(),
  alter column updated_at set not null,
  drop constraint if exists cloudtalk_calls_phone_number_check,
  add constraint cloudtalk_calls_phone_number_check check (phone_number ~ '^\+[1-9][0-9]{5,14}$'),
  drop constraint if exists cloudtalk_calls_ask_needs_number_check,
  add constraint cloudtalk_calls_ask_needs_number_check
    check (should_send_reason = 'legacy' or (should_send is not null and (not should_send or phone_number is not null))),
  drop constraint if exists cloudtalk_calls_duplicate_check,
  add constraint cloudtalk_calls_duplicate_check check (duplicate_of <> id);

create unique index if not exists cloudtalk_calls_call_uuid_key
  on public.cloudtalk_calls (call_uuid) where duplicate_of is null;
create unique index if not exists cloudtalk_calls_call_id_key
  on public.cloudtalk_calls (call_id) where duplicate_of is null;
create unique index if not exists cloudtalk_calls_cdr_id_key
  on public.cloudtalk_calls (cdr_id) where duplicate_of is null;
create index if not exists cloudtalk_calls_phone_number_idx on public.cloudtalk_calls (phone_number, id desc);
create index if not exists cloudtalk_calls_webhook_request_id_idx on public.cloudtalk_calls (webhook_request_id);
create index if not exists cloudtalk_calls_duplicate_of_idx
  on public.cloudtalk_calls (duplicate_of) where duplicate_of is not null;

comment on table public.cloudtalk_calls is 'One row per call of CloudTalk or of the voice agent.';
comment on column public.cloudtalk_calls.call_id is 'The id that webhooks give, of CloudTalk or of the voice agent.';
comment on column public.cloudtalk_calls.cdr_id is 'The id in CloudTalk''s call history; null until the call was seen there.';
comment on column public.cloudtalk_calls.phone_number is 'The customer''s number, E.164; null where it was withheld or not understood.';
comment on column public.cloudtalk_calls.phone_number_raw is 'The number as it came.';
comment on column public.cloudtalk_calls.phone_number_from is 'The company''s number, as it came.';
comment on column public.cloudtalk_calls.duration is 'Seconds, all of the call.';
comment on column public.cloudtalk_calls.talking_time is 'Seconds in which somebody talked.';
comment on column public.cloudtalk_calls.electricity_bill_received is 'The customer has answered (any reply) since this call.';
comment on column public.cloudtalk_calls.electricity_bill_received_at is 'When the first reply was received.';
comment on column public.cloudtalk_calls.should_send is 'Whether this call gets an ask; decided by lib/ask.ts.';
comment on column public.cloudtalk_calls.should_send_reason is 'Why, as the code that lib/ask.ts gives.';
comment on column public.cloudtalk_calls.stated_should_send is 'should_send as the payload stated it; null where it did not.';
comment on column public.cloudtalk_calls.conversation is 'Whether the payload shows that a conversation took place; null where it does not say.';
comment on column public.cloudtalk_calls.reason is 'The reason that the payload gave in its own words.';
comment on column public.cloudtalk_calls.duplicate_of is 'The first row of the same call, in data taken over from the previous system.';

-- ── whatsapp_messages ───────────────────────────────────────────────────────────────────────────────────────────

create table if not exists public.whatsapp_messages (
  id bigint generated always as identity primary key,
  direction text not null,
  kind text not null,
  status text not null,
  phone_number text,
  lid text,
  contact_name text,
  type text not null default 'text',
  text text,
  media jsonb,
  error text,
  call_id bigint references public.cloudtalk_calls (id) on delete set null,
  webhook_request_id bigint references public.webhook_requests (id) on delete set null,
  whatsapp_id text,
  wasender_id text,
  quoted_whatsapp_id text,
  priority smallint not null default 0,
  attempts integer not null default 0,
  due_at timestamptz,
  lease_token uuid,
  lease_until timestamptz,
  cancelled_by text,
  author text,
  client_id uuid,
  info_at timestamptz,
  info_attempts smallint not null default 0,
  message_at timestamptz,
  sent_at timestamptz,
  delivered_at timestamptz,
  read_at timestamptz,
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp(),
  changed_xid xid8 not null default pg_current_xact_id(),

  constraint whatsapp_messages_direction_check check (direction in ('incoming', 'outgoing')),
  constraint whatsapp_messages_kind_check check (
    case direction
      when 'incoming' then kind = 'incoming'
      else kind in ('ask', 'reply', 'manual')
    end),
  constraint whatsapp_messages_status_check check (
    case direction
      when 'incoming' then status = 'received'
      else status in ('queued', 'sending', 'sent', 'delivered', 'read', 'failed', 'unknown', 'cancelled')
    end),
  constraint whatsapp_messages_phone_number_check check (phone_number ~ '^\+[1-9][0-9]{5,14}$'),
  constraint whatsapp_messages_lid_check check (lid ~ '^[0-9]+@lid$'),
  constraint whatsapp_messages_party_check check (phone_number is not null or lid is not null),
  constraint whatsapp_messages_type_check check (type in (
    'text', 'image', 'document', 'video', 'audio', 'sticker', 'location', 'contact', 'poll', 'other')),
  constraint whatsapp_messages_lease_check check ((status = 'sending') <= (lease_token is not null and lease_until is not null)),
  constraint whatsapp_messages_queued_check check (status <> 'queued' or (due_at is not null and phone_number is not null and text is not null)),
  constraint whatsapp_messages_failed_check check (status <> 'failed' or error is not null),
  constraint whatsapp_messages_cancelled_check check ((status = 'cancelled') = (cancelled_by is not null)),
  constraint whatsapp_messages_ask_check check (kind <> 'ask' or (type = 'text' and text is not null))
);

-- One call gets at most one ask: a second one meets this key. A cancelled one was never sent.
create unique index if not exists whatsapp_messages_one_ask_key
  on public.whatsapp_messages (call_id) where kind = 'ask' and status <> 'cancelled';
create unique index if not exists whatsapp_messages_whatsapp_id_key on public.whatsapp_messages (direction, whatsapp_id);
create unique index if not exists whatsapp_messages_wasender_id_key on public.whatsapp_messages (wasender_id);
create unique index if not exists whatsapp_messages_client_id_key on public.whatsapp_messages (client_id);
create index if not exists whatsapp_messages_queue_idx
  on public.whatsapp_messages (priority desc, due_at, id) where status = 'queued';
create index if not exists whatsapp_messages_due_idx
  on public.whatsapp_messages (due_at) where status = 'queued';
create index if not exists whatsapp_messages_info_idx
  on public.whatsapp_messages (info_at) where info_at is not null;
create unique index if not exists whatsapp_messages_lease_token_key on public.whatsapp_messages (lease_token);
create index if not exists whatsapp_messages_lease_idx
  on public.whatsapp_messages (lease_until) where status = 'sending';
create index if not exists whatsapp_messages_unknown_customer_idx
  on public.whatsapp_messages (phone_number) where status = 'unknown';
create index if not exists whatsapp_messages_text_idx
  on public.whatsapp_messages using gin (to_tsvector('simple', coalesce(text, '')));
create index if not exists whatsapp_messages_unknown_idx
  on public.whatsapp_messages (updated_at) where status = 'unknown';
create index if not exists whatsapp_messages_changed_idx on public.whatsapp_messages (changed_xid, id);
create index if not exists whatsapp_messages_phone_number_idx on public.whatsapp_messages (phone_number, id desc);
create index if not exists whatsapp_messages_lid_idx
  on public.whatsapp_messages (lid) where phone_number is null;
create index if not exists whatsapp_messages_unjoined_idx
  on public.whatsapp_messages (phone_number, id desc) where direction = 'outgoing' and whatsapp_id is null;
create index if not exists whatsapp_messages_call_id_idx on public.whatsapp_messages (call_id);
create index if not exists whatsapp_messages_webhook_request_id_idx on public.whatsapp_messages (webhook_request_id);

comment on table public.whatsapp_messages is
  'Every WhatsApp message in and out. Outgoing rows are the outbox: the queue is the table.';
comment on column public.whatsapp_messages.kind is
  'incoming: from the customer; ask: the request for the bills; reply: written by staff on the monitor; manual: typed on the phone itself, seen as an echo.';
comment on column public.whatsapp_messages.status is
  'incoming: received. Outgoing: queued → sending → sent → delivered → read (only forwards), or failed, unknown (nobody knows whether it was sent), cancelled.';
comment on column public.whatsapp_messages.lid is 'WhatsApp''s private id of the other party (digits@lid). Not a telephone number.';
comment on column public.whatsapp_messages.whatsapp_id is 'WhatsApp''s own id (key.id).';
comment on column public.whatsapp_messages.wasender_id is 'Wasender''s id (msgId), known from the answer to the send.';
comment on column public.whatsapp_messages.due_at is 'Not to be sent before this.';
comment on column public.whatsapp_messages.lease_until is 'When a claim whose function died ends; the message is then unknown.';
comment on column public.whatsapp_messages.info_at is
  'When Wasender is to be asked which WhatsApp id its msgId stands for; null where that is known or was given up.';
comment on column public.whatsapp_messages.message_at is 'When the message was written, by WhatsApp''s clock.';
comment on column public.whatsapp_messages.cancelled_by is 'Who cancelled it; "decision" where a later webhook showed that the call gets no ask.';
comment on column public.whatsapp_messages.author is 'Which of the staff wrote a reply.';
comment on column public.whatsapp_messages.client_id is 'The idempotency key that the page gave a reply.';
comment on column public.whatsapp_messages.changed_xid is
  'The transaction that changed the row last. With a snapshot as cursor a reader gets exactly the rows that it has not seen, however late their transactions commit.';

create or replace function private.touch() returns trigger
language plpgsql set search_path = '' as $$
begin
  new.changed_xid := pg_current_xact_id();
  new.updated_at := clock_timestamp();
  return new;
end
$$;
create or replace trigger whatsapp_messages_touch before update on public.whatsapp_messages
  for each row execute function private.touch();

-- ── whatsapp_attempts ───────────────────────────────────────────────────────────────────────────────────────────

create table if not exists public.whatsapp_attempts (
  id bigint generated always as identity primary key,
  message_id bigint not null references public.whatsapp_messages (id) on delete cascade,
  lease_token uuid not null unique,
  claimed_at timestamptz not null default clock_timestamp(),
  started_at timestamptz,
  ended_at timestamptz,
  outcome text,
  http_status integer,
  detail text,
  constraint whatsapp_attempts_outcome_check check (outcome in (
    'sent', 'refused', 'rate_limited', 'paused', 'not_sent', 'unknown')),
  constraint whatsapp_attempts_ended_check check ((ended_at is null) = (outcome is null))
);
create index if not exists whatsapp_attempts_message_id_idx on public.whatsapp_attempts (message_id, id);
comment on table public.whatsapp_attempts is 'One row for each attempt to send a message.';
comment on column public.whatsapp_attempts.started_at is 'When the request to Wasender started (UTC), by the database''s clock.';
comment on column public.whatsapp_attempts.outcome is
  'sent; refused (for good); rate_limited; paused (configuration or session); not_sent (never left this machine); unknown (may have arrived).';
comment on column public.whatsapp_attempts.detail is 'Wasender''s words, or the error''s.';

-- ── whatsapp_sender ─────────────────────────────────────────────────────────────────────────────────────────────

create table if not exists public.whatsapp_sender (
  id boolean primary key default true check (id),
  next_send_at timestamptz not null default now(),
  slot_token uuid,
  paused_at timestamptz,
  paused_reason text,
  paused_message text,
  paused_fingerprint text,
  probe_at timestamptz,
  session_status text,
  session_at timestamptz,
  log_due_at timestamptz not null default now(),
  log_ok_at timestamptz,
  log_error text,
  rang_at timestamptz,
  constraint whatsapp_sender_paused_check check (
    (paused_at is null) = (paused_reason is null)),
  constraint whatsapp_sender_paused_reason_check check (
    paused_reason in ('configuration', 'session', 'staff'))
);
insert into public.whatsapp_sender (id) values (true) on conflict do nothing;
comment on table public.whatsapp_sender is
  'One row: when the next send may start, why sending is paused, and the last known state of the WhatsApp session.';
comment on column public.whatsapp_sender.slot_token is 'The claim that took the last slot, until its real start is known.';
comment on column public.whatsapp_sender.paused_reason is
  'configuration: Wasender refuses our key or subscription; session: WhatsApp is not connected; staff: somebody paused it.';
comment on column public.whatsapp_sender.paused_fingerprint is
  'The deployment and key that were refused; another one is probed at once.';
comment on column public.whatsapp_sender.probe_at is 'When a paused sender may next ask Wasender whether it works again.';

comment on column public.whatsapp_sender.log_due_at is 'When Wasender''s message log may next be read.';
comment on column public.whatsapp_sender.log_ok_at is 'When it was last read.';
comment on column public.whatsapp_sender.log_error is 'Why the last reading failed; null where it did not.';
comment on column public.whatsapp_sender.rang_at is 'When the clock last rang POST /api/outbox.';

-- ── whatsapp_lids, whatsapp_receipts ────────────────────────────────────────────────────────────────────────────

create table if not exists public.whatsapp_lids (
  lid text primary key check (lid ~ '^[0-9]+@lid$'),
  phone_number text check (phone_number ~ '^\+[1-9][0-9]{5,14}$'),
  attempts integer not null default 0,
  ask_again_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index if not exists whatsapp_lids_unresolved_idx on public.whatsapp_lids (ask_again_at) where phone_number is null;
comment on table public.whatsapp_lids is 'Which telephone number stands behind a LID, once known.';
comment on column public.whatsapp_lids.ask_again_at is 'When Wasender may next be asked for the number.';

create table if not exists public.whatsapp_receipts (
  whatsapp_id text primary key,
  wasender_id text,
  status text not null check (status in ('sent', 'delivered', 'read', 'failed')),
  error text,
  received_at timestamptz not null default now()
);
create index if not exists whatsapp_receipts_wasender_id_idx on public.whatsapp_receipts (wasender_id);
create index if not exists whatsapp_receipts_received_at_idx on public.whatsapp_receipts (received_at);
comment on table public.whatsapp_receipts is
  'States of messages whose WhatsApp id no message carries yet; applied when the two ids are joined.';

-- ── Who may do what ─────────────────────────────────────────────────────────────────────────────────────────────

-- The previous system's triggers wrote every call twice; its policies let anyone with the public key read and write.
do $$
declare
  r record;
begin
  for r in
    select t.tgname, t.tgrelid::regclass as relation
      from pg_trigger t
     where not t.tgisinternal
       and t.tgrelid in ('public.webhook_requests'::regclass, 'public.cloudtalk_calls'::regclass)
       and (t.tgname = 'trigger_auto_insert_cloudtalk_call' or t.tgname like '%whatsapp%')
  loop
    execute format('drop trigger %I on %s', r.tgname, r.relation);
  end loop;
  drop function if exists public.auto_insert_cloudtalk_call();

  for r in
    select policyname, tablename from pg_policies
     where schemaname = 'public'
       and (policyname like 'Allow all operations on %'
            or tablename in ('webhook_requests', 'cloudtalk_calls', 'whatsapp_queue'))
  loop
    execute format('drop policy %I on public.%I', r.policyname, r.tablename);
  end loop;

  -- The previous system's queue, where there was one, is kept and closed.
  if to_regclass('public.whatsapp_queue') is not null then
    alter table public.whatsapp_queue enable row level security;
    revoke all on public.whatsapp_queue from anon, authenticated;
  end if;

  for r in
    select unnest(array['webhook_requests', 'cloudtalk_calls', 'whatsapp_messages', 'whatsapp_attempts',
      'whatsapp_sender', 'whatsapp_lids', 'whatsapp_receipts']) as tablename
  loop
    execute format('alter table public.%I enable row level security', r.tablename);
    execute format('revoke all on public.%I from anon, authenticated', r.tablename);
  end loop;
end
$$;
