-- All of it, as supabase/schemas had it. The two tables that may be there already have their shape from take_over_tables.

set check_function_bodies = off;

-- What no API role may call or see: helpers of the functions in public, and tables of theirs alone.
create schema private;

-- Every change of a message, a conversation or a LID draws a number from it: see monitor/read_feed.
create sequence private.changes;

create type private.incoming as (
  phone_number text,
  lid text,
  contact_name text,
  type text,
  text text,
  media jsonb,
  whatsapp_id text,
  quoted_whatsapp_id text,
  message_at timestamptz,
  id bigint,
  says_more boolean,
  repeats_media boolean
);

create type private.pending as (
  queued bigint,
  queued_due_at timestamptz,
  media_due_at timestamptz,
  chore_due_at timestamptz,
  unknown_at timestamptz
);

create type private.poll_cursor as (
  from_snapshot pg_snapshot,
  to_snapshot pg_snapshot,
  change bigint,
  pending private.pending,
  message_xid xid8,
  message_id bigint,
  conversation_xid xid8,
  conversation_id bigint
);

create table public.alerts (
  kind text primary key,
  since timestamptz not null,
  detail text,
  told_at timestamptz,
  cleared_at timestamptz,
  claimed_until timestamptz,
  constraint alerts_kind_check check (kind in ('paused', 'media', 'clock', 'database'))
);

create table private.app_secrets (
  hash text primary key,
  added_at timestamptz not null default now(),
  constraint app_secrets_hash_check check (hash ~ '^[0-9a-f]{64}$')
);

create table if not exists public.cloudtalk_calls (
  id bigserial primary key,
  webhook_request_id bigint,
  conversation_id bigint,
  call_uuid text,
  call_id text,
  cdr_id text,
  duplicate_of bigint,
  event_type text,
  phone_number text,
  phone_number_raw text,
  phone_number_from text,
  status text,
  duration integer,
  talking_time integer,
  direction text,
  agent_id text,
  agent_name text,
  customer_name text,
  contact_id text,
  contact_name text,
  company_name text,
  recording_url text,
  transcript text,
  call_start_time timestamptz,
  call_end_time timestamptz,
  call_result text,
  call_outcome text,
  ateco_code text,
  ateco_eligible boolean,
  interest_confirmed boolean,
  annual_consumption_kwh integer,
  electricity_bill_received boolean not null default false,
  electricity_bill_received_at timestamptz,
  should_send boolean,
  should_send_reason text not null,
  stated_should_send boolean,
  stated_bill_received boolean,
  talked boolean,
  reason text,
  raw_data jsonb,
  erased_hash text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint cloudtalk_calls_phone_number_check check (phone_number ~ '^\+[1-9][0-9]{5,14}$'),
  constraint cloudtalk_calls_ask_needs_number_check
    check (should_send_reason = 'legacy' or (should_send is not null and (not should_send or phone_number is not null))),
  constraint cloudtalk_calls_duplicate_check check (duplicate_of <> id)
);

create table public.conversation_numbers (
  address text primary key,
  conversation_id bigint not null,
  known_by text not null,
  created_at timestamptz not null default clock_timestamp(),
  constraint conversation_numbers_address_check check (address ~ '^(\+[1-9][0-9]{5,14}|[0-9]+@lid)$'),
  constraint conversation_numbers_known_by_check check (known_by in ('call', 'message', 'lid', 'staff', 'legacy'))
);

create table public.conversations (
  id bigint generated always as identity primary key,
  name text,
  state text not null default 'none',
  last_message_id bigint,
  last_at timestamptz not null default clock_timestamp(),
  unread integer not null default 0,
  seen_message_id bigint not null default 0,
  bill_at timestamptz,
  bill_by text,
  merged_into bigint,
  refreshed_xid xid8,
  updated_at timestamptz not null default clock_timestamp(),
  changed_xid xid8 not null default pg_current_xact_id(),
  constraint conversations_state_check check (state in ('none', 'waiting', 'answered', 'bill', 'error', 'check')),
  constraint conversations_unread_check check (unread >= 0),
  constraint conversations_merged_check check (merged_into <> id)
);

create table private.deleted_rows (
  id bigint generated always as identity primary key,
  kind text not null,
  row_id bigint not null,
  deleted_at timestamptz not null default now(),
  changed_xid xid8 not null default pg_current_xact_id(),
  constraint deleted_rows_kind_check check (kind in ('message', 'conversation'))
);

create table private.erased_messages (
  message_id text primary key,
  erased_at timestamptz not null default now()
);

create table private.erasures (
  id bigint generated always as identity primary key,
  phone_number text not null,
  addresses text[] not null,
  message_ids text[] not null default '{}',
  call_ids text[] not null default '{}',
  names text[] not null default '{}',
  paths text[] not null default '{}',
  counts jsonb not null default '{}',
  scanned jsonb not null default '{}',
  started_at timestamptz not null default now(),
  constraint erasures_phone_number_key unique (phone_number)
);

create table private.hash_key (
  id boolean primary key default true,
  key text not null default gen_random_uuid()::text || gen_random_uuid()::text,
  constraint hash_key_id_check check (id)
);

create table private.known_browsers (
  account text not null,
  hash text not null,
  seen_at timestamptz not null default now(),
  primary key (account, hash)
);

create table private.refused_webhooks (
  source text not null,
  day date not null default (clock_timestamp() at time zone 'UTC')::date,
  count integer not null,
  last_at timestamptz not null default clock_timestamp(),
  primary key (source, day),
  constraint refused_webhooks_source_check check (source in ('cloudtalk', 'wasender'))
);

create table private.sign_in_attempts (
  id bigint generated always as identity primary key,
  at timestamptz not null default clock_timestamp(),
  account text not null,
  address inet,
  browser text
);

create table public.staff (
  user_id uuid primary key,
  name text not null,
  added_at timestamptz not null default now(),
  constraint staff_name_check check (btrim(name) <> '')
);

create table public.staff_actions (
  id bigint generated always as identity primary key,
  at timestamptz not null default clock_timestamp(),
  who text not null,
  action text not null,
  conversation_id bigint,
  message_id bigint,
  from_status text,
  to_status text,
  constraint staff_actions_action_check check (action in
    ('retry', 'resend', 'give_up', 'cancel', 'pause', 'resume', 'reply', 'bill_set', 'bill_unset'))
);

create table if not exists public.webhook_requests (
  id bigserial primary key,
  method varchar(10) not null default 'POST',
  path text not null default '',
  url text not null default '',
  headers jsonb,
  query jsonb,
  body jsonb,
  raw_body text,
  ip_address text,
  user_agent text,
  "timestamp" timestamptz not null default now(),
  created_at timestamptz default now(),
  source text not null,
  event_type text,
  outcome text not null,
  outcome_detail text,
  emptied_at timestamptz,
  constraint webhook_requests_source_check check (source in ('cloudtalk', 'wasender', 'reconciled', 'legacy')),
  constraint webhook_requests_outcome_check check (outcome in ('accepted', 'duplicate', 'ignored', 'invalid', 'legacy'))
);

create table public.whatsapp_attempts (
  id bigint generated always as identity primary key,
  message_id bigint not null,
  lease_token uuid not null,
  claimed_at timestamptz not null default clock_timestamp(),
  started_at timestamptz,
  ended_at timestamptz,
  outcome text,
  http_status integer,
  code text,
  detail text,
  withdrawn boolean not null default false,
  constraint whatsapp_attempts_lease_token_key unique (lease_token),
  constraint whatsapp_attempts_outcome_check check (outcome in (
    'sent', 'refused', 'rate_limited', 'paused', 'not_sent', 'unknown')),
  constraint whatsapp_attempts_ended_check check ((ended_at is null) = (outcome is null))
);

create table public.whatsapp_lids (
  lid text primary key,
  phone_number text,
  attempts integer not null default 0,
  ask_again_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint whatsapp_lids_lid_check check (lid ~ '^[0-9]+@lid$'),
  constraint whatsapp_lids_phone_number_check check (phone_number ~ '^\+[1-9][0-9]{5,14}$')
);

create table public.whatsapp_messages (
  id bigint generated always as identity primary key,
  conversation_id bigint not null,
  direction text not null,
  kind text not null,
  status text not null,
  phone_number text,
  lid text,
  contact_name text,
  type text not null default 'text',
  text text,
  media jsonb,
  error_code text,
  error text,
  call_id bigint,
  webhook_request_id bigint,
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
  is_bill boolean not null generated always as (direction = 'incoming' and type in ('image', 'document')) stored,
  media_state text,
  media_error text,
  media_attempts integer not null default 0,
  media_due_at timestamptz,
  media_lease_token uuid,
  media_path text,
  media_thumb_path text,
  media_mime_type text,
  media_size integer,
  media_pages integer,
  media_sha256 text,
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
  constraint whatsapp_messages_error_code_check check (error_code in (
    'not_on_whatsapp', 'rejected', 'rate_limited', 'session_down', 'key_refused', 'subscription', 'wrong_address',
    'unreachable', 'no_answer', 'server_error', 'lease_expired', 'slot_missed', 'delivery_failed', 'restricted',
    'no_phone_number', 'payload_says_no', 'nobody_talked', 'bill_already_received', 'too_old', 'asked_recently',
    'duplicate_call', 'answered')),
  constraint whatsapp_messages_lease_check check (
    (status = 'sending') <= (lease_token is not null and lease_until is not null)),
  constraint whatsapp_messages_queued_check check (
    status <> 'queued' or (due_at is not null and phone_number is not null and text is not null)),
  constraint whatsapp_messages_failed_check check (status <> 'failed' or error_code is not null),
  constraint whatsapp_messages_cancelled_check check ((status = 'cancelled') = (cancelled_by is not null)),
  constraint whatsapp_messages_ask_check check (kind <> 'ask' or (type = 'text' and text is not null)),
  constraint whatsapp_messages_media_state_check check (media_state in ('pending', 'stored', 'failed', 'deleted')),
  constraint whatsapp_messages_media_check check (
    case media_state
      when 'pending' then media_due_at is not null and media is not null
      when 'stored' then media_path is not null and media_mime_type is not null and media_size is not null
      when 'failed' then media_error is not null
      else media_path is null and media_thumb_path is null
    end)
);

create table public.whatsapp_receipts (
  whatsapp_id text primary key,
  wasender_id text,
  status text not null,
  error text,
  received_at timestamptz not null default now(),
  constraint whatsapp_receipts_status_check check (status in ('sent', 'delivered', 'read', 'failed'))
);

create table public.whatsapp_sender (
  id boolean primary key default true,
  next_send_at timestamptz not null default now(),
  slot_token uuid,
  paused_at timestamptz,
  paused_reason text,
  paused_code text,
  paused_message text,
  paused_fingerprint text,
  probe_at timestamptz,
  probes integer not null default 0,
  session_status text,
  session_at timestamptz,
  log_due_at timestamptz not null default now(),
  log_ok_at timestamptz,
  log_error text,
  rang_at timestamptz,
  heard_at timestamptz,
  sweep_at timestamptz,
  reconcile_due_at timestamptz,
  reconcile_started_at timestamptz,
  reconciled_at timestamptz,
  reconcile_error text,
  constraint whatsapp_sender_id_check check (id),
  constraint whatsapp_sender_paused_check check ((paused_at is null) = (paused_reason is null)),
  constraint whatsapp_sender_paused_reason_check check (paused_reason in ('configuration', 'session', 'staff')),
  constraint whatsapp_sender_paused_code_check check (
    paused_code in ('session_down', 'key_refused', 'subscription', 'wrong_address', 'staff')),
  constraint whatsapp_sender_log_error_check check (
    log_error in ('no_answer', 'server_error', 'key_refused', 'unreadable', 'unreachable'))
);

-- A stored webhook may be purged without taking the call with it.
alter table public.cloudtalk_calls add constraint cloudtalk_calls_webhook_request_id_fkey
  foreign key (webhook_request_id) references public.webhook_requests (id) on delete set null;

alter table public.cloudtalk_calls add constraint cloudtalk_calls_conversation_id_fkey
  foreign key (conversation_id) references public.conversations (id) on delete set null;

alter table public.cloudtalk_calls add constraint cloudtalk_calls_duplicate_of_fkey
  foreign key (duplicate_of) references public.cloudtalk_calls (id) on delete set null;

alter table public.conversation_numbers add constraint conversation_numbers_conversation_id_fkey
  foreign key (conversation_id) references public.conversations (id) on delete cascade;

alter table public.conversations add constraint conversations_last_message_id_fkey
  foreign key (last_message_id) references public.whatsapp_messages (id) on delete set null;

alter table public.conversations add constraint conversations_merged_into_fkey
  foreign key (merged_into) references public.conversations (id) on delete cascade;

alter table public.staff_actions add constraint staff_actions_conversation_id_fkey
  foreign key (conversation_id) references public.conversations (id) on delete cascade;

alter table public.staff_actions add constraint staff_actions_message_id_fkey
  foreign key (message_id) references public.whatsapp_messages (id) on delete set null;

alter table public.whatsapp_attempts add constraint whatsapp_attempts_message_id_fkey
  foreign key (message_id) references public.whatsapp_messages (id) on delete cascade;

alter table public.whatsapp_messages add constraint whatsapp_messages_conversation_id_fkey
  foreign key (conversation_id) references public.conversations (id) on delete cascade;

alter table public.whatsapp_messages add constraint whatsapp_messages_call_id_fkey
  foreign key (call_id) references public.cloudtalk_calls (id) on delete set null;

alter table public.whatsapp_messages add constraint whatsapp_messages_webhook_request_id_fkey
  foreign key (webhook_request_id) references public.webhook_requests (id) on delete set null;

create unique index cloudtalk_calls_call_uuid_key on public.cloudtalk_calls (call_uuid) where duplicate_of is null;

create unique index cloudtalk_calls_call_id_key on public.cloudtalk_calls (call_id) where duplicate_of is null;

create unique index cloudtalk_calls_cdr_id_key on public.cloudtalk_calls (cdr_id) where duplicate_of is null;

create index cloudtalk_calls_phone_number_idx on public.cloudtalk_calls (phone_number, id desc);

create index cloudtalk_calls_conversation_id_idx on public.cloudtalk_calls (conversation_id, id desc);

create index cloudtalk_calls_webhook_request_id_idx on public.cloudtalk_calls (webhook_request_id);

create index cloudtalk_calls_duplicate_of_idx on public.cloudtalk_calls (duplicate_of) where duplicate_of is not null;

create index cloudtalk_calls_erased_idx on public.cloudtalk_calls (erased_hash) where erased_hash is not null;

create index cloudtalk_calls_nobodys_idx
  on public.cloudtalk_calls (id) where conversation_id is null;

create index cloudtalk_calls_raw_data_idx on public.cloudtalk_calls (created_at) where raw_data is not null;

create index conversation_numbers_conversation_id_idx on public.conversation_numbers (conversation_id, created_at);

create index conversations_last_idx on public.conversations (last_at desc, id desc) where merged_into is null;

create index conversations_state_idx on public.conversations (state, last_at desc, id desc) where merged_into is null;

create index conversations_counts_idx on public.conversations (state, unread) where merged_into is null;

create index conversations_changed_idx on public.conversations (changed_xid, id);

create index conversations_last_message_id_idx on public.conversations (last_message_id);

create index conversations_merged_into_idx on public.conversations (merged_into) where merged_into is not null;

create index deleted_rows_changed_idx on private.deleted_rows (changed_xid);

create index deleted_rows_deleted_at_idx on private.deleted_rows (deleted_at);

create index sign_in_attempts_at_idx on private.sign_in_attempts (at);

create index sign_in_attempts_account_idx on private.sign_in_attempts (account, at);

create index sign_in_attempts_address_idx on private.sign_in_attempts (address, at);

create index staff_actions_conversation_id_idx on public.staff_actions (conversation_id, id desc);

create index staff_actions_message_id_idx on public.staff_actions (message_id);

create index webhook_requests_source_idx on public.webhook_requests (source, id desc);

create index webhook_requests_timestamp_idx on public.webhook_requests ("timestamp", source, outcome);

create index webhook_requests_content_idx on public.webhook_requests ("timestamp") where emptied_at is null;

create index webhook_requests_invalid_idx on public.webhook_requests (source, id desc) where outcome = 'invalid';

create index webhook_requests_event_idx on public.webhook_requests (event_type, id desc) where source = 'wasender';

create index whatsapp_attempts_message_id_idx on public.whatsapp_attempts (message_id, id);

create index whatsapp_attempts_sent_idx on public.whatsapp_attempts (id) where outcome = 'sent';

create index whatsapp_lids_unresolved_idx on public.whatsapp_lids (ask_again_at) where phone_number is null;

create index whatsapp_lids_phone_number_idx on public.whatsapp_lids (phone_number) where phone_number is not null;

-- One call gets at most one ask: a second one meets this key. A cancelled one was never sent.
create unique index whatsapp_messages_one_ask_key
  on public.whatsapp_messages (call_id) where kind = 'ask' and status <> 'cancelled';

create unique index whatsapp_messages_whatsapp_id_key on public.whatsapp_messages (direction, whatsapp_id);

create unique index whatsapp_messages_wasender_id_key on public.whatsapp_messages (wasender_id);

create unique index whatsapp_messages_client_id_key on public.whatsapp_messages (client_id);

create unique index whatsapp_messages_lease_token_key on public.whatsapp_messages (lease_token);

create index whatsapp_messages_conversation_id_idx on public.whatsapp_messages (conversation_id, id desc);

create index whatsapp_messages_incoming_idx
  on public.whatsapp_messages (conversation_id, id) where direction = 'incoming';

create index whatsapp_messages_unknown_customer_idx
  on public.whatsapp_messages (conversation_id) where status = 'unknown';

create index whatsapp_messages_waiting_idx
  on public.whatsapp_messages (conversation_id) where status = 'queued';

create index whatsapp_messages_bill_idx
  on public.whatsapp_messages (conversation_id, id desc) where is_bill and media_state = 'stored';

create index whatsapp_messages_queue_idx
  on public.whatsapp_messages (priority desc, due_at, id) where status = 'queued';

create index whatsapp_messages_due_idx on public.whatsapp_messages (due_at) where status = 'queued';

create index whatsapp_messages_lease_idx on public.whatsapp_messages (lease_until) where status = 'sending';

create index whatsapp_messages_unknown_idx on public.whatsapp_messages (updated_at) where status = 'unknown';

create index whatsapp_messages_info_idx on public.whatsapp_messages (info_at) where info_at is not null;

create index whatsapp_messages_lid_idx on public.whatsapp_messages (lid) where phone_number is null;

create index whatsapp_messages_phone_number_idx on public.whatsapp_messages (phone_number, id desc);

create index whatsapp_messages_unjoined_idx
  on public.whatsapp_messages (phone_number, id desc) where direction = 'outgoing' and whatsapp_id is null;

create index whatsapp_messages_media_due_idx on public.whatsapp_messages (media_due_at) where media_state = 'pending';

create index whatsapp_messages_media_stored_idx on public.whatsapp_messages (created_at) where media_state = 'stored';

create index whatsapp_messages_media_failed_idx on public.whatsapp_messages (updated_at) where media_state = 'failed';

create index whatsapp_messages_call_id_idx on public.whatsapp_messages (call_id);

create index whatsapp_messages_webhook_request_id_idx on public.whatsapp_messages (webhook_request_id);

create index whatsapp_messages_changed_idx on public.whatsapp_messages (changed_xid, id);

-- The words of a text may take 1 MB at most in an index: its first 65,536 characters, WhatsApp's own limit, stay below
-- half of that even if each is a word of four bytes.
create index whatsapp_messages_words_idx
  on public.whatsapp_messages using gin (to_tsvector('simple', left(coalesce(text, ''), 65536)));

create index whatsapp_receipts_wasender_id_idx on public.whatsapp_receipts (wasender_id);

create index whatsapp_receipts_received_at_idx on public.whatsapp_receipts (received_at);

create or replace function private.account_hash(p_email text) returns text
language plpgsql stable set search_path = '' as $$
begin
  return private.keyed_hash(lower(btrim(p_email)));
end
$$;

create or replace function private.add_app_secret(p_secret text) returns void
language sql set search_path = '' as $$
  insert into private.app_secrets (hash) values (encode(sha256(convert_to(p_secret, 'UTF8')), 'hex'))
  on conflict do nothing
$$;

create or replace function private.addresses_of(p_phone_number text) returns text[]
language plpgsql stable set search_path = '' as $$
begin
  return array(
    select p_phone_number
    union select address from public.conversation_numbers where conversation_id = private.customer_of(p_phone_number)
    union select lid from public.whatsapp_lids where phone_number = p_phone_number);
end
$$;

create or replace function private.all_null(p_table regclass, p_but text[]) returns text
language plpgsql stable set search_path = '' as $$
begin
  return (
    select string_agg(format('%I = null', a.attname), ', ') from pg_catalog.pg_attribute a
     where a.attrelid = p_table and a.attnum > 0 and not a.attisdropped and not a.attnotnull and a.attname <> all (p_but));
end
$$;

create or replace function private.all_words(p_table regclass) returns text
language plpgsql stable set search_path = '' as $$
begin
  return (
    select format('concat_ws(''"'', %s)', string_agg(format('t.%I', a.attname), ', ' order by a.attnum))
      from pg_catalog.pg_attribute a
      join pg_catalog.pg_type y on y.oid = a.atttypid
      left join pg_catalog.pg_type x on x.oid = y.typelem and y.typcategory = 'A'
     where a.attrelid = p_table and a.attnum > 0 and not a.attisdropped
       and (y.typcategory = 'S' or x.typcategory = 'S' or y.typname in ('json', 'jsonb')));
end
$$;

create or replace function private.authorize() returns void
language plpgsql stable security definer set search_path = '' as $$
begin
  -- The service role and direct sessions pass. All others must send the app's secret, which PostgREST passes on with
  -- the other headers.
  if current_setting('role', true) in ('anon', 'authenticated') and not exists (
    select from private.app_secrets
     where hash = encode(sha256(convert_to(
       nullif(current_setting('request.headers', true), '')::jsonb ->> 'x-app-secret', 'UTF8')), 'hex')
  ) then
    raise insufficient_privilege using message = 'This function is for the app itself.';
  end if;
end
$$;

create or replace function public.begin_sign_in(p_email text, p_address text default null, p_browser text default null)
returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_account text;
  v_address inet;
  v_browser text;
  v_wait interval;
  v_id bigint;
begin
  perform private.authorize();
  v_account := private.account_hash(p_email);
  v_address := p_address;
  -- A caller with one IPv6 address has 2^64 of them.
  if family(v_address) = 6 then
    v_address := network(set_masklen(v_address, 64));
  end if;
  select b.hash into v_browser from private.known_browsers b where b.account = v_account and b.hash = p_browser;
  v_wait := private.sign_in_wait(v_account, v_address, v_browser);
  if v_wait is null then
    -- Of two at the same moment the second one counts the first. Who is refused anyway does not make others wait.
    perform private.lock_keys('sign_in');
    v_wait := private.sign_in_wait(v_account, v_address, v_browser);
  end if;
  if v_wait is not null then
    return jsonb_build_object('wait_s', ceil(extract(epoch from v_wait)));
  end if;
  insert into private.sign_in_attempts (account, address, browser) values (v_account, v_address, v_browser)
  returning id into v_id;
  return jsonb_build_object('attempt', v_id);
end
$$;

create or replace function public.complete_sign_in(p_attempt bigint, p_browser text) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_account text;
begin
  perform private.require_staff();
  v_account := private.account_hash(nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'email');
  -- Supabase may take two spellings for one address that are two here: then the attempt was counted for another
  -- account.
  delete from private.sign_in_attempts where id = p_attempt and account = v_account;
  if not found then
    raise insufficient_privilege using message = 'This attempt was not one to sign in to this account.';
  end if;
  insert into private.known_browsers (account, hash) values (v_account, p_browser)
  on conflict (account, hash) do update set seen_at = now();
  return public.who_am_i();
end
$$;

create or replace function private.count_erased(p_id bigint, p_what text, p_count integer) returns void
language plpgsql set search_path = '' as $$
begin
  update private.erasures
     set counts = counts || jsonb_build_object(p_what, coalesce((counts ->> p_what)::integer, 0) + p_count)
   where id = p_id;
end
$$;

create or replace function private.empty_calls(p_ids bigint[], e private.erasures) returns integer
language plpgsql set search_path = '' as $$
declare
  v_count integer;
begin
  -- The call itself stays, for the statistics, and its ids, so that CloudTalk's telling of it again does not bring it
  -- back.
  execute format('
    update public.cloudtalk_calls set %s,
      call_uuid = case when call_uuid ~ any ($2) is not true then call_uuid end,
      call_id = case when call_id ~ any ($2) is not true then call_id end,
      cdr_id = case when cdr_id ~ any ($2) is not true then cdr_id end,
      should_send = false, should_send_reason = ''erased'', updated_at = clock_timestamp(),
      erased_hash = private.keyed_hash(coalesce(phone_number, $3))
     where id = any ($1)', private.all_null('public.cloudtalk_calls', array['webhook_request_id', 'duplicate_of', 'call_uuid',
       'call_id', 'cdr_id', 'duration', 'talking_time', 'talked', 'call_start_time', 'call_end_time',
       'electricity_bill_received_at', 'should_send', 'erased_hash']))
  using p_ids, private.erasure_patterns(e), e.phone_number;
  get diagnostics v_count = row_count;
  return v_count;
end
$$;

create or replace function private.empty_webhooks(p_ids bigint[], p_detail text, p_patterns text[] default null) returns integer
language plpgsql set search_path = '' as $$
declare
  v_count integer;
begin
  execute format('
    update public.webhook_requests set %s,
      path = case when path ~ any ($3) then '''' else path end,
      url = case when path ~ any ($3) then '''' else path end,
      event_type = case when event_type ~ any ($3) is not true then event_type end,
      outcome_detail = coalesce($2, outcome_detail), emptied_at = clock_timestamp()
     where id = any ($1)', private.all_null('public.webhook_requests',
       array['created_at', 'event_type', 'outcome_detail', 'emptied_at'])) using p_ids, p_detail, p_patterns;
  get diagnostics v_count = row_count;
  return v_count;
end
$$;

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
  delete from public.conversations where id = any (v_customers);
  perform private.count_erased(p_id, 'conversations', cardinality(v_customers));
  perform private.erase_remarks(e);
  return jsonb_build_object('folders', array(select private.media_folder(a) from unnest(e.addresses) a), 'paths', e.paths);
end
$$;

create or replace function public.erase_mentions(p_id bigint, p_limit integer) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_until timestamptz := clock_timestamp() + interval '1 second';
  e private.erasures;
  v_table text;
  v_ids bigint[];
  v_looked integer;
  v_all integer := 0;
  r record;
begin
  perform private.authorize();
  select * into e from private.erasures where id = p_id for update;
  foreach v_table in array array['webhook_requests', 'cloudtalk_calls', 'whatsapp_queue'] loop
    continue when to_regclass('public.' || v_table) is null;
    v_ids := '{}';
    v_looked := 0;
    -- However large the rows are, and however slow the machine: it stops in time for the shortest of Supabase's limits.
    for r in execute private.mentions_query(v_table, e)
      using coalesce((e.scanned ->> v_table)::bigint, 0), p_limit, e.message_ids || e.call_ids
    loop
      v_looked := v_looked + 1;
      if r.found then v_ids := v_ids || r.id; end if;
      exit when clock_timestamp() > v_until;
    end loop;
    v_all := v_all + v_looked;
    if v_looked > 0 then
      perform private.erase_rows(e, v_table, v_ids);
      update private.erasures set scanned = scanned || jsonb_build_object(v_table, r.id) where id = p_id;
    end if;
    if v_looked = p_limit or clock_timestamp() > v_until then
      return jsonb_build_object('done', false, 'looked', v_all);
    end if;
  end loop;
  return jsonb_build_object('done', true, 'looked', v_all);
end
$$;

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

create or replace function private.erase_rows(e private.erasures, p_table text, p_ids bigint[]) returns void
language plpgsql set search_path = '' as $$
begin
  case p_table
    when 'webhook_requests' then
      perform private.count_erased(e.id, 'webhooks', private.empty_webhooks(p_ids, 'erased', private.erasure_patterns(e)));
    when 'cloudtalk_calls' then
      perform private.count_erased(e.id, 'calls', private.empty_calls(p_ids, e));
    else
      -- The previous system's queue has no other use.
      execute format('delete from public.%I where id = any ($1)', p_table) using p_ids;
  end case;
end
$$;

create or replace function private.erasure_patterns(e private.erasures) returns text[]
language plpgsql immutable set search_path = '' as $$
begin
  return array(
    select case when a like '+%' then private.number_pattern(a) else '(^|[^0-9])' || split_part(a, '@', 1) || '($|[^0-9])' end
      from unnest(e.addresses) a);
end
$$;

create or replace function public.finish_erasure(p_id bigint) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_counts jsonb;
begin
  perform private.authorize();
  delete from private.erasures where id = p_id returning counts into v_counts;
  return v_counts;
end
$$;

create or replace function private.is_app() returns boolean
language sql stable security definer set search_path = '' as $$
  select exists (
    select from private.app_secrets
     where hash = encode(sha256(convert_to(
       nullif(current_setting('request.headers', true), '')::jsonb ->> 'x-app-secret', 'UTF8')), 'hex'))
$$;

create or replace function private.keyed_hash(p_text text) returns text
language plpgsql stable set search_path = '' as $$
begin
  return (select encode(sha256(convert_to(k.key || p_text, 'UTF8')), 'hex') from private.hash_key k);
end
$$;

create or replace function private.lock_keys(variadic p_keys text[]) returns void
language plpgsql set search_path = '' as $$
declare
  v_bucket bigint;
begin
  -- Sorted, so that two transactions that share more than one key cannot wait for each other. In 1,024 buckets, because
  -- a webhook may name thousands of keys and PostgreSQL holds so many locks at most for all transactions together.
  for v_bucket in
    select distinct hashtextextended(k, 0) & 1023 from unnest(p_keys) as k where k is not null order by 1
  loop
    perform pg_advisory_xact_lock(77, v_bucket::integer);
  end loop;
end
$$;

create or replace function private.mentions_query(p_table text, e private.erasures) returns text
language plpgsql stable set search_path = '' as $$
declare
  v_patterns text[] := private.erasure_patterns(e);
begin
  -- An id that is a number stands in a document without quotation marks.
  select v_patterns || ('(^|[^0-9])(' || string_agg(i, '|') || ')($|[^0-9])') into v_patterns
    from unnest(e.call_ids) i where i ~ '^[0-9]{8,}$' having count(*) > 0;
  -- Of other ids there are as many as messages, so they are found as whole strings by a hash, which takes as long for
  -- thousands as for one. A short one might be anything. offset 0: the words are made once for both.
  return format('
    select t.id, w.words ~ any (%L)
             or exists (select from unnest(string_to_array(w.words, ''"'')) i where i = any ($3) and length(i) >= 8) as found
      from public.%I t cross join lateral (select %s as words offset 0) w
     where t.id > $1 and %s
     order by t.id limit $2',
    coalesce(v_patterns, private.erasure_patterns(e)), p_table, private.all_words(format('public.%I', p_table)),
    case p_table when 'cloudtalk_calls' then 't.conversation_id is null' else 'true' end);
end
$$;

create or replace function private.number_pattern(p_phone_number text) returns text
language plpgsql immutable set search_path = '' as $$
declare
  v_digits text := substr(p_phone_number, 2);
  -- In a document a line break is two characters.
  v_gap constant text := '([^0-9a-zA-Z"]|\\[nrt]){0,3}';
  v_italian boolean := v_digits like '39%' and length(v_digits) >= 8;
begin
  return '(^|[^0-9])' || case when v_italian then '(0{0,2}39' || v_gap || ')?' else '' end
    || array_to_string(string_to_array(case when v_italian then substr(v_digits, 3) else v_digits end, null), v_gap)
    || '($|[^0-9])';
end
$$;

create or replace function private.refuse_erased() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  -- Wasender's log mentions them too.
  if exists (select from private.erased_messages where message_id in (new.whatsapp_id, new.wasender_id)) then
    return null;
  end if;
  return new;
end
$$;

create or replace function private.require_staff() returns text
language plpgsql stable set search_path = '' as $$
declare
  v_name text;
begin
  -- The signed-in person's name. PostgREST passes on the claims of a token that it has verified.
  if current_setting('role', true) in ('anon', 'authenticated') then
    select name into v_name from public.staff
     where user_id = (nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub')::uuid;
    if v_name is null then
      raise insufficient_privilege using message = 'This account is not staff.';
    end if;
    return v_name;
  end if;
  return 'sistema';
end
$$;

create or replace function private.sign_in_wait(p_account text, p_address inet, p_browser text) returns interval
language plpgsql stable set search_path = '' as $$
declare
  v_now timestamptz := clock_timestamp();
  v_until timestamptz;
begin
  if p_browser is not null then
    -- Ten in 15 minutes, whatever strangers do.
    select a.at + interval '15 minutes' into v_until from private.sign_in_attempts a
     where a.account = p_account and a.browser = p_browser and a.at > v_now - interval '15 minutes'
     order by a.at desc offset 9 limit 1;
    return v_until - v_now;
  end if;
  select max(until) into v_until from (
    -- From one address ten in 15 minutes for an account, and 30 for all.
    (select a.at + interval '15 minutes' as until from private.sign_in_attempts a
      where a.account = p_account and a.address = p_address and a.browser is null and a.at > v_now - interval '15 minutes'
      order by a.at desc offset 9 limit 1)
    union all
    (select a.at + interval '15 minutes' from private.sign_in_attempts a
      where a.address = p_address and a.browser is null and a.at > v_now - interval '15 minutes'
      order by a.at desc offset 29 limit 1)
    union all
    -- An account is never closed: after 20 in an hour, one every two seconds.
    (select max(a.at) + interval '2 seconds'
       from (select at from private.sign_in_attempts
              where account = p_account and browser is null and at > v_now - interval '1 hour'
              order by at desc limit 20) a
     having count(*) = 20)
    union all
    -- Supabase gives the app's own address 30, and one more every two seconds, for all sign-ins and refreshes together.
    -- If it does not get the caller's address, strangers must leave enough for colleagues: 20 in 50 seconds.
    (select a.at + interval '50 seconds' from private.sign_in_attempts a
      where a.browser is null and a.at > v_now - interval '50 seconds'
      order by a.at desc offset 19 limit 1)) as limits;
  return case when v_until > v_now then v_until - v_now end;
end
$$;

create or replace function public.start_erasure(p_phone_number text) returns bigint
language plpgsql security definer set search_path = '' as $$
declare
  v_customer bigint;
  v_id bigint;
begin
  perform private.authorize();
  if p_phone_number !~ '^\+[1-9][0-9]{5,14}$' then
    raise invalid_parameter_value using message = 'p_phone_number must be E.164';
  end if;
  v_customer := private.customer_of(p_phone_number);
  insert into private.erasures as known (phone_number, addresses, message_ids, call_ids, names, paths)
  values (
    p_phone_number,
    private.addresses_of(p_phone_number),
    array(
      select distinct i from public.whatsapp_messages m, unnest(array[m.whatsapp_id, m.wasender_id]) i
       where m.conversation_id = v_customer and i is not null),
    array(
      select distinct i from public.cloudtalk_calls k, unnest(array[k.call_uuid, k.call_id, k.cdr_id]) i
       where k.conversation_id = v_customer and i is not null),
    array(
      select name from public.conversations where id = v_customer and name is not null
      union select contact_name from public.whatsapp_messages where conversation_id = v_customer and contact_name is not null
      union select n from public.cloudtalk_calls k, unnest(array[k.contact_name, k.customer_name, k.company_name]) n
             where k.conversation_id = v_customer and n is not null),
    array(
      select p from public.whatsapp_messages m, unnest(array[m.media_path, m.media_thumb_path]) p
       where m.conversation_id = v_customer and p is not null))
  -- It was begun before: what was known then is looked for as well, and what is new also in what was looked through.
  on conflict (phone_number) do update set
    addresses = array(select unnest(known.addresses) union select unnest(excluded.addresses)),
    message_ids = array(select unnest(known.message_ids) union select unnest(excluded.message_ids)),
    call_ids = array(select unnest(known.call_ids) union select unnest(excluded.call_ids)),
    names = array(select unnest(known.names) union select unnest(excluded.names)),
    paths = array(select unnest(known.paths) union select unnest(excluded.paths)),
    scanned = case when excluded.addresses <@ known.addresses then known.scanned else '{}' end
  returning id into v_id;
  return v_id;
end
$$;

create or replace function private.was_erased(p_event jsonb) returns boolean
language plpgsql stable set search_path = '' as $$
begin
  return exists (select from private.erased_messages
                  where message_id in (p_event ->> 'whatsapp_id', p_event ->> 'wasender_id'));
end
$$;

create or replace function public.who_am_i() returns jsonb
language sql stable security definer set search_path = '' as $$
  select jsonb_build_object('name', private.require_staff(),
    'email', nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'email')
$$;

create or replace function private.without_content(p_request jsonb) returns jsonb
language sql immutable set search_path = '' as $$
  select p_request - array['headers', 'query', 'body', 'raw_body', 'ip_address', 'user_agent']
    || jsonb_build_object('url', p_request ->> 'path')
$$;

create or replace function public.claim_alerts(p_lease_ms integer, p_database_bytes bigint default null) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_now timestamptz;
  v_alerts jsonb;
begin
  perform private.authorize();
  -- Each is given out once, however many functions ask, and again if the function that had it did not report it.
  perform private.lock_keys('alerts');
  v_now := clock_timestamp();
  insert into public.alerts as a (kind, detail, since) select kind, detail, since from private.problems(p_database_bytes)
  on conflict (kind) do update set cleared_at = null, detail = excluded.detail;
  delete from public.alerts where told_at is null and kind not in (select kind from private.problems(p_database_bytes));
  update public.alerts set cleared_at = v_now
   where cleared_at is null and kind not in (select kind from private.problems(p_database_bytes));
  with taken as (
    update public.alerts a set claimed_until = v_now + p_lease_ms * interval '1 ms'
     where coalesce(a.claimed_until, '-infinity') < v_now
       and (a.told_at is null or a.cleared_at is not null
            -- Another file: each is a bill that a colleague must ask for again, but not more often than once an hour.
            or (a.kind = 'media' and a.told_at < v_now - interval '1 hour'
                and exists (select from private.problems(p_database_bytes) p where p.kind = 'media' and p.since > a.told_at)))
    returning a.kind, a.detail, a.since, a.cleared_at
  )
  select jsonb_agg(jsonb_build_object('kind', kind, 'detail', detail, 'since', since, 'over', cleared_at is not null))
    into v_alerts from taken;
  return coalesce(v_alerts, '[]');
end
$$;

create or replace function private.problems(p_database_bytes bigint) returns table (kind text, detail text, since timestamptz)
language sql stable set search_path = '' as $$
  select 'paused', s.paused_reason, s.paused_at
    from public.whatsapp_sender s
   where s.paused_at is not null and s.paused_reason <> 'staff'
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
      lateral (select min(due_at) as due_at from public.whatsapp_messages where status = 'queued') q
   where coalesce(s.heard_at, '-infinity') < now() - interval '5 minutes'
     and (s.reconcile_due_at < now() - interval '5 minutes'
          or (s.paused_at is null and q.due_at is not null
              and greatest(s.next_send_at, q.due_at) < now() - interval '5 minutes'))
$$;

create or replace function public.settle_alert(p_kind text, p_over boolean) returns void
language plpgsql security definer set search_path = '' as $$
begin
  perform private.authorize();
  if p_over then
    delete from public.alerts where kind = p_kind and cleared_at is not null;
    -- It came back while its end was being reported.
    update public.alerts set told_at = null, claimed_until = null where kind = p_kind;
  else
    update public.alerts set told_at = clock_timestamp(), claimed_until = null where kind = p_kind;
  end if;
end
$$;

create or replace function private.ask_of(p_call_id bigint) returns public.whatsapp_messages
language plpgsql stable set search_path = '' as $$
declare
  m public.whatsapp_messages;
begin
  select * into m from public.whatsapp_messages
   where call_id = p_call_id and kind = 'ask'
   order by status <> 'cancelled' desc, id desc limit 1;
  return m;
end
$$;

create or replace function private.ask_reason(c public.cloudtalk_calls, p_ask jsonb) returns text
language plpgsql stable set search_path = '' as $$
declare
  v_customer bigint := private.customer_of(c.phone_number);
begin
  return case
    when c.phone_number is null then 'no_phone_number'
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

create or replace function private.call_distance(k public.cloudtalk_calls, n public.cloudtalk_calls) returns double precision
language plpgsql stable set search_path = '' as $$
declare
  v_at timestamptz := coalesce(k.call_end_time, k.call_start_time, k.created_at);
  v_time timestamptz := coalesce(n.call_end_time, n.call_start_time);
  v_seconds double precision;
begin
  if k.call_uuid = n.call_uuid then
    return 0;
  elsif k.call_uuid <> n.call_uuid then
    return null;
  elsif k.call_id = n.call_id or k.cdr_id = n.call_id then
    return 0;
  elsif k.phone_number is distinct from n.phone_number or k.phone_number is null then
    return null;
  end if;
  -- The history's ids are whole numbers. Another id (the voice agent's) does not contradict one of them, nor does any
  -- if both calls began at the same time.
  if n.cdr_id is null then
    if not (k.call_id is null or n.call_id is null or (k.call_id = k.cdr_id and n.call_id !~ '^[0-9]+$')) then
      return null;
    end if;
  elsif k.cdr_id is not null or (k.call_id ~ '^[0-9]+$'
    and coalesce(abs(extract(epoch from k.call_start_time - n.call_start_time)) > 60, true)) then
    return null;
  end if;
  v_seconds := abs(extract(epoch from v_at - coalesce(v_time, clock_timestamp())));
  -- A webhook without a time of its own is about now, whatever times the stored call has.
  if v_time is null then
    v_seconds := least(v_seconds, abs(extract(epoch from k.created_at - clock_timestamp())));
  end if;
  return case when v_seconds <= 7200 then v_seconds end;
end
$$;

create or replace function private.decide_ask(o public.cloudtalk_calls, c public.cloudtalk_calls, p_ask jsonb)
returns public.cloudtalk_calls
language plpgsql set search_path = '' as $$
declare
  m public.whatsapp_messages;
begin
  -- Decided for a new call, and again if something that the decision rests on has changed: a mere repeat, hours later,
  -- must not find that a cooldown has passed. Once an ask was handed to WhatsApp, or staff cancelled it, nothing is
  -- left to decide; calls of the previous system were asked by it.
  if o.id is not null then
    if o.should_send_reason = 'legacy' or
      (c.phone_number, c.stated_should_send, c.talked, c.stated_bill_received) is not distinct from
      (o.phone_number, o.stated_should_send, o.talked, o.stated_bill_received) then
      return c;
    end if;
    m := private.ask_of(o.id);
    if m.id is not null and m.status <> 'queued' and m.cancelled_by is distinct from 'decision' then
      return c;
    end if;
  end if;
  c.should_send_reason := private.ask_reason(c, p_ask);
  c.should_send := c.should_send_reason = 'eligible';
  return c;
end
$$;

create or replace function private.find_call(n public.cloudtalk_calls) returns public.cloudtalk_calls
language plpgsql stable set search_path = '' as $$
declare
  o public.cloudtalk_calls;
begin
  -- One look into each index, by the surest sign first.
  select * into o from public.cloudtalk_calls k where k.duplicate_of is null and k.call_uuid = n.call_uuid;
  if o.id is null and n.call_id is not null then
    select * into o from public.cloudtalk_calls k
     where k.duplicate_of is null and (k.call_id = n.call_id or k.cdr_id = n.call_id)
       and private.call_distance(k, n) is not null
     order by k.cdr_id = n.call_id desc nulls last limit 1;
  end if;
  if o.id is null and n.phone_number is not null then
    select k.* into o from public.cloudtalk_calls k
      cross join lateral (select private.call_distance(k, n) as seconds) d
     where k.duplicate_of is null and k.phone_number = n.phone_number and d.seconds is not null
     order by d.seconds, k.id desc limit 1;
  end if;
  if o.id is null and n.phone_number is not null then
    -- An erased customer's call has its number no more. For two days a hash of it tells.
    select k.* into o from public.cloudtalk_calls k
     where k.erased_hash = private.keyed_hash(n.phone_number)
       and private.call_distance(jsonb_populate_record(k, jsonb_build_object('phone_number', n.phone_number)), n) is not null
     order by k.id desc limit 1;
  end if;
  return o;
end
$$;

create or replace function private.last_call(p_conversation_id bigint) returns bigint
language plpgsql stable set search_path = '' as $$
begin
  return (select max(id) from public.cloudtalk_calls where conversation_id = p_conversation_id);
end
$$;

create or replace function private.lock_call(n public.cloudtalk_calls) returns void
language plpgsql set search_path = '' as $$
declare
  v_numbers text[];
begin
  perform private.lock_keys('call:' || n.call_uuid, 'call:' || n.call_id, 'address:' || n.phone_number);
  -- What the ids lead to may be another customer's.
  select array_agg(k.phone_number) into v_numbers
    from public.cloudtalk_calls k
   where k.duplicate_of is null and (k.call_uuid = n.call_uuid or k.call_id = n.call_id or k.cdr_id = n.call_id);
  perform private.lock_customers(n.phone_number || v_numbers);
end
$$;

create or replace function private.mark_answered(p_conversation_id bigint, p_at timestamptz) returns void
language plpgsql set search_path = '' as $$
begin
  -- The brief's rule: any reply means that the customer has answered. WhatsApp replays old messages when a telephone is
  -- linked again; what was written before a call does not answer it.
  update public.cloudtalk_calls
     set electricity_bill_received = true,
         electricity_bill_received_at = coalesce(electricity_bill_received_at, clock_timestamp()),
         updated_at = clock_timestamp()
   where conversation_id = p_conversation_id and not electricity_bill_received
     -- A call that does not say when it was ended within the hour before its webhook.
     and coalesce(least(call_start_time, call_end_time), created_at - interval '1 hour') <= coalesce(p_at, 'infinity');
end
$$;

create or replace function private.merge_call(o public.cloudtalk_calls, n public.cloudtalk_calls) returns public.cloudtalk_calls
language plpgsql set search_path = '' as $$
declare
  c public.cloudtalk_calls;
begin
  n.stated_bill_received := n.electricity_bill_received;
  if o.id is null then
    c := n;
  elsif n.cdr_id is null then
    -- What is new wins, except over identifiers, the number, and a reply that was already received.
    c := jsonb_populate_record(o, jsonb_strip_nulls(to_jsonb(n)));
  else
    -- The history adds what is not known, and changes nothing that is.
    c := jsonb_populate_record(n, jsonb_strip_nulls(to_jsonb(o)));
  end if;
  c.call_uuid := coalesce(o.call_uuid, n.call_uuid);
  c.cdr_id := coalesce(o.cdr_id, n.cdr_id);
  c.call_id := case when o.call_id = o.cdr_id then coalesce(n.call_id, o.call_id) else coalesce(o.call_id, n.call_id) end;
  c.phone_number := coalesce(o.phone_number, n.phone_number);
  c.phone_number_raw := case when o.phone_number is null then coalesce(n.phone_number_raw, o.phone_number_raw) else o.phone_number_raw end;
  c.event_type := coalesce(o.event_type, n.event_type);
  c.electricity_bill_received := coalesce(o.electricity_bill_received, false) or coalesce(n.electricity_bill_received, false);
  if c.electricity_bill_received then
    c.electricity_bill_received_at := coalesce(c.electricity_bill_received_at, clock_timestamp());
  end if;
  c.raw_data := o.raw_data;
  return private.take_call_id(o, c);
end
$$;

create or replace function private.queue_or_withdraw(
  o public.cloudtalk_calls, c public.cloudtalk_calls, p_text text, p_request_id bigint
) returns public.whatsapp_messages
language plpgsql set search_path = '' as $$
declare
  m public.whatsapp_messages := private.ask_of(c.id);
begin
  -- One that was withdrawn comes back only when that is decided: a repeat decides nothing.
  if c.should_send and c.should_send_reason = 'eligible' and (m.id is null
     or (m.status = 'cancelled' and m.cancelled_by = 'decision' and not coalesce(o.should_send, false))) then
    insert into public.whatsapp_messages
      (conversation_id, direction, kind, status, phone_number, contact_name, text, call_id, webhook_request_id, due_at)
    values
      (c.conversation_id, 'outgoing', 'ask', 'queued', c.phone_number, coalesce(c.contact_name, c.customer_name), p_text, c.id,
       p_request_id, clock_timestamp())
    returning * into m;
  elsif not c.should_send and m.status = 'queued' then
    update public.whatsapp_messages
       set status = 'cancelled', cancelled_by = 'decision', error_code = c.should_send_reason, error = null
     where id = m.id and status = 'queued'
    returning * into m;
  end if;
  return m;
end
$$;

create or replace function public.record_cloudtalk_webhook(p_request jsonb, p_call jsonb, p_ask jsonb) returns jsonb
language plpgsql security definer set search_path = '' set plan_cache_mode = force_generic_plan as $$
declare
  n public.cloudtalk_calls := jsonb_populate_record(null::public.cloudtalk_calls, p_call);
  o public.cloudtalk_calls;
  c public.cloudtalk_calls;
  m public.whatsapp_messages;
  v_duplicate boolean;
  v_request_id bigint;
begin
  perform private.authorize();
  perform private.lock_call(n);
  o := private.find_call(n);
  if o.should_send_reason = 'erased' then
    return private.refuse_erased_call(o, n, p_request);
  end if;
  c := private.merge_call(o, n);
  c := private.decide_ask(o, c, p_ask);
  v_duplicate := o.id is not null and c is not distinct from o;
  -- What the history says of a call that is known is kept with the call.
  if n.cdr_id is null or o.id is null then
    v_request_id := private.keep_webhook(p_request, case when v_duplicate then 'duplicate' else 'accepted' end, null);
  end if;
  if not v_duplicate then
    c := private.save_call(o, c, p_request -> 'body', v_request_id);
  end if;
  m := private.queue_or_withdraw(o, c, p_ask ->> 'text', v_request_id);
  return jsonb_build_object(
    'duplicate', case when n.cdr_id is null then v_duplicate else o.id is not null end,
    'webhook', v_request_id,
    'call', jsonb_build_object('id', c.id, 'should_send', c.should_send, 'reason', c.should_send_reason),
    'message', case when m.id is not null then jsonb_build_object('id', m.id, 'status', m.status) end,
    'drain_in_ms', case when m.status = 'queued' then private.drain_in_ms() end);
end
$$;

create or replace function private.refuse_erased_call(o public.cloudtalk_calls, n public.cloudtalk_calls, p_request jsonb)
returns jsonb
language plpgsql set search_path = '' as $$
begin
  if n.cdr_id is null then
    perform private.keep_webhook(private.without_content(p_request), 'ignored', 'erased');
  end if;
  return jsonb_build_object('duplicate', true, 'webhook', null, 'drain_in_ms', null, 'message', null,
    'call', jsonb_build_object('id', o.id, 'should_send', false, 'reason', 'erased'));
end
$$;

create or replace function private.restore_asks(p_conversation_id bigint) returns void
language plpgsql set search_path = '' as $$
begin
  update public.whatsapp_messages m
     set status = 'queued', cancelled_by = null, error_code = null, due_at = clock_timestamp()
    from public.cloudtalk_calls k
   where m.conversation_id = p_conversation_id and m.kind = 'ask' and m.status = 'cancelled' and m.cancelled_by = 'decision'
     and m.error_code = 'bill_already_received' and m.created_at > clock_timestamp() - interval '1 day'
     -- What the call itself said of a bill stays.
     and k.id = m.call_id and k.should_send and m.id = (private.ask_of(k.id)).id;
  update public.whatsapp_attempts a set withdrawn = false
    from public.whatsapp_messages m
   where m.conversation_id = p_conversation_id and m.status in ('sending', 'unknown') and m.kind = 'ask'
     and a.lease_token = m.lease_token;
end
$$;

create or replace function private.save_call(
  o public.cloudtalk_calls, c public.cloudtalk_calls, p_body jsonb, p_request_id bigint
) returns public.cloudtalk_calls
language plpgsql set search_path = '' as $$
begin
  if c.phone_number is not null then
    c.conversation_id := private.make_customer(c.phone_number, null, 'call');
  end if;
  c.updated_at := clock_timestamp();
  if o.id is null then
    -- One that is learned late may have been answered already.
    if not c.electricity_bill_received and exists (
      select from public.whatsapp_messages m
       where m.conversation_id = c.conversation_id and m.direction = 'incoming'
         and coalesce(m.message_at, m.created_at) >= least(c.call_start_time, c.call_end_time)) then
      c.electricity_bill_received := true;
      c.electricity_bill_received_at := clock_timestamp();
    end if;
    c.id := nextval('public.cloudtalk_calls_id_seq');
    c.webhook_request_id := p_request_id;
    c.raw_data := p_body;
    c.created_at := now();
    insert into public.cloudtalk_calls values (c.*);
    return c;
  end if;
  -- CloudTalk's history completes what webhooks said; a later webhook is laid over the earlier ones.
  c.raw_data := case
    when c.cdr_id is not distinct from o.cdr_id and jsonb_typeof(o.raw_data) = 'object' and jsonb_typeof(p_body) = 'object'
    then o.raw_data || p_body
    else coalesce(o.raw_data, p_body) end;
  update public.cloudtalk_calls set
    conversation_id = c.conversation_id,
    call_uuid = c.call_uuid,
    call_id = c.call_id,
    cdr_id = c.cdr_id,
    event_type = c.event_type,
    phone_number = c.phone_number,
    phone_number_raw = c.phone_number_raw,
    phone_number_from = c.phone_number_from,
    status = c.status,
    duration = c.duration,
    talking_time = c.talking_time,
    direction = c.direction,
    agent_id = c.agent_id,
    agent_name = c.agent_name,
    customer_name = c.customer_name,
    contact_id = c.contact_id,
    contact_name = c.contact_name,
    company_name = c.company_name,
    recording_url = c.recording_url,
    transcript = c.transcript,
    call_start_time = c.call_start_time,
    call_end_time = c.call_end_time,
    call_result = c.call_result,
    call_outcome = c.call_outcome,
    ateco_code = c.ateco_code,
    ateco_eligible = c.ateco_eligible,
    interest_confirmed = c.interest_confirmed,
    annual_consumption_kwh = c.annual_consumption_kwh,
    electricity_bill_received = c.electricity_bill_received,
    electricity_bill_received_at = c.electricity_bill_received_at,
    should_send = c.should_send,
    should_send_reason = c.should_send_reason,
    stated_should_send = c.stated_should_send,
    stated_bill_received = c.stated_bill_received,
    talked = c.talked,
    reason = c.reason,
    raw_data = c.raw_data,
    updated_at = c.updated_at
  where id = o.id;
  return c;
end
$$;

create or replace function private.take_call_id(o public.cloudtalk_calls, c public.cloudtalk_calls) returns public.cloudtalk_calls
language plpgsql set search_path = '' as $$
declare
  v_calls bigint[];
  a public.whatsapp_messages;
begin
  if c.call_id is null or c.call_id is not distinct from o.call_id then
    return c;
  end if;
  update public.cloudtalk_calls set duplicate_of = o.id, updated_at = clock_timestamp()
   where duplicate_of is null and call_id = c.call_id and call_uuid is null and o.id is not null;
  if found then
    v_calls := array(select id from public.cloudtalk_calls where duplicate_of = o.id);
    select * into a from public.whatsapp_messages
     where call_id = any (v_calls) and kind = 'ask' and status not in ('queued', 'cancelled', 'failed')
     order by id limit 1;
    -- One ask stays: the one that has left, else the call's own.
    update public.whatsapp_messages set status = 'cancelled', cancelled_by = 'decision', error_code = 'duplicate_call'
     where kind = 'ask' and status = 'queued' and (call_id = any (v_calls) or (call_id = o.id and a.id is not null));
    update public.whatsapp_messages set call_id = o.id
     where id = a.id and not exists (
       select from public.whatsapp_messages own where own.call_id = o.id and own.kind = 'ask' and own.status <> 'cancelled');
  elsif exists (select from public.cloudtalk_calls where duplicate_of is null and call_id = c.call_id) then
    c.call_id := null;
  end if;
  return c;
end
$$;

create or replace function private.withdraw_asks(p_conversation_id bigint) returns void
language plpgsql set search_path = '' as $$
begin
  update public.whatsapp_messages
     set status = 'cancelled', cancelled_by = 'decision', error_code = 'bill_already_received', error = null
   where conversation_id = p_conversation_id and status = 'queued' and kind = 'ask';
  -- What has begun to be sent is withdrawn if it comes back unsent: see settle_message.
  update public.whatsapp_attempts a set withdrawn = true
    from public.whatsapp_messages m
   where m.conversation_id = p_conversation_id and m.status in ('sending', 'unknown') and m.kind = 'ask'
     and a.lease_token = m.lease_token;
end
$$;

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

create or replace function public.claim_log_read(p_every_ms integer) returns boolean
language plpgsql security definer set search_path = '' as $$
begin
  -- One reader each time, however many people watch.
  perform private.authorize();
  update public.whatsapp_sender set log_due_at = clock_timestamp() + p_every_ms * interval '1 ms'
   where log_due_at <= clock_timestamp();
  return found;
end
$$;

create or replace function public.record_lid(p_lid text, p_phone_number text) returns void
language plpgsql security definer set search_path = '' as $$
begin
  perform private.authorize();
  perform private.lock_keys('address:' || p_phone_number, 'address:' || p_lid);
  perform private.lock_customers(array[p_phone_number, p_lid]);
  -- The number is of no use if the customer was erased since it was asked for.
  if exists (select from public.whatsapp_lids where lid = p_lid) then
    perform private.learn_lid(p_lid, p_phone_number);
  end if;
end
$$;

create or replace function public.record_log(p_entries jsonb, p_error text default null) returns void
language plpgsql security definer set search_path = '' as $$
declare
  e jsonb;
  v_id bigint;
  v_at timestamptz;
  v_conversation_id bigint;
begin
  perform private.authorize();
  update public.whatsapp_sender set
    log_error = p_error, log_ok_at = case when p_error is null then clock_timestamp() else log_ok_at end
   where id;
  perform private.lock_events(p_entries);
  for e in select jsonb_array_elements(p_entries) loop
    continue when private.was_erased(e);
    v_at := (e ->> 'created_at')::timestamptz;
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
         and private.may_have_left(m)
       order by private.time_from_attempt(m.id, v_at), m.id limit 1;
    end if;
    if v_id is not null then
      perform private.advance_message(v_id, e ->> 'status', 'delivery_failed', e ->> 'error', null, e ->> 'wasender_id');
      perform private.apply_receipts(v_id);
    elsif e ->> 'phone_number' is not null then
      -- Sent through Wasender by something else.
      v_conversation_id := private.make_customer(e ->> 'phone_number', null, 'message');
      insert into public.whatsapp_messages
        (conversation_id, direction, kind, status, phone_number, text, error_code, error, wasender_id, message_at, sent_at, call_id)
      values
        (v_conversation_id, 'outgoing', 'manual', e ->> 'status', e ->> 'phone_number', e ->> 'text',
         case when e ->> 'status' = 'failed' then 'delivery_failed' end, e ->> 'error', e ->> 'wasender_id', v_at, v_at,
         private.last_call(v_conversation_id))
      on conflict do nothing;
    end if;
  end loop;
end
$$;

create or replace function public.record_message_info(p_wasender_id text, p_whatsapp_id text, p_status text) returns void
language plpgsql security definer set search_path = '' as $$
declare
  v_id bigint;
begin
  perform private.authorize();
  perform private.lock_keys('message:' || p_wasender_id, 'message:' || p_whatsapp_id);
  perform private.lock_customers('{}', array(
    select conversation_id from public.whatsapp_messages
     where wasender_id = p_wasender_id or (direction = 'outgoing' and whatsapp_id = p_whatsapp_id)));
  select id into v_id from public.whatsapp_messages where wasender_id = p_wasender_id;
  if v_id is null then return; end if;
  perform private.advance_message(v_id, p_status, null, null, p_whatsapp_id);
  perform private.apply_receipts(v_id);
end
$$;

create or replace function public.count_refused(p_source text, p_count integer) returns void
language plpgsql security definer set search_path = '' as $$
begin
  perform private.authorize();
  insert into private.refused_webhooks as r (source, count) values (p_source, p_count)
  on conflict (source, day) do update set count = r.count + excluded.count, last_at = excluded.last_at;
end
$$;

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
      select jsonb_build_object('queued', count(*), 'oldest_at', min(created_at), 'due_at', min(due_at),
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

create or replace function private.optional_report(p_sql text) returns jsonb
language plpgsql stable set search_path = '' as $$
declare
  v_result jsonb;
begin
  -- Of things that only a Supabase project has, or that its roles may not see.
  execute p_sql into v_result;
  return v_result;
exception when others then
  return null;
end
$$;

create or replace function private.bill_stored() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  -- Staff may remove the mark: only the next file sets it again.
  update public.conversations set bill_at = new.created_at where id = new.conversation_id and bill_at is null;
  perform private.withdraw_asks(new.conversation_id);
  -- The mark decides the state, even if nothing else of the customer has changed.
  perform private.refresh_customer(new.conversation_id);
  return null;
end
$$;

create or replace function public.claim_media(p_lease_ms integer, p_max_attempts integer) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  m public.whatsapp_messages;
begin
  perform private.authorize();
  -- Each function that fetched it died: the file itself may be the cause.
  update public.whatsapp_messages set
    media_state = 'failed', media_error = coalesce(media_error, 'gave_up'), media_due_at = null, media_lease_token = null
  where id in (
    select id from public.whatsapp_messages
     where media_state = 'pending' and media_due_at <= now() and media_attempts >= p_max_attempts
     limit 100 for update skip locked);
  select * into m from public.whatsapp_messages
   where media_state = 'pending' and media_due_at <= now() and media_attempts < p_max_attempts
   order by media_due_at limit 1 for update skip locked;
  if m.id is null then
    return jsonb_build_object('message', null);
  end if;
  update public.whatsapp_messages set
    media_attempts = media_attempts + 1,
    media_lease_token = gen_random_uuid(),
    media_due_at = clock_timestamp() + p_lease_ms * interval '1 ms'
  where id = m.id
  returning * into m;
  return jsonb_build_object('message', jsonb_build_object(
    'id', m.id, 'lease_token', m.media_lease_token, 'attempts', m.media_attempts, 'type', m.type, 'media', m.media,
    'folder', private.media_folder(coalesce(m.phone_number, m.lid)) || '/'
      || to_char(coalesce(m.message_at, m.created_at) at time zone 'Europe/Rome', 'YYYY-MM')));
end
$$;

create or replace function public.claim_sweep(
  p_limit integer, p_media_days integer default null, p_webhook_days integer default null, p_legacy_too boolean default false
) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  s public.whatsapp_sender;
  v_files jsonb;
  v_webhooks integer;
  v_full boolean;
begin
  perform private.authorize();
  select * into s from public.whatsapp_sender for update;
  if s.sweep_at > clock_timestamp() then
    return '[]'::jsonb;
  end if;
  v_webhooks := private.empty_old_webhooks(p_limit * 20, p_webhook_days, p_legacy_too);
  delete from private.deleted_rows where deleted_at < now() - interval '7 days';
  delete from private.sign_in_attempts where at < now() - interval '1 day';
  delete from private.refused_webhooks where day < (now() at time zone 'UTC')::date - 7;
  delete from private.known_browsers where seen_at < now() - interval '400 days';
  delete from public.whatsapp_receipts where received_at < now() - interval '30 days';
  update public.cloudtalk_calls set erased_hash = null where erased_hash is not null and updated_at < now() - interval '2 days';
  select coalesce(jsonb_agg(jsonb_build_object('id', f.id, 'paths', f.paths)), '[]') into v_files
    from (select id, array_remove(array[media_path, media_thumb_path], null) as paths
            from public.whatsapp_messages
           where media_state = 'stored' and created_at < now() - p_media_days * interval '1 day'
           order by created_at limit p_limit) f;
  v_full := jsonb_array_length(v_files) = p_limit or v_webhooks = p_limit * 20;
  -- A full batch may have left some. A minute is enough to delete it in.
  update public.whatsapp_sender set
    sweep_at = clock_timestamp() + case when v_full then interval '1 minute' else interval '1 hour' end
   where id;
  return v_files;
end
$$;

create or replace function private.empty_old_webhooks(p_limit integer, p_days integer, p_legacy_too boolean) returns integer
language plpgsql set search_path = '' as $$
declare
  v_before timestamptz := now() - p_days * interval '1 day';
  v_ids bigint[];
begin
  v_ids := array(
    select id from public.webhook_requests
     where emptied_at is null and "timestamp" < v_before and (p_legacy_too or source <> 'legacy')
     order by "timestamp" limit p_limit);
  update public.cloudtalk_calls set raw_data = null
   where id in (
     select id from public.cloudtalk_calls
      where raw_data is not null and created_at < v_before and (p_legacy_too or should_send_reason <> 'legacy')
      order by created_at limit p_limit);
  return private.empty_webhooks(v_ids, null);
end
$$;

create or replace function public.forget_media(p_message_ids bigint[]) returns void
language plpgsql security definer set search_path = '' as $$
begin
  perform private.authorize();
  perform private.lock_customers('{}', array(select conversation_id from public.whatsapp_messages where id = any (p_message_ids)));
  -- What would lead to them at WhatsApp goes as well.
  perform private.forget_media_keys(webhook_request_id, array_agg(media))
     from public.whatsapp_messages
    where id = any (p_message_ids) and media_state = 'stored' and webhook_request_id is not null
    group by webhook_request_id;
  update public.whatsapp_messages set
    media_state = 'deleted', media_path = null, media_thumb_path = null, media_sha256 = null,
    media = media - array['url', 'directPath', 'mediaKey', 'fileSha256', 'fileEncSha256', 'jpegThumbnail']
  where id = any (p_message_ids) and media_state = 'stored';
end
$$;

create or replace function private.media_folder(p_address text) returns text
language plpgsql immutable set search_path = '' as $$
begin
  return case when p_address like '+%' then substr(p_address, 2) else 'lid-' || split_part(p_address, '@', 1) end;
end
$$;

create or replace function private.queue_media() returns trigger
language plpgsql set search_path = '' as $$
begin
  new.media_state := 'pending';
  new.media_due_at := clock_timestamp();
  return new;
end
$$;

create or replace function public.read_media(p_message_id bigint) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  m public.whatsapp_messages;
begin
  perform private.require_staff();
  select * into m from public.whatsapp_messages where id = p_message_id and media_state is not null;
  if m.id is null then
    return jsonb_build_object('state', 'none');
  end if;
  return jsonb_strip_nulls(jsonb_build_object(
    'state', m.media_state, 'error', m.media_error, 'path', m.media_path, 'thumb_path', m.media_thumb_path,
    'mime_type', m.media_mime_type, 'file_name', coalesce(m.media ->> 'fileName', m.media ->> 'title'),
    'received_at', m.created_at));
end
$$;

create or replace function public.settle_media(p_message_id bigint, p_lease_token uuid, p_outcome text, p_detail jsonb) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  m public.whatsapp_messages;
begin
  perform private.authorize();
  perform private.lock_customers('{}', array(select conversation_id from public.whatsapp_messages where id = p_message_id));
  select * into m from public.whatsapp_messages where id = p_message_id for update;
  -- The lease is over and another function has it, or the message was erased meanwhile: the stored file may have to go.
  if m.id is null or m.media_state <> 'pending' or m.media_lease_token is distinct from p_lease_token then
    return jsonb_build_object('settled', false, 'keep', m.media_state = 'pending' or m.media_path = p_detail ->> 'path');
  end if;
  if p_outcome = 'stored' then
    update public.whatsapp_messages set
      media_state = 'stored', media_error = null, media_due_at = null, media_lease_token = null,
      media_path = p_detail ->> 'path', media_thumb_path = p_detail ->> 'thumb_path',
      media_mime_type = p_detail ->> 'mime_type', media_size = (p_detail ->> 'size')::integer,
      media_pages = (p_detail ->> 'pages')::integer, media_sha256 = p_detail ->> 'sha256'
    where id = m.id;
  elsif p_outcome = 'failed' or m.media_attempts >= (p_detail ->> 'max_attempts')::integer then
    update public.whatsapp_messages set
      media_state = 'failed', media_error = p_detail ->> 'reason', media_due_at = null, media_lease_token = null
    where id = m.id;
  else
    update public.whatsapp_messages set
      media_error = p_detail ->> 'reason', media_lease_token = null,
      media_due_at = clock_timestamp() + (p_detail ->> 'retry_ms')::integer * interval '1 ms'
    where id = m.id;
  end if;
  return jsonb_build_object('settled', true, 'keep', true);
end
$$;

create or replace function public.act_on_conversation(
  p_action text, p_conversation_id bigint, p_text text default null, p_client_id uuid default null
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
  elsif p_action = 'reply' then
    v_phone := private.reply_number(c.id);
    if v_phone is null then
      return jsonb_build_object('error', 'not_possible', 'status', 'no_number');
    end if;
    -- Before the asks that wait: a colleague is talking to the customer. The key makes a second click harmless.
    insert into public.whatsapp_messages
      (conversation_id, direction, kind, status, phone_number, text, author, client_id, priority, due_at, call_id)
    values
      (c.id, 'outgoing', 'reply', 'queued', v_phone, p_text, v_who, p_client_id, 10, clock_timestamp(), private.last_call(c.id))
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
      -- A new message at Wasender: it will have ids of its own.
      wasender_id = null, whatsapp_id = null, info_at = null, info_attempts = 0
    where id = m.id;
  else
    update public.whatsapp_messages set status = 'cancelled', cancelled_by = v_who where id = m.id;
  end if;
  insert into public.staff_actions (who, action, conversation_id, message_id, from_status, to_status)
  values (v_who, p_action, m.conversation_id, m.id, v_from, v_to);
  return jsonb_build_object('message', jsonb_build_object('id', m.id, 'status', v_to));
end
$$;

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
    if s.paused_at is null then return jsonb_build_object('error', 'not_possible', 'status', 'running'); end if;
    perform private.resume_sender();
    update public.whatsapp_sender set probes = 0 where id;
  else
    raise invalid_parameter_value using message = 'unknown action';
  end if;
  insert into public.staff_actions (who, action, from_status, to_status)
  values (v_who, p_action, coalesce('paused: ' || s.paused_reason, 'running'),
          case p_action when 'pause' then 'paused: staff' else 'running' end);
  return jsonb_build_object('paused', p_action = 'pause');
end
$$;

create or replace function private.changed_conversations(k private.poll_cursor, p_limit integer) returns public.conversations[]
language plpgsql stable set search_path = '' as $$
begin
  return array(
    select c from public.conversations c
     where (c.changed_xid, c.id) > (k.conversation_xid, k.conversation_id) and c.changed_xid < pg_snapshot_xmax(k.to_snapshot)
       and not pg_visible_in_snapshot(c.changed_xid, k.from_snapshot) and pg_visible_in_snapshot(c.changed_xid, k.to_snapshot)
     order by c.changed_xid, c.id limit p_limit);
end
$$;

create or replace function private.changed_messages(k private.poll_cursor, p_limit integer) returns public.whatsapp_messages[]
language plpgsql stable set search_path = '' as $$
begin
  return array(
    select m from public.whatsapp_messages m
     -- One row comparison decides at which place the index begins: a second condition beside it would not.
     where (m.changed_xid, m.id) > (k.message_xid, k.message_id) and m.changed_xid < pg_snapshot_xmax(k.to_snapshot)
       and not pg_visible_in_snapshot(m.changed_xid, k.from_snapshot) and pg_visible_in_snapshot(m.changed_xid, k.to_snapshot)
     order by m.changed_xid, m.id limit p_limit);
end
$$;

create or replace function private.conversation_counts() returns jsonb
language plpgsql stable set search_path = '' as $$
begin
  return (
    select jsonb_build_object('all', count(*), 'waiting', count(*) filter (where state = 'waiting'),
      'answered', count(*) filter (where state = 'answered'), 'bill', count(*) filter (where state = 'bill'),
      'error', count(*) filter (where state = 'error'), 'check', count(*) filter (where state = 'check'),
      'unread', coalesce(sum(unread), 0))
    from public.conversations where merged_into is null);
end
$$;

create or replace function private.customer_changed() returns trigger
language plpgsql security definer set search_path = '' set plan_cache_mode = force_generic_plan as $$
declare
  v_id bigint := case when tg_op = 'DELETE' then old.conversation_id else new.conversation_id end;
  c public.conversations;
begin
  -- Deferred, so it runs when the function that changed the row has ended, and needs the owner's rights itself. All
  -- that the transaction does is done by then: the first row's turn is enough for all of them.
  select * into c from public.conversations where id = v_id;
  if found and c.merged_into is null and c.refreshed_xid is distinct from pg_current_xact_id() then
    perform private.refresh_customer(v_id, true);
  end if;
  return null;
end
$$;

create or replace function private.customer_of(p_address text) returns bigint
language plpgsql stable set search_path = '' as $$
begin
  return (select conversation_id from public.conversation_numbers where address = p_address);
end
$$;

create or replace function private.deleted_since(k private.poll_cursor) returns jsonb
language plpgsql stable set search_path = '' as $$
begin
  return (
    select jsonb_build_object(
      'messages', coalesce(jsonb_agg(d.row_id) filter (where d.kind = 'message'), '[]'),
      'conversations', coalesce(jsonb_agg(d.row_id) filter (where d.kind = 'conversation'), '[]'))
    from private.deleted_rows d
    where d.changed_xid >= pg_snapshot_xmin(k.from_snapshot)
      and not pg_visible_in_snapshot(d.changed_xid, k.from_snapshot) and pg_visible_in_snapshot(d.changed_xid, k.to_snapshot)
    having count(*) > 0);
end
$$;

create or replace function public.export_conversations(p_state text default null, p_q text default null) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
begin
  perform private.require_staff();
  return coalesce((
    select jsonb_agg(jsonb_build_object(
      'phone_number', private.phone_of(c.id), 'name', c.name, 'state', c.state, 'last_at', c.last_at, 'unread', c.unread,
      'bill_at', c.bill_at, 'bill_by', c.bill_by,
      'last_text', (select left(l.text, 500) from public.whatsapp_messages l where l.id = c.last_message_id),
      'last_call_at', (select coalesce(k.call_end_time, k.call_start_time, k.created_at) from public.cloudtalk_calls k
                        where k.conversation_id = c.id order by k.id desc limit 1),
      'company_name', (select k.company_name from public.cloudtalk_calls k
                        where k.conversation_id = c.id and k.company_name is not null order by k.id desc limit 1)))
    from private.find_conversations(p_state, p_q, null, 20000) c), '[]');
end
$$;

create or replace function private.feed_bills(p_conversation_id bigint) returns jsonb
language plpgsql stable set search_path = '' as $$
begin
  return (
    select coalesce(jsonb_agg(jsonb_build_object(
      'id', b.id, 'type', b.type, 'at', coalesce(b.message_at, b.created_at),
      'file_name', coalesce(b.media ->> 'fileName', b.media ->> 'title'), 'size', b.media_size, 'pages', b.media_pages)
      order by b.id desc), '[]')
    from (select * from public.whatsapp_messages m
           where m.conversation_id = p_conversation_id and m.is_bill and m.media_state = 'stored'
           order by m.id desc limit 100) b);
end
$$;

create or replace function private.feed_call(k public.cloudtalk_calls) returns jsonb
language plpgsql stable set search_path = '' as $$
begin
  return jsonb_build_object(
    'id', k.id,
    'at', coalesce(k.call_end_time, k.call_start_time, k.created_at),
    'direction', k.direction,
    'duration', k.duration,
    'talking_time', k.talking_time,
    'talked', k.talked,
    'agent_name', k.agent_name,
    'status', k.status,
    'call_result', k.call_result,
    'should_send', k.should_send,
    'reason', k.should_send_reason,
    'recording_url', k.recording_url);
end
$$;

create or replace function private.feed_conversation(c public.conversations) returns jsonb
language plpgsql stable set search_path = '' as $$
begin
  return jsonb_build_object(
    'id', c.id, 'phone_number', private.phone_of(c.id), 'name', c.name, 'state', c.state,
    'last', (select jsonb_build_object('direction', l.direction, 'type', l.type, 'text', left(l.text, 200), 'status', l.status)
               from public.whatsapp_messages l where l.id = c.last_message_id),
    'last_at', c.last_at, 'unread', c.unread, 'bill_at', c.bill_at, 'bill_by', c.bill_by, 'merged_into', c.merged_into);
end
$$;

create or replace function private.feed_message(m public.whatsapp_messages) returns jsonb
language plpgsql stable set search_path = '' as $$
begin
  return jsonb_build_object(
    'id', m.id, 'conversation_id', m.conversation_id, 'direction', m.direction, 'kind', m.kind,
    'phone_number', m.phone_number, 'contact_name', m.contact_name, 'type', m.type, 'text', m.text, 'status', m.status,
    'error_code', m.error_code, 'error', m.error, 'author', m.author,
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

create or replace function private.fill_customer() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  new.conversation_id := private.make_customer(new.phone_number, to_jsonb(new) ->> 'lid', tg_argv[0]);
  return new;
end
$$;

-- As it was, but for the words that the index has.
create or replace function private.find_conversations(p_state text, p_q text, p_before text, p_limit integer)
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
       where c.merged_into is null and (p_state is null or c.state = p_state) and (c.last_at, c.id) < (v_at, v_id)
       order by c.last_at desc, c.id desc limit p_limit;
    return;
  end if;
  v_like := '%' || replace(replace(replace(v_q, '\', '\\'), '%', '\%'), '_', '\_') || '%';
  v_digits := regexp_replace(v_q, '[^0-9]', '', 'g');
  select to_tsquery('simple', string_agg(quote_literal(w) || ':*', ' & ')) into v_words
    from regexp_split_to_table(lower(v_q), '[^[:alnum:]]+') w where w <> '';
  return query
    select c.* from public.conversations c
     where c.merged_into is null and (p_state is null or c.state = p_state) and (c.last_at, c.id) < (v_at, v_id)
       and (c.name ilike v_like
            or (length(v_digits) >= 3 and v_q !~ '[[:alpha:]]' and c.id in (
              select n.conversation_id from public.conversation_numbers n where n.address like '+%' || v_digits || '%'))
            or c.id in (select m.conversation_id from public.whatsapp_messages m
                         where to_tsvector('simple', left(coalesce(m.text, ''), 65536)) @@ v_words))
     order by c.last_at desc, c.id desc limit p_limit;
end
$$;

create or replace function private.format_cursor(k private.poll_cursor, p_change bigint, p_pending private.pending) returns text
language plpgsql immutable set search_path = '' as $$
begin
  if k.message_xid is null and k.conversation_xid is null then
    return concat_ws('|', k.to_snapshot, p_change, case when p_change is not null then p_pending::text end);
  end if;
  return concat_ws('~', k.from_snapshot, k.to_snapshot,
    coalesce(k.message_xid || '.' || k.message_id, '-'), coalesce(k.conversation_xid || '.' || k.conversation_id, '-'));
end
$$;

create or replace function private.lock_customers(p_addresses text[], p_ids bigint[] default '{}') returns void
language plpgsql set search_path = '' as $$
declare
  v_ids bigint[] := p_ids;
begin
  if p_addresses <> '{}' then
    v_ids := v_ids || array(select conversation_id from public.conversation_numbers where address = any (p_addresses));
  end if;
  while v_ids <> '{}' loop
    -- While it waited for one of them, that one may have become part of another. (A condition on the locked rows would
    -- be moved to before they are locked.)
    select coalesce(array_agg(merged_into) filter (where merged_into is not null), '{}') into v_ids
      from (select merged_into from public.conversations where id = any (v_ids) order by id desc for update) locked;
  end loop;
end
$$;

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
    -- The list shows the number.
    if found and not v_new then
      update public.conversations set updated_at = clock_timestamp() where id = v_id;
    end if;
  end if;
  return v_id;
end
$$;

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
  update public.staff_actions set conversation_id = p_into where conversation_id = p_from;
  update public.conversations set merged_into = p_into, unread = 0 where id = p_from;
  update public.conversations set
    -- What was not read stays unread.
    seen_message_id = case
      when f.unread > 0 then least(seen_message_id, f.seen_message_id)
      when unread = 0 then greatest(seen_message_id, f.seen_message_id)
      else seen_message_id end,
    bill_at = coalesce(bill_at, f.bill_at),
    bill_by = case when bill_at is null then f.bill_by else bill_by end
  where id = p_into;
  select max(coalesce(m.message_at, m.created_at)) into v_answered_at
    from public.whatsapp_messages m where m.conversation_id = p_into and m.direction = 'incoming';
  if v_answered_at is not null then
    perform private.mark_answered(p_into, v_answered_at);
  end if;
end
$$;

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
      'next_send_at', case when p.queued > 0 and s.paused_at is null then greatest(s.next_send_at, p.queued_due_at) end,
      'paused', case when s.paused_at is not null then
        jsonb_build_object(
          'reason', s.paused_reason, 'code', s.paused_code, 'message', s.paused_message, 'since', s.paused_at) end,
      'session', s.session_status));
end
$$;

create or replace function private.note_change() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  perform nextval('private.changes');
  return null;
end
$$;

create or replace function private.note_deletion() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  insert into private.deleted_rows (kind, row_id) values (tg_argv[0], old.id);
  return null;
end
$$;

create or replace function private.parse_cursor(p_cursor text) returns private.poll_cursor
language plpgsql immutable set search_path = '' as $$
declare
  k private.poll_cursor;
begin
  if p_cursor like '%~%' then
    -- "from~to~place~place": one answer did not hold everything.
    k.from_snapshot := split_part(p_cursor, '~', 1)::pg_snapshot;
    k.to_snapshot := split_part(p_cursor, '~', 2)::pg_snapshot;
    k.message_xid := nullif(split_part(split_part(p_cursor, '~', 3), '.', 1), '-')::xid8;
    k.message_id := nullif(split_part(split_part(p_cursor, '~', 3), '.', 2), '')::bigint;
    k.conversation_xid := nullif(split_part(split_part(p_cursor, '~', 4), '.', 1), '-')::xid8;
    k.conversation_id := nullif(split_part(split_part(p_cursor, '~', 4), '.', 2), '')::bigint;
  else
    -- "snapshot" or "snapshot|number|pending".
    k.from_snapshot := split_part(p_cursor, '|', 1)::pg_snapshot;
    k.change := nullif(split_part(p_cursor, '|', 2), '')::bigint;
    k.pending := nullif(split_part(p_cursor, '|', 3), '')::private.pending;
    k.message_xid := pg_snapshot_xmin(k.from_snapshot);
    k.message_id := 0;
    k.conversation_xid := k.message_xid;
    k.conversation_id := 0;
  end if;
  return k;
exception when data_exception then
  raise invalid_parameter_value using message = 'invalid cursor';
end
$$;

create or replace function private.phone_of(p_conversation_id bigint) returns text
language plpgsql stable set search_path = '' as $$
begin
  return (
    select n.address from public.conversation_numbers n
     where n.conversation_id = p_conversation_id and n.address like '+%'
     order by n.created_at, n.address limit 1);
end
$$;

create or replace function public.read_conversations(
  p_limit integer, p_state text default null, p_q text default null, p_before text default null
) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  v_limit integer := least(greatest(p_limit, 1), 200);
  v_rows public.conversations[];
  v_next text;
begin
  perform private.require_staff();
  v_rows := array(select f from private.find_conversations(p_state, p_q, p_before, v_limit + 1) f);
  if coalesce(array_length(v_rows, 1), 0) > v_limit then
    v_rows := v_rows[1:v_limit];
    v_next := concat(v_rows[v_limit].last_at, '~', v_rows[v_limit].id);
  end if;
  return private.monitor_state(private.read_pending()) || jsonb_build_object(
    'cursor', pg_current_snapshot()::text,
    'conversations', coalesce((select jsonb_agg(private.feed_conversation(c) order by c.last_at desc, c.id desc)
                                 from unnest(v_rows) c), '[]'),
    'next', v_next,
    'counts', private.conversation_counts());
end
$$;

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
  v_pending := private.read_pending();
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
      select jsonb_agg(jsonb_build_object('id', a.id, 'at', a.at, 'who', a.who, 'action', a.action, 'message_id', a.message_id)
                       order by a.id desc)
      from (select * from public.staff_actions where conversation_id = c.id order by id desc limit 100) a), '[]'));
end
$$;

create or replace function private.refresh_customer(p_id bigint, p_last boolean default false) returns void
language plpgsql set search_path = '' as $$
declare
  c public.conversations;
  l public.whatsapp_messages;
  v_name text;
  v_last_call timestamptz;
begin
  select * into c from public.conversations where id = p_id for update;
  select * into l from public.whatsapp_messages where conversation_id = p_id order by id desc limit 1;
  select k.created_at into v_last_call from public.cloudtalk_calls k where k.conversation_id = p_id order by k.id desc limit 1;
  select coalesce(
    (select coalesce(k.contact_name, k.customer_name, k.company_name) from public.cloudtalk_calls k
      where k.conversation_id = p_id and coalesce(k.contact_name, k.customer_name, k.company_name) is not null
      order by k.id desc limit 1),
    (select m.contact_name from public.whatsapp_messages m
      where m.conversation_id = p_id and m.contact_name is not null order by m.id desc limit 1))
  into v_name;
  -- The CASE looks only as far as it has to. Also if nothing of this differs: the list shows the last message's state
  -- too.
  update public.conversations set
    name = v_name,
    last_message_id = l.id,
    last_at = coalesce(greatest(l.created_at, v_last_call), c.last_at),
    unread = (
      select count(*) from public.whatsapp_messages m
       where m.conversation_id = p_id and m.direction = 'incoming' and m.id > c.seen_message_id),
    state = case
      when c.bill_at is not null then 'bill'
      when exists (select from public.whatsapp_messages m where m.conversation_id = p_id and m.status = 'unknown') then 'check'
      when l.direction = 'outgoing' and l.status = 'failed' then 'error'
      when exists (select from public.whatsapp_messages m where m.conversation_id = p_id and m.direction = 'incoming')
        or exists (select from public.cloudtalk_calls k where k.conversation_id = p_id and k.electricity_bill_received)
        then 'answered'
      when exists (
        select from public.whatsapp_messages m
         where m.conversation_id = p_id and m.direction = 'outgoing' and m.status <> 'cancelled') then 'waiting'
      else 'none' end,
    refreshed_xid = case when p_last then pg_current_xact_id() end
  where id = p_id;
end
$$;

create or replace function private.reply_number(p_conversation_id bigint) returns text
language plpgsql stable set search_path = '' as $$
begin
  return coalesce(
    (select m.phone_number from public.whatsapp_messages m
      where m.conversation_id = p_conversation_id and m.direction = 'incoming' and m.phone_number is not null
      order by m.id desc limit 1),
    private.phone_of(p_conversation_id));
end
$$;

create or replace function private.touch() returns trigger
language plpgsql set search_path = '' as $$
begin
  new.changed_xid := pg_current_xact_id();
  new.updated_at := clock_timestamp();
  return new;
end
$$;

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

create or replace function private.clear_clock_log() returns integer
language plpgsql set search_path = '' as $$
declare
  v_count integer;
begin
  -- By their number, which grows with time: a run that was cut off has no times.
  execute $q$
    delete from cron.job_run_details
     where runid <= (select max(runid) from cron.job_run_details where end_time < now() - interval '2 days')
       and command ~ '^select private\.(ring_outbox|clear_clock_log)\(' $q$;
  get diagnostics v_count = row_count;
  return v_count;
end
$$;

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

create or replace function private.end_leases(p_now timestamptz) returns void
language plpgsql set search_path = '' as $$
begin
  -- What the attempt did is unknown, and an attempt with an unknown outcome is never repeated.
  with gone as (
    select m.id from public.whatsapp_messages m join public.conversations c on c.id = m.conversation_id
     where m.status = 'sending' and m.lease_until < p_now
       for update of c, m skip locked
  ), expired as (
    update public.whatsapp_messages m set status = 'unknown', error_code = 'lease_expired', error = null
      from gone where m.id = gone.id
    returning m.lease_token
  )
  update public.whatsapp_attempts a set ended_at = p_now, outcome = 'unknown', code = 'lease_expired'
    from expired e where a.lease_token = e.lease_token and a.ended_at is null;
end
$$;

create or replace function public.outbox_due() returns boolean
language plpgsql stable security definer set search_path = '' as $$
declare
  s public.whatsapp_sender;
begin
  perform private.authorize();
  select * into s from public.whatsapp_sender;
  return private.what_is_due(s, private.read_pending()) @? '$.* ? (@ == true)';
end
$$;

create or replace function private.read_pending() returns private.pending
language plpgsql stable set search_path = '' as $$
declare
  p private.pending;
begin
  select count(*), min(due_at) into p.queued, p.queued_due_at from public.whatsapp_messages where status = 'queued';
  select min(media_due_at) into p.media_due_at from public.whatsapp_messages where media_state = 'pending';
  p.chore_due_at := least(
    (select min(lease_until) from public.whatsapp_messages where status = 'sending'),
    (select min(info_at) from public.whatsapp_messages where info_at is not null),
    (select min(ask_again_at) from public.whatsapp_lids where phone_number is null));
  select max(updated_at) into p.unknown_at from public.whatsapp_messages where status = 'unknown';
  return p;
end
$$;

create or replace function public.record_probe(p_session_status text) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  s public.whatsapp_sender;
begin
  perform private.authorize();
  select * into s from public.whatsapp_sender for update;
  update public.whatsapp_sender set session_status = p_session_status, session_at = clock_timestamp() where id;
  if p_session_status = 'connected' and s.paused_reason in ('session', 'configuration') then
    perform private.resume_sender();
    return jsonb_build_object('resumed', true);
  end if;
  return jsonb_build_object('resumed', false);
end
$$;

create or replace function public.record_ring() returns void
language plpgsql security definer set search_path = '' as $$
begin
  perform private.authorize();
  update public.whatsapp_sender set heard_at = clock_timestamp() where id;
end
$$;

create or replace function private.resume_sender() returns void
language plpgsql set search_path = '' as $$
begin
  update public.whatsapp_sender set
    paused_at = null, paused_reason = null, paused_code = null, paused_message = null, paused_fingerprint = null, probe_at = null
   where id;
end
$$;

create or replace function private.ring_outbox() returns text
language plpgsql security definer set search_path = '' as $$
declare
  v_url text;
  v_secret text;
begin
  if not public.outbox_due() then
    return 'nothing due';
  end if;
  execute $q$ select decrypted_secret from vault.decrypted_secrets where name = 'outbox_url' $q$ into v_url;
  execute $q$ select decrypted_secret from vault.decrypted_secrets where name = 'cron_secret' $q$ into v_secret;
  if v_url is null or v_secret is null then
    return 'not configured: outbox_url or cron_secret is missing in Vault';
  end if;
  update public.whatsapp_sender set rang_at = clock_timestamp() where id;
  execute 'select net.http_post(url := $1, headers := $2, body := $3, timeout_milliseconds := $4)'
    using v_url, jsonb_build_object('Content-Type', 'application/json', 'Authorization', 'Bearer ' || v_secret), '{}'::jsonb, 5000;
  return 'rang';
end
$$;

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

create or replace function private.take_probe(s public.whatsapp_sender, p_fingerprint text, p_now timestamptz) returns boolean
language plpgsql set search_path = '' as $$
declare
  v_probes integer := case when s.paused_fingerprint is distinct from p_fingerprint then 0 else s.probes end;
begin
  if s.paused_reason = 'staff' or (s.probe_at > p_now and s.paused_fingerprint is not distinct from p_fingerprint) then
    return false;
  end if;
  update public.whatsapp_sender set
    paused_fingerprint = p_fingerprint,
    probes = v_probes + (s.paused_reason = 'configuration')::integer,
    -- The session may be back any moment. A key or subscription is mended by a person: 5 minutes, 10, 20, up to 6
    -- hours.
    probe_at = p_now + case s.paused_reason
      when 'session' then interval '30 seconds'
      else least(interval '6 hours', interval '5 minutes' * 2 ^ least(v_probes, 10)) end
   where id;
  return true;
end
$$;

create or replace function private.what_is_due(s public.whatsapp_sender, p private.pending) returns jsonb
language plpgsql stable set search_path = '' as $$
begin
  return jsonb_build_object(
    'outbox', coalesce(
      (s.paused_at is null and p.queued > 0 and greatest(p.queued_due_at, s.next_send_at) <= now())
      or p.chore_due_at <= now() or s.probe_at <= now()
      -- Evidence for unknown outcomes may be in Wasender's log, if that can be read.
      or (s.log_due_at <= now() and s.log_ok_at > now() - interval '1 day' and p.unknown_at > now() - interval '1 day'),
      false),
    'media', coalesce(p.media_due_at <= now() or s.sweep_at <= now(), false),
    'history', coalesce(s.reconcile_due_at <= now(), false));
end
$$;

create or replace function public.claim_reconciliation(p_every_ms integer default null) returns boolean
language plpgsql security definer set search_path = '' as $$
begin
  perform private.authorize();
  if p_every_ms is null then
    -- Not set up. The clock asks again in an hour, in case it is by then.
    update public.whatsapp_sender set reconcile_due_at = clock_timestamp() + interval '1 hour'
     where reconcile_due_at <= clock_timestamp();
    return false;
  end if;
  update public.whatsapp_sender set
    reconcile_started_at = clock_timestamp(), reconcile_due_at = clock_timestamp() + p_every_ms * interval '1 ms'
   where reconcile_started_at is null or reconcile_started_at <= clock_timestamp() - p_every_ms * interval '1 ms';
  return found;
end
$$;

create or replace function public.settle_reconciliation(p_error text default null) returns void
language plpgsql security definer set search_path = '' as $$
begin
  perform private.authorize();
  update public.whatsapp_sender set
    reconcile_error = p_error,
    reconciled_at = case when p_error is null then clock_timestamp() else reconciled_at end
   where id;
end
$$;

create or replace function public.unknown_calls(p_calls jsonb) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  p record;
  v_known text[] := array[]::text[];
  v_rows bigint[] := array[]::bigint[];
  v_later text[] := array[]::text[];
begin
  -- Webhooks seldom carry the history's id, so calls are distinguished by customer and time: the nearest pairs first,
  -- one call to one row. Else a customer's lost call would take the row of another that the same customer made, and
  -- that one would look lost, and be asked twice.
  perform private.authorize();
  for p in
    select x.cdr_id, k.id, k.created_at, d.seconds
      from jsonb_populate_recordset(null::public.cloudtalk_calls, p_calls) x
      join public.cloudtalk_calls k
        on k.duplicate_of is null and k.cdr_id is null and (k.call_id = x.cdr_id or k.phone_number = x.phone_number)
      cross join lateral (select private.call_distance(k, x) as seconds) d
     where d.seconds is not null
     order by d.seconds, x.cdr_id, k.id
  loop
    continue when p.cdr_id = any (v_known || v_later) or p.id = any (v_rows);
    v_rows := v_rows || p.id;
    if p.seconds > 300 and p.created_at > now() - interval '20 minutes' then
      -- The row may be of a newer call that the history does not list yet.
      v_later := v_later || p.cdr_id;
    else
      v_known := v_known || p.cdr_id;
    end if;
  end loop;
  return coalesce((
    select jsonb_agg(jsonb_build_object('cdr_id', x.cdr_id, 'known', x.cdr_id = any (v_known))
                     order by array_position(v_known, x.cdr_id), x.call_end_time, x.cdr_id)
      from jsonb_populate_recordset(null::public.cloudtalk_calls, p_calls) x
     where x.cdr_id <> all (v_later)
       and not exists (select from public.cloudtalk_calls k where k.duplicate_of is null and k.cdr_id = x.cdr_id)
       -- An erased customer's call has no number any more; it is known by its id, or by the number's hash and the time.
       and not exists (
         select from public.cloudtalk_calls k
          where k.duplicate_of is null and k.call_id = x.cdr_id and k.should_send_reason = 'erased')
       and not exists (
         select from public.cloudtalk_calls k
          where k.erased_hash = private.keyed_hash(x.phone_number) and k.cdr_id is null
            and abs(extract(epoch from coalesce(k.call_start_time, k.created_at) - x.call_start_time)) <=
              case when k.call_start_time is null then 7200 else 60 end)
  ), '[]');
end
$$;

create or replace function public.read_webhooks(
  p_after bigint, p_limit integer, p_id bigint default null, p_outcome text default null, p_since timestamptz default null
) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
begin
  perform private.authorize();
  return coalesce((
    select jsonb_agg(jsonb_build_object(
      'id', w.id, 'source', w.source, 'path', w.path, 'outcome', w.outcome, 'event_type', w.event_type,
      'at', w."timestamp", 'content_type', w.headers ->> 'content-type', 'body', w.body, 'raw_body', w.raw_body) order by w.id)
    from (select * from public.webhook_requests r
           where r.id > p_after and (p_id is null or r.id = p_id) and (p_outcome is null or r.outcome = p_outcome)
             and (p_since is null or r."timestamp" >= p_since) and (p_id is not null or r.source <> 'legacy')
           order by r.id limit p_limit) w
  ), '[]');
end
$$;

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
  return true;
end
$$;

create or replace function private.apply_incoming(p_events jsonb, p_request_id bigint) returns boolean
language plpgsql set search_path = '' as $$
declare
  v_events private.incoming[] := private.identify_incoming(p_events, p_request_id);
  v_changed boolean := false;
  a record;
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
  if exists (select from unnest(v_events) where repeats_media) then
    -- The webhook that brought a file keeps what leads to it; a repeat need not.
    perform private.forget_media_keys(p_request_id, array(select media from unnest(v_events) where repeats_media));
  end if;
  return v_changed;
end
$$;

create or replace function private.apply_kept_receipt(p_message_id bigint, p_whatsapp_id text, p_wasender_id text) returns void
language plpgsql set search_path = '' as $$
begin
  -- Whoever applies it at this moment, having only Wasender's id, waits for this WhatsApp id: so that one is not waited
  -- for.
  perform from public.whatsapp_receipts where whatsapp_id = p_whatsapp_id for update skip locked;
  if found or p_wasender_id is not null then
    perform private.apply_receipts(p_message_id);
  end if;
end
$$;

create or replace function private.apply_outgoing(p_event jsonb, p_request_id bigint) returns boolean
language plpgsql set search_path = '' as $$
declare
  v_phone text := p_event ->> 'phone_number';
  v_lid text := p_event ->> 'lid';
  v_whatsapp_id text := p_event ->> 'whatsapp_id';
  v_wasender_id text := p_event ->> 'wasender_id';
  v_at timestamptz := (p_event ->> 'message_at')::timestamptz;
  v_conversation_id bigint;
  m public.whatsapp_messages;
begin
  if v_phone is null then
    select phone_number into v_phone from public.whatsapp_lids where lid = v_lid;
  end if;
  select * into m from public.whatsapp_messages where id = private.find_outgoing(p_event, v_phone);
  if m.id is not null then
    if v_lid is not null and m.phone_number is not null and private.customer_of(v_lid) is distinct from m.conversation_id then
      -- The echo of our own message shows which customer the LID belongs to.
      perform private.learn_lid(v_lid, m.phone_number);
    end if;
    if not private.advance_message(m.id, p_event ->> 'status', null, null, v_whatsapp_id, v_wasender_id) then
      return false;
    end if;
    perform private.apply_kept_receipt(m.id, v_whatsapp_id, v_wasender_id);
    return true;
  end if;

  -- We did not send it: it was typed on the phone itself.
  if v_whatsapp_id is null or (v_phone is null and v_lid is null) then return false; end if;
  if v_lid is not null and v_phone is not null then
    perform private.learn_lid(v_lid, v_phone);
  elsif v_lid is not null then
    insert into public.whatsapp_lids (lid) values (v_lid) on conflict do nothing;
  end if;
  v_conversation_id := private.make_customer(v_phone, v_lid, 'message');
  insert into public.whatsapp_messages
    (conversation_id, direction, kind, status, phone_number, lid, type, text, media, whatsapp_id, wasender_id, message_at,
     sent_at, webhook_request_id, call_id)
  values
    (v_conversation_id, 'outgoing', 'manual', p_event ->> 'status', v_phone, v_lid, p_event ->> 'type', p_event ->> 'text',
     nullif(p_event -> 'media', 'null'), v_whatsapp_id, v_wasender_id, v_at, coalesce(v_at, clock_timestamp()), p_request_id,
     private.last_call(v_conversation_id))
  on conflict do nothing
  returning * into m;
  if m.id is null then return false; end if;
  perform private.apply_kept_receipt(m.id, v_whatsapp_id, v_wasender_id);
  return true;
end
$$;

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
    perform private.advance_message(m.id, r.status, 'delivery_failed', r.error, r.whatsapp_id, r.wasender_id);
  end loop;
end
$$;

create or replace function private.apply_send_failed(p_event jsonb) returns boolean
language plpgsql set search_path = '' as $$
declare
  v_id bigint;
begin
  -- Such an event names the number, and nothing else: it is about the last message that was handed over for it.
  select id into v_id from public.whatsapp_messages
   where direction = 'outgoing' and phone_number = p_event ->> 'phone_number'
     and whatsapp_id is null and status in ('sending', 'unknown', 'sent')
     and updated_at > clock_timestamp() - interval '1 day'
   order by id desc limit 1;
  if v_id is null then return false; end if;
  return private.advance_message(v_id, 'failed', 'delivery_failed', p_event ->> 'error');
end
$$;

create or replace function private.apply_session(p_status text) returns boolean
language plpgsql set search_path = '' as $$
declare
  s public.whatsapp_sender;
begin
  select * into s from public.whatsapp_sender for update;
  update public.whatsapp_sender set session_status = p_status, session_at = clock_timestamp() where id;
  if p_status = 'connected' and s.paused_reason = 'session' then
    perform private.resume_sender();
  elsif p_status in ('disconnected', 'need_scan', 'need_passkey', 'logged_out', 'expired') and s.paused_at is null then
    update public.whatsapp_sender set
      paused_at = clock_timestamp(), paused_reason = 'session', paused_code = 'session_down', paused_message = p_status,
      probe_at = clock_timestamp()
     where id;
  end if;
  return s.session_status is distinct from p_status;
end
$$;

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
      v_id, p_event ->> 'status', 'delivery_failed', p_event ->> 'error', v_whatsapp_id, v_wasender_id) then
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

create or replace function private.find_by_ids(p_whatsapp_id text, p_wasender_id text) returns bigint
language plpgsql stable set search_path = '' as $$
begin
  -- If its echo was taken for one typed on the phone, there are two: ours is the one that stays.
  return (
    select id from public.whatsapp_messages
     where direction = 'outgoing' and (whatsapp_id = p_whatsapp_id
       or (wasender_id = p_wasender_id and (whatsapp_id is null or p_whatsapp_id is null)))
     order by kind = 'manual', whatsapp_id = p_whatsapp_id desc nulls last limit 1);
end
$$;

create or replace function private.find_by_words(p_phone_number text, p_text text, p_at timestamptz, p_has_wasender_id boolean)
returns bigint
language plpgsql stable set search_path = '' as $$
begin
  -- All asks of a customer have the same words: the one that was sent at that time, then those of which nobody knows
  -- yet.
  return (
    select m.id from public.whatsapp_messages m
     where m.direction = 'outgoing' and m.whatsapp_id is null and m.phone_number = p_phone_number
       and (m.wasender_id is null or not p_has_wasender_id)
       and private.same_words(m.text, p_text) and private.may_have_left(m)
     order by private.time_from_attempt(m.id, coalesce(p_at, now())), m.status = 'unknown' desc, m.id
     limit 1);
end
$$;

create or replace function private.find_just_sent(p_text text, p_at timestamptz) returns bigint
language plpgsql stable set search_path = '' as $$
declare
  v_ids bigint[];
begin
  -- All asks have the same words, so only one that stands alone is proof.
  v_ids := array(
    select m.id from public.whatsapp_attempts a
      join public.whatsapp_messages m on m.id = a.message_id
     where a.id > (select max(id) - 20 from public.whatsapp_attempts)
       and a.claimed_at between coalesce(p_at, now()) - interval '2 minutes' and coalesce(p_at, now()) + interval '1 minute'
       and a.outcome is distinct from 'not_sent' and a.outcome is distinct from 'refused'
       and m.whatsapp_id is null and private.same_words(m.text, p_text) and private.may_have_left(m)
     group by m.id
     limit 2);
  return case when cardinality(v_ids) = 1 then v_ids[1] end;
end
$$;

create or replace function private.find_outgoing(p_event jsonb, p_phone_number text) returns bigint
language plpgsql stable set search_path = '' as $$
declare
  v_wasender_id text := p_event ->> 'wasender_id';
  v_at timestamptz := (p_event ->> 'message_at')::timestamptz;
begin
  -- By an id; else by the same words to the same number; else, under a LID that is not known yet, by what was just
  -- sent.
  return coalesce(
    private.find_by_ids(p_event ->> 'whatsapp_id', v_wasender_id),
    private.find_by_words(p_phone_number, p_event ->> 'text', v_at, v_wasender_id is not null),
    case when p_phone_number is null then
      private.find_just_sent(p_event ->> 'text', v_at) end);
end
$$;

create or replace function private.forget_media_keys(p_request_id bigint, p_media jsonb[]) returns void
language plpgsql set search_path = '' as $$
begin
  -- Between its quotation marks, each of these values is a piece of the text on its own.
  update public.webhook_requests set body = (
    select string_agg(case when v.value is null then piece.text else '' end, '"' order by piece.n)::jsonb
      from string_to_table(body::text, '"') with ordinality piece (text, n)
      left join (
        select distinct trim('"' from to_jsonb(value)::text) as value
          from unnest(p_media) m, jsonb_each_text(m)
         where key in ('url', 'directPath', 'mediaKey', 'fileSha256', 'fileEncSha256') and length(value) >= 8
      ) v on v.value = piece.text)
  where id = p_request_id;
end
$$;

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
        m.media is not null and e.media <> 'null' and p_request_id is distinct from m.webhook_request_id
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
        e.whatsapp_id, e.quoted_whatsapp_id, e.message_at, e.id, e.says_more or l.phone_number is not null, e.repeats_media
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

create or replace function private.join_echoes(p_lid text, p_phone_number text) returns void
language plpgsql set search_path = '' as $$
declare
  t public.whatsapp_messages;
  v_id bigint;
begin
  for t in
    select * from public.whatsapp_messages
     where lid = p_lid and phone_number = p_phone_number and direction = 'outgoing' and kind = 'manual' and whatsapp_id is not null
     order by id
  loop
    select m.id into v_id from public.whatsapp_messages m
     where m.direction = 'outgoing' and m.kind <> 'manual' and m.whatsapp_id is null and m.phone_number = p_phone_number
       and private.same_words(m.text, t.text) and private.may_have_left(m)
       and private.time_from_attempt(m.id, t.sent_at) < interval '10 minutes'
     order by private.time_from_attempt(m.id, t.sent_at), m.id limit 1;
    if v_id is not null then
      perform private.advance_message(v_id, t.status, 'delivery_failed', t.error, t.whatsapp_id, t.wasender_id);
    end if;
  end loop;
end
$$;

create or replace function private.keep_webhook(p_request jsonb, p_outcome text, p_detail text) returns bigint
language plpgsql set search_path = '' as $$
declare
  v_id bigint := (p_request #>> '{replay,id}')::bigint;
begin
  if v_id is not null then
    -- A stored webhook is read again: its own row gets the new outcome, but accepted stays accepted.
    update public.webhook_requests set
      outcome = case when outcome = 'accepted' then outcome else p_outcome end,
      outcome_detail = right(concat_ws('; ', outcome_detail,
        to_char(clock_timestamp() at time zone 'UTC', '"replayed" YYYY-MM-DD"T"HH24:MI:SS"Z"'), p_detail), 1000),
      body = coalesce(nullif(body, 'null'), p_request -> 'body'),
      event_type = coalesce(p_request ->> 'event_type', event_type)
    where id = v_id;
    return v_id;
  end if;
  insert into public.webhook_requests
    (source, method, path, url, headers, query, body, raw_body, ip_address, user_agent, event_type, outcome, outcome_detail)
  values (
    p_request ->> 'source', p_request ->> 'method', p_request ->> 'path', p_request ->> 'url',
    p_request -> 'headers', p_request -> 'query', p_request -> 'body', p_request ->> 'raw_body',
    p_request ->> 'ip_address', p_request ->> 'user_agent', p_request ->> 'event_type', p_outcome, p_detail)
  returning id into v_id;
  return v_id;
end
$$;

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
  end if;
end
$$;

create or replace function private.lock_events(p_events jsonb) returns void
language plpgsql set search_path = '' as $$
declare
  v_addresses text[];
  v_ids text[];
  v_conversations bigint[];
begin
  if p_events @? '$[*] ? (@.kind == "session")' then
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

create or replace function private.may_have_left(m public.whatsapp_messages) returns boolean
language plpgsql stable set search_path = '' as $$
begin
  return m.status in ('sending', 'unknown', 'sent', 'delivered', 'read')
    -- Whatever was decided or reported since, a first attempt of which nobody knows may have arrived.
    or (m.status in ('queued', 'cancelled', 'failed') and exists (
      select from public.whatsapp_attempts a
       where a.message_id = m.id and (a.outcome is null or a.outcome = 'unknown' or (a.outcome = 'sent' and m.status = 'failed'))));
end
$$;

create or replace function private.next_status(p_from text, p_evidence text) returns text
language plpgsql immutable set search_path = '' as $$
begin
  return case
    when p_evidence = 'failed' then
      case when p_from in ('sending', 'unknown', 'sent') then 'failed' else p_from end
    -- Staff had it sent again, or cancelled it, and now its first attempt turns out to have arrived. Something was sent
    -- after all: that is stronger than a report that it was not.
    when p_from in ('queued', 'cancelled') then p_evidence
    when p_from = 'failed' then case when p_evidence in ('delivered', 'read') then p_evidence else p_from end
    when private.status_rank(p_evidence) > private.status_rank(p_from) then p_evidence
    else p_from end;
end
$$;

create or replace function public.record_wasender_webhook(p_request jsonb, p_events jsonb) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  g record;
  v_changed boolean := false;
  v_request_id bigint;
begin
  perform private.authorize();
  perform private.lock_events(p_events);
  -- Nothing about erased messages is brought back or kept, whatever mentions them.
  if exists (select from jsonb_array_elements(p_events) x where private.was_erased(x)) then
    p_request := private.without_content(p_request);
    p_events := coalesce((select jsonb_agg(x) from jsonb_array_elements(p_events) x where not private.was_erased(x)), '[]');
  end if;
  v_request_id := private.keep_webhook(p_request, 'accepted', null);
  -- In their order; but messages from customers that follow each other are stored together, if each comes once.
  for g in
    select min(x.event ->> 'kind') as kind, jsonb_agg(x.event order by x.n) as events
      from (
        select event, n, event ->> 'kind' = 'incoming' as is_incoming,
          count(*) filter (where event ->> 'kind' <> 'incoming') over (order by n) as others,
          row_number() over (partition by event ->> 'kind', event ->> 'whatsapp_id' order by n) as copy
        from jsonb_array_elements(p_events) with ordinality e (event, n)) x
     group by x.others, x.is_incoming, x.copy
     order by x.others, x.is_incoming, x.copy
  loop
    v_changed := case g.kind
      when 'incoming' then private.apply_incoming(g.events, v_request_id)
      when 'outgoing' then private.apply_outgoing(g.events -> 0, v_request_id)
      when 'status' then private.apply_status(g.events -> 0)
      when 'send_failed' then private.apply_send_failed(g.events -> 0)
      when 'session' then private.apply_session(g.events #>> '{0,status}')
    end or v_changed;
  end loop;
  if not v_changed then
    update public.webhook_requests set outcome = 'duplicate'
     where id = v_request_id and p_request #>> '{replay,outcome}' is distinct from 'accepted';
  end if;
  return jsonb_build_object('duplicate', not v_changed, 'webhook', v_request_id);
end
$$;

create or replace function public.record_webhook(p_request jsonb, p_outcome text, p_detail text) returns jsonb
language plpgsql security definer set search_path = '' as $$
begin
  perform private.authorize();
  if p_outcome not in ('ignored', 'invalid') then
    raise invalid_parameter_value using message = 'p_outcome must be ignored or invalid';
  end if;
  return jsonb_build_object('id', private.keep_webhook(p_request, p_outcome, p_detail));
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

create or replace function private.status_rank(p_status text) returns integer
language plpgsql immutable set search_path = '' as $$
begin
  return case p_status
    when 'queued' then 0 when 'sending' then 1 when 'unknown' then 2
    when 'sent' then 3 when 'delivered' then 4 when 'read' then 5
    when 'failed' then 9 when 'cancelled' then 9
  end;
end
$$;

create or replace function private.time_from_attempt(p_message_id bigint, p_at timestamptz) returns interval
language plpgsql stable set search_path = '' as $$
begin
  return (
    select min(greatest(a.claimed_at - p_at, p_at - a.claimed_at)) from public.whatsapp_attempts a
     where a.message_id = p_message_id and coalesce(a.outcome, 'unknown') in ('sent', 'unknown'));
end
$$;

create trigger cloudtalk_calls_customer before insert on public.cloudtalk_calls
  for each row when (new.conversation_id is null and new.phone_number is not null)
  execute function private.fill_customer('call');

create constraint trigger cloudtalk_calls_conversation_inserted
  after insert on public.cloudtalk_calls
  deferrable initially deferred for each row
  when (new.conversation_id is not null) execute function private.customer_changed();

create constraint trigger cloudtalk_calls_conversation_updated
  after update on public.cloudtalk_calls
  deferrable initially deferred for each row
  when (new.conversation_id is not null and
    (old.conversation_id, old.electricity_bill_received, old.contact_name, old.customer_name, old.company_name)
    is distinct from
    (new.conversation_id, new.electricity_bill_received, new.contact_name, new.customer_name, new.company_name))
  execute function private.customer_changed();

create trigger conversations_touch before update on public.conversations
  for each row execute function private.touch();

create trigger conversations_deleted after delete on public.conversations
  for each row execute function private.note_deletion('conversation');

create trigger conversations_noted after insert or update or delete on public.conversations
  for each row execute function private.note_change();

create trigger whatsapp_lids_noted after insert or update or delete on public.whatsapp_lids
  for each row execute function private.note_change();

create trigger whatsapp_messages_customer before insert on public.whatsapp_messages
  for each row when (new.conversation_id is null) execute function private.fill_customer('message');

create trigger whatsapp_messages_erased before insert on public.whatsapp_messages
  for each row when (new.whatsapp_id is not null or new.wasender_id is not null)
  execute function private.refuse_erased();

-- Stickers are no bills.
create trigger whatsapp_messages_media before insert or update of media, type on public.whatsapp_messages
  for each row when (new.media is not null and new.media_state is null and new.direction = 'incoming'
    and new.type in ('image', 'document', 'audio', 'video'))
  execute function private.queue_media();

create trigger whatsapp_messages_touch before update on public.whatsapp_messages
  for each row execute function private.touch();

create trigger whatsapp_messages_deleted after delete on public.whatsapp_messages
  for each row execute function private.note_deletion('message');

create trigger whatsapp_messages_noted after insert or update or delete on public.whatsapp_messages
  for each row execute function private.note_change();

create trigger whatsapp_messages_truncated after truncate on public.whatsapp_messages
  for each statement execute function private.note_change();

create trigger whatsapp_messages_stored_bill after update of media_state on public.whatsapp_messages
  for each row when (new.is_bill and new.media_state = 'stored' and old.media_state is distinct from new.media_state)
  execute function private.bill_stored();

-- At the end of the transaction, once for each customer, however many of the customer's rows it has changed.
create constraint trigger whatsapp_messages_conversation
  after insert or delete or update of conversation_id, status, contact_name, text, type on public.whatsapp_messages
  deferrable initially deferred for each row execute function private.customer_changed();

comment on function private.account_hash is
  'Recognises an account by its mail address, however that is spelt, without revealing the address.';

comment on function private.add_app_secret is
  'Accepts a SUPABASE_APP_SECRET. For the SQL editor.';

comment on function private.addresses_of is
  'All numbers and LIDs of a customer, the given number in any case.';

comment on function private.all_null is
  'For `update … set`: every column of a table that may be null, but some. The previous system''s tables have columns of their own, which hold numbers and names as well.';

comment on function private.all_words is
  'An expression for all that a row (t) of a table says, whatever columns the table has: texts and documents, each string between quotation marks.';

comment on function public.begin_sign_in is
  'Whether a password may be tried now: { attempt }, which counts as failed until complete_sign_in is called; or { wait_s }, and nothing was written. Addresses of an IPv6 network of 64 bits are one. p_browser: SHA-256 (hex) of what the browser''s cookie holds.';

comment on function public.complete_sign_in is
  'The password was right, as the signed-in person: the attempt does not count, and their account knows the browser (SHA-256, hex, of what its cookie holds). Returns { name, email }. Refused to an account that is not staff.';

comment on function private.empty_calls is
  'Makes calls anonymous, because their customer is erased. Returns how many.';

comment on function private.empty_webhooks is
  'Removes what stored webhooks say, and who sent them; that they came, and what became of them, stays. Returns how many.';

comment on function public.erase_customer is
  'Removes a customer: messages, conversation, what their calls and their own webhooks say. Returns where the files are that are still to be removed: { folders, paths }.';

comment on function public.erase_mentions is
  'Erases what mentions a customer among the next p_limit rows that belong to no customer: stored webhooks, calls without a customer, the previous system''s queue. Works for a second at most. Returns { done, looked }: looked at so many rows.';

comment on function private.erase_remarks is
  'Removes a customer from words of Wasender''s or CloudTalk''s that were kept for staff to read, and from what is no longer read.';

comment on function private.erasure_patterns is
  'Regular expressions for a customer''s numbers, in any spelling, and LIDs.';

comment on function public.finish_erasure is
  'The customer''s files are gone too: nothing is looked for any more. Returns how much was erased: { messages, conversations, calls, webhooks }.';

comment on function private.is_app is
  'Whether the request carries the app''s secret.';

comment on function private.keyed_hash is
  'Recognises a number after its owner was erased, without revealing the number.';

comment on function private.lock_keys is
  'Until the end of the transaction, no other transaction works on these keys. A copy of a webhook then waits instead of failing at a unique key. The order of all locks: whatsapp_sender, keys (sorted, in one call), conversations (the youngest first), everything else.';

comment on function private.mentions_query is
  'A query for the next rows of a table, { id, found }: after the id $1, at most $2, and found if one mentions the customer''s numbers, LIDs or any of the ids $3.';

comment on function private.number_pattern is
  'A regular expression that finds a number (E.164) in a text, with or without prefix and separators.';

comment on function private.sign_in_wait is
  'How long it is until the next attempt to sign in may be made; null if it may be made now. A browser that the account knows is not a stranger.';

comment on function public.start_erasure is
  'Begins (or goes on with) the erasure of the customer who has this number, and returns its id. Then erase_customer, erase_mentions until it is done, the files, finish_erasure: each can be repeated.';

comment on function public.who_am_i is
  'The signed-in person: { name, email }. Refused to an account that is not staff.';

comment on function private.without_content is
  'A received webhook without its content: for one that concerns an erased customer.';

comment on function public.claim_alerts is
  'The problems to report now: [{ kind, detail, since, over }]. p_database_bytes: how large the database may become. The caller has p_lease_ms to report them and to call settle_alert.';

comment on function private.problems is
  'What is wrong now; p_database_bytes is the size at which Supabase only lets the database be read, null if there is none.';

comment on function public.settle_alert is
  'Records that a problem, or its end, was reported.';

comment on function private.ask_of is
  'A call''s ask: the one that is not cancelled, else the last one that was.';

comment on function private.ask_reason is
  'Whether a call''s customer may be asked for the bills now: eligible, or why not. The only place that decides it; p_ask as in record_cloudtalk_webhook.';

comment on function private.call_distance is
  'Whether a stored call (k) and a reported one (n) can be the same, and how well they fit: the seconds between them, 0 if an id says so; null if they are two calls.';

comment on function private.decide_ask is
  'Sets should_send and its reason on a call (c, stored as o) if that is to be decided now.';

comment on function private.find_call is
  'The stored call that a report is about: by its ids, or, if no id contradicts it, the same customer''s nearest call within two hours.';

comment on function private.lock_call is
  'Locks everything that a report of this call may change.';

comment on function private.mark_answered is
  'The customer has written, at that time by WhatsApp''s clock: all calls before it are answered.';

comment on function private.merge_call is
  'What is known of a call (o, null if it is new) together with what is reported of it (n). raw_data is merged when it is saved.';

comment on function private.queue_or_withdraw is
  'Gives a call (c, stored as o) its one ask if it is to have one now, or takes back one that still waits. Returns the call''s ask.';

comment on function public.record_cloudtalk_webhook is
  'A call ended: stores the webhook, the call (new or enriched) and at most one queued ask, in one transaction. p_call has the column names of cloudtalk_calls; with a cdr_id it comes from CloudTalk''s call history. p_ask is { text, cooldown_hours, after_bill }, and for a call that is learned late, from the history or a stored webhook, { within_hours, heard_at }: an older one gets no ask. Returns { duplicate, webhook, call: { id, should_send, reason }, message: { id, status } | null, drain_in_ms }.';

comment on function private.refuse_erased_call is
  'The customer was erased: neither the call nor the webhook brings back what is gone.';

comment on function private.restore_asks is
  'The bill has not come after all: asks of the last day that were withdrawn for it wait again.';

comment on function private.save_call is
  'Writes a call: a new one, or (o) one that is stored. The only list of its columns.';

comment on function private.take_call_id is
  'A call id that is new to a call (c, stored as o) may stand on another row. One without a uuid turns out to be this very call and is linked to it; one with a uuid of its own is another call, and the id stays there.';

comment on function private.withdraw_asks is
  'The bill has come: what still waits to ask this customer for it is not sent.';

comment on function public.claim_chores is
  'Takes what to ask Wasender now. Returns { messages: [{ id, wasender_id }], lids: [lid], unknown }: unknown says whether a message waits for evidence.';

comment on function public.claim_log_read is
  'Whether the caller may read Wasender''s message log now.';

comment on function public.record_lid is
  'The number behind a LID: its messages get it, and a reply among them marks the calls.';

comment on function public.record_log is
  'Merges Wasender''s message log ([{ wasender_id, phone_number, text, status, error, created_at }]), or keeps why it could not be read.';

comment on function public.record_message_info is
  'Joins the two ids of a message, as GET /messages/{msgId}/info gave them.';

comment on function public.count_refused is
  'So many more requests came to a webhook''s address without its secret.';

comment on function public.health_report is
  'What lib/health judges: migrations, open access, the clock, the sender, the queue, webhooks, staff. No customer''s data, no secret.';

comment on function private.bill_stored is
  'A bill file has come.';

comment on function public.claim_media is
  'Takes the next file that is to be fetched. Returns { message: { id, lease_token, attempts, type, media, folder } | null }.';

comment on function public.claim_sweep is
  'Once an hour, removes what is old: the content of webhooks received more than p_webhook_days ago, and what is kept for a while only. Returns the files received more than p_media_days ago, at most p_limit, for the caller to delete: [{ id, paths }]. Null days: kept for ever.';

comment on function private.empty_old_webhooks is
  'Empties stored webhooks of more than so many days ago, and the copies of them that calls keep; the previous system''s only if asked to. Returns how many.';

comment on function public.forget_media is
  'The files of these messages were deleted.';

comment on function private.media_folder is
  'The folder of a number''s or a LID''s files in the bucket.';

comment on function public.read_media is
  'The place of a message''s file, for staff. Returns { state: none|pending|stored|failed|deleted, error, path, thumb_path, mime_type, file_name, received_at }.';

comment on function public.settle_media is
  'Says what became of a claim: stored, failed, or retry. Returns { settled, keep }; keep is false or null if what was uploaded belongs to no message.';

comment on function public.act_on_conversation is
  'reply (text, client_id: an idempotency key), bill_set, bill_unset, seen. Returns what it did or { error: not_found | not_possible, status }.';

comment on function public.act_on_message is
  'retry (failed), resend or give_up (unknown), cancel (queued). Returns { message: { id, status } } or { error: not_found | not_possible, status }.';

comment on function public.act_on_sender is
  'pause or resume. Returns { paused } or { error: not_possible, status }.';

comment on function private.changed_conversations is
  'As changed_messages.';

comment on function private.changed_messages is
  'The messages whose last change is in the second snapshot of a cursor and not in its first, from its place on.';

comment on function private.customer_of is
  'The conversation that a number or a LID belongs to; null if there is none yet.';

comment on function private.deleted_since is
  'The ids of messages and conversations that were deleted between the snapshots of a cursor; null if there are none.';

comment on function public.export_conversations is
  'The list by state and search for a spreadsheet, newest first, at most 20,000.';

comment on function private.feed_bills is
  'The bill files of a customer that are kept, newest first.';

comment on function private.feed_call is
  'A call as the monitor gets it (in lib/supabase/monitor/read-thread.ts).';

comment on function private.feed_conversation is
  'A customer as the monitor gets it (FeedConversation in lib/supabase/monitor/feed.ts).';

comment on function private.feed_message is
  'A message as the monitor gets it (FeedMessage in lib/supabase/monitor/feed.ts).';

comment on function private.fill_customer is
  'Finds or makes the customer of a new message or call by its number or LID.';

comment on function private.format_cursor is
  'The text of a cursor, as parse_cursor reads it.';

comment on function private.lock_customers is
  'Locks these customers'' rows, by addresses and ids, the youngest first. Every transaction that writes what belongs to a customer holds this lock: see lock_keys for the order of all locks. A customer only ever becomes part of an older one, so a transaction that follows it there keeps that order.';

comment on function private.make_customer is
  'The conversation of a number, of a LID, or of both, which then are the same customer''s: made if there is none, made one if there were two. The caller holds the keys of both.';

comment on function private.merge_customers is
  'Two conversations turn out to be one customer''s: the second, older one gets all that the first has.';

comment on function private.parse_cursor is
  'The parts of a cursor that read_feed gave. Fails with invalid_parameter_value if it is none.';

comment on function private.phone_of is
  'The number that stands for a customer: the first that was known. Null while only a LID is.';

comment on function public.read_conversations is
  'A page of the list, newest first, by state and search. Returns { cursor, conversations, next, counts, due, log, sender }.';

comment on function public.read_feed is
  'The newest messages and conversations, or with p_after (a cursor of an earlier answer) what was added, changed or deleted since. Returns { cursor, more, messages, conversations, deleted: { messages, conversations } | null, counts, due, work, log, sender }.';

comment on function public.read_thread is
  'A conversation with its newest messages (before p_before), calls and what staff did. Returns { conversation, messages, more, bills, calls, actions } or { error: not_found }.';

comment on function private.refresh_customer is
  'Derives a customer''s row again from the calls and messages. p_last: nothing of this transaction will change them any more.';

comment on function private.reply_number is
  'The number to which an answer to a customer goes: the one that wrote last. Null while only a LID is known.';

comment on function public.claim_message is
  'Takes the next message and the send slot. A slot that comes within p_ahead_ms is taken before it does, and wait_ms says when it does. Returns { message: { id, lease_token, phone_number, text, attempts, wait_ms } } or { idle: paused|empty|slot|backoff|busy, wait_ms, probe }.';

comment on function private.clear_clock_log is
  'Removes what Supabase Cron noted of the clock''s runs more than two days ago. Returns how many notes.';

comment on function private.drain_in_ms is
  'In how many milliseconds a drain could send what was just queued: before, a claim is in vain. Null if only staff can let it go.';

comment on function private.end_leases is
  'Messages whose function died while it was sending them become unknown.';

comment on function public.outbox_due is
  'Whether background work has something to do now. What the clock asks before it rings.';

comment on function public.record_probe is
  'What Wasender''s GET /status answered: our key works, and connected means that messages can go out. Resumes a sender that was paused for its session or configuration. Returns { resumed }.';

comment on function public.record_ring is
  'The clock has rung.';

comment on function private.ring_outbox is
  'Rings POST /api/outbox if something is due. Returns what it did, which cron.job_run_details keeps.';

comment on function public.settle_message is
  'Says what became of a claim: sent, refused, rate_limited, paused, not_sent or unknown (p_started_ms_ago is null if no request was made). p_detail is { code, detail, wasender_id, http_status, hold_ms, retry_ms, max_attempts, pause_reason, fingerprint }. Returns { status, wait_ms }.';

comment on function private.settle_slot is
  'Writes an attempt''s outcome and what follows for the sender: its next slot (returned), a pause. The caller holds the sender''s row.';

comment on function private.take_probe is
  'A pause that is Wasender''s ends when Wasender says so: whether this caller is to ask now. One at a time, ever more rarely; another deployment or key at once.';

comment on function private.what_is_due is
  'Of what works after an answer: { outbox, media, history }.';

comment on function public.claim_reconciliation is
  'Whether the caller must read CloudTalk''s call history now; if so, no other caller does for p_every_ms. Without an argument: it is not set up.';

comment on function public.settle_reconciliation is
  'The history was read to the end, or why it was not.';

comment on function public.unknown_calls is
  'Which calls of CloudTalk''s history ([{ cdr_id, call_id, phone_number, call_start_time, call_end_time }]) were not seen there before: [{ cdr_id, known }] in the order in which to record them; known says whether a webhook has reported the call.';

comment on function public.read_webhooks is
  'Stored webhooks by id, or by outcome and time, oldest first: [{ id, source, path, outcome, event_type, at, content_type, body, raw_body }].';

comment on table public.alerts is
  'The problems that are there now, or whose end is not reported yet: sending is paused (not by staff), files failed for good, the clock stopped, the database is nearly full.';

comment on column public.alerts.detail is 'A code that says which of its kind; how full the database is, in percent.';

comment on column public.alerts.told_at is 'When it was reported to ALERT_WEBHOOK_URL.';

comment on column public.alerts.cleared_at is 'When it was found to be over; the row is deleted once that is reported.';

comment on column public.alerts.claimed_until is 'Until then one function is reporting it.';

comment on table private.app_secrets is
  'SHA-256 (hex) of the accepted SUPABASE_APP_SECRETs; more than one while one is being replaced.';

comment on table public.cloudtalk_calls is 'One row per call of CloudTalk or of the voice agent.';

comment on column public.cloudtalk_calls.conversation_id is 'The customer; null if there is no number, or if the customer was erased.';

comment on column public.cloudtalk_calls.call_id is 'The id that webhooks give, of CloudTalk or of the voice agent.';

comment on column public.cloudtalk_calls.cdr_id is 'The id in CloudTalk''s call history; null until the call was seen there.';

comment on column public.cloudtalk_calls.duplicate_of is 'The first row of the same call, in data taken over from the previous system.';

comment on column public.cloudtalk_calls.phone_number is 'The number that was dialled or that called, E.164; null if it was withheld or not understood.';

comment on column public.cloudtalk_calls.phone_number_raw is 'The number as it came.';

comment on column public.cloudtalk_calls.phone_number_from is 'The company''s number, as it came.';

comment on column public.cloudtalk_calls.duration is 'Seconds, all of the call.';

comment on column public.cloudtalk_calls.talking_time is 'Seconds of conversation.';

comment on column public.cloudtalk_calls.electricity_bill_received is
  'The customer has answered (any reply) since this call. That a bill came is conversations.bill_at.';

comment on column public.cloudtalk_calls.electricity_bill_received_at is 'When the first reply was received.';

comment on column public.cloudtalk_calls.should_send is 'Whether this call gets an ask: private.ask_reason decides.';

comment on column public.cloudtalk_calls.should_send_reason is
  'Why, as a code of private.ask_reason; legacy: decided by the previous system; erased: the customer was erased.';

comment on column public.cloudtalk_calls.stated_should_send is 'should_send as the payload stated it; null if it did not.';

comment on column public.cloudtalk_calls.stated_bill_received is 'electricity_bill_received as the payload stated it; null if it did not.';

comment on column public.cloudtalk_calls.talked is 'Whether the payload shows that people talked; null if it does not say.';

comment on column public.cloudtalk_calls.reason is 'The reason that the payload gave in its own words.';

comment on column public.cloudtalk_calls.erased_hash is
  'Of an erased customer''s call: private.keyed_hash of the number, for the two days in which CloudTalk''s history may report the call again.';

comment on table public.conversation_numbers is
  'Which customer a number or a LID belongs to. A customer has one or several; at first perhaps only a LID.';

comment on column public.conversation_numbers.address is 'A telephone number (E.164) or a LID (digits@lid).';

comment on column public.conversation_numbers.known_by is
  'call: it was dialled or called us; message: a message came from it or went to it; lid: WhatsApp says that it is the same person; staff: a colleague said so; legacy: taken over.';

comment on table public.conversations is
  'One row for each customer. Numbers and LIDs are in conversation_numbers. Derived from calls and messages, but for seen_message_id and the bill.';

comment on column public.conversations.state is
  'What is owed: waiting (asked), answered, bill (received), error (the last message failed), check (it is unknown whether one was sent), none (never asked).';

comment on column public.conversations.seen_message_id is 'Staff have seen the messages up to this one.';

comment on column public.conversations.bill_at is 'When a bill file was stored, or staff said that the bill has come.';

comment on column public.conversations.bill_by is 'Who of the staff said so.';

comment on column public.conversations.merged_into is 'It turned out to be the same customer as this other one, which has all of it now.';

comment on column public.conversations.refreshed_xid is 'The transaction that derived the row last: each does so once.';

comment on column public.conversations.changed_xid is 'As in whatsapp_messages.';

comment on table private.deleted_rows is
  'The ids of messages and conversations that were deleted lately, so that open monitors drop them. Cleaned daily.';

comment on table private.erased_messages is
  'The ids at WhatsApp and Wasender of messages that were erased: a late webhook, or Wasender''s log, must not bring them back. Nothing else of them is kept.';

comment on table private.erasures is
  'Customers who are being erased, with what is looked for; the row goes when the last of their files is gone.';

comment on column private.erasures.addresses is 'The customer''s numbers and LIDs.';

comment on column private.erasures.message_ids is 'The ids at WhatsApp and Wasender of the customer''s messages.';

comment on column private.erasures.call_ids is 'The ids at CloudTalk and the voice agent of the customer''s calls.';

comment on column private.erasures.paths is 'The customer''s files in the bucket "bills".';

comment on column private.erasures.counts is 'How much was erased so far: { messages, conversations, calls, webhooks }.';

comment on column private.erasures.scanned is
  'By table: the rows up to this id were looked through, and mention the customer no more.';

comment on table private.hash_key is 'One row: the key of private.keyed_hash. Never changed: what was hashed could not be recognised any more.';

comment on table private.known_browsers is
  'Browsers with which a colleague has signed in to an account. Attempts of strangers do not slow these down. Kept for 400 days, like their cookie.';

comment on column private.known_browsers.account is 'The account''s mail address, as private.account_hash.';

comment on column private.known_browsers.hash is 'SHA-256 (hex) of what its cookie holds.';

comment on table private.refused_webhooks is
  'How many requests came to a webhook''s address without its secret: nothing else is kept of them. By day (UTC), for a week.';

comment on column private.refused_webhooks.count is 'At least so many: what a function counted and had no occasion to write is lost with it.';

comment on table private.sign_in_attempts is
  'Attempts to sign in that did not succeed, or not yet. What sign_in_wait counts. Kept for a day.';

comment on column private.sign_in_attempts.account is 'The account''s mail address, as private.account_hash.';

comment on column private.sign_in_attempts.address is
  'The caller''s address; of an IPv6 address the first 64 bits. Null if the host does not say it.';

comment on column private.sign_in_attempts.browser is
  'The browser''s hash, if it has been used before to sign in to this account.';

comment on table public.staff is
  'Who may sign in to the monitor: accounts of Supabase Auth that are listed here, with the name that colleagues see.';

comment on table public.staff_actions is 'Actions of staff: who, when, and what it changed.';

comment on table public.webhook_requests is
  'Every webhook that was received, also the invalid, the ignored and the repeated ones, each with its outcome.';

comment on column public.webhook_requests.source is
  'Where it comes from: cloudtalk, wasender; reconciled: no webhook came, and the call was found in CloudTalk''s history; legacy: the previous system.';

comment on column public.webhook_requests.body is 'The parsed body, secrets removed.';

comment on column public.webhook_requests.raw_body is 'The body as text, secrets removed; kept only if it could not be parsed.';

comment on column public.webhook_requests.outcome is
  'accepted: it said something new; duplicate: it said nothing new; ignored: an event we do not use; invalid: not understood; legacy: written by the previous system.';

comment on column public.webhook_requests.outcome_detail is 'Why it was ignored or invalid; or when it was replayed, and with what outcome.';

comment on column public.webhook_requests.emptied_at is 'When its content was removed: its time was over, or the customer was erased.';

comment on table public.whatsapp_attempts is 'One row for each attempt to send a message.';

comment on column public.whatsapp_attempts.started_at is 'When the request to Wasender started (UTC), by the database''s clock.';

comment on column public.whatsapp_attempts.outcome is
  'sent; refused (for good); rate_limited; paused (configuration or session); not_sent (never left this machine); unknown (may have arrived).';

comment on column public.whatsapp_attempts.code is 'Why, as in whatsapp_messages.error_code.';

comment on column public.whatsapp_attempts.detail is 'Wasender''s own words.';

comment on column public.whatsapp_attempts.withdrawn is 'What the ask asks for has come since: if it was not sent, it is not tried again.';

comment on table public.whatsapp_lids is
  'The telephone number of a LID, once known. conversation_numbers says which customer it belongs to.';

comment on column public.whatsapp_lids.ask_again_at is 'When Wasender may next be asked for the number.';

comment on table public.whatsapp_messages is
  'Every WhatsApp message in and out. Outgoing rows are the outbox: the queue is the table.';

comment on column public.whatsapp_messages.conversation_id is 'The customer, by conversation_numbers.';

comment on column public.whatsapp_messages.kind is
  'incoming: from the customer; ask: the request for the bills; reply: written by staff on the monitor; manual: typed on the phone itself, seen as an echo.';

comment on column public.whatsapp_messages.status is
  'incoming: received. Outgoing: queued → sending → sent → delivered → read (only forwards), or failed, unknown (it may have been sent), cancelled.';

comment on column public.whatsapp_messages.phone_number is 'The number that it came from or is written to, E.164; null while only a LID is known.';

comment on column public.whatsapp_messages.lid is 'WhatsApp''s private id of the other party (digits@lid). Not a telephone number.';

comment on column public.whatsapp_messages.error_code is
  'Why it failed, waits, is unknown or was withdrawn: lib/error-code.ts. The code that shows it makes the words.';

comment on column public.whatsapp_messages.error is 'The provider''s own words, if there were any.';

comment on column public.whatsapp_messages.whatsapp_id is 'WhatsApp''s own id (key.id).';

comment on column public.whatsapp_messages.wasender_id is 'Wasender''s id (msgId), known from the answer to the send.';

comment on column public.whatsapp_messages.due_at is 'Not to be sent before this.';

comment on column public.whatsapp_messages.lease_until is 'When a claim whose function died ends; the message is then unknown.';

comment on column public.whatsapp_messages.cancelled_by is 'Who cancelled it; "decision" if a rule did, for the reason in error_code.';

comment on column public.whatsapp_messages.author is 'Which of the staff wrote a reply.';

comment on column public.whatsapp_messages.client_id is 'The idempotency key that the page gave a reply.';

comment on column public.whatsapp_messages.info_at is
  'When Wasender is to be asked which WhatsApp id its msgId stands for; null if that is known or was given up.';

comment on column public.whatsapp_messages.is_bill is 'Whether its file counts as a bill: a photo or a document of the customer''s.';

comment on column public.whatsapp_messages.media_state is
  'The file of an incoming message: pending (to be fetched), stored, failed (media_error says why), deleted (it was stored, and its time is over).';

comment on column public.whatsapp_messages.media_error is 'A code of lib/media/media-error.ts: why it failed, or why the last attempt did.';

comment on column public.whatsapp_messages.media_due_at is
  'When it may next be fetched; while it is being fetched, when the lease ends.';

comment on column public.whatsapp_messages.media_path is 'The file''s place in the bucket "bills".';

comment on column public.whatsapp_messages.media_mime_type is 'By the file''s content, not by what the sender said.';

comment on column public.whatsapp_messages.media_size is 'Bytes.';

comment on column public.whatsapp_messages.media_sha256 is 'Of the stored file, in hexadecimal.';

comment on column public.whatsapp_messages.message_at is 'When the message was written, by WhatsApp''s clock.';

comment on column public.whatsapp_messages.changed_xid is
  'The transaction that changed the row last. With a snapshot as cursor a reader gets exactly the rows that it has not seen, however late their transactions commit.';

comment on table public.whatsapp_receipts is
  'States of messages whose WhatsApp id no message carries yet; applied when the two ids are joined.';

comment on column public.whatsapp_receipts.error is 'The provider''s own words of a failure.';

comment on table public.whatsapp_sender is
  'One row: when the next send may start, why sending is paused, the last known state of the WhatsApp session, and when other background work is due.';

comment on column public.whatsapp_sender.slot_token is 'The claim that took the last slot, until its real start is known.';

comment on column public.whatsapp_sender.paused_reason is
  'configuration: Wasender refuses our key or subscription; session: WhatsApp is not connected; staff: a colleague paused it.';

comment on column public.whatsapp_sender.paused_code is 'What it was exactly; lib/error-code.ts.';

comment on column public.whatsapp_sender.paused_message is 'Wasender''s own words, the session''s state, or who paused it.';

comment on column public.whatsapp_sender.paused_fingerprint is
  'The deployment and key that were refused; another one is probed at once.';

comment on column public.whatsapp_sender.probe_at is 'When a paused sender may next ask Wasender whether it works again.';

comment on column public.whatsapp_sender.probes is 'How often it asked in vain in this configuration pause, or resumed and was refused again: the next time comes later and later.';

comment on column public.whatsapp_sender.log_due_at is 'When Wasender''s message log may next be read.';

comment on column public.whatsapp_sender.log_ok_at is 'When it was last read.';

comment on column public.whatsapp_sender.log_error is 'Why the last reading failed; null if it did not.';

comment on column public.whatsapp_sender.rang_at is 'When the clock last rang POST /api/outbox.';

comment on column public.whatsapp_sender.heard_at is
  'When POST /api/outbox was last rung with the right secret, by any clock.';

comment on column public.whatsapp_sender.sweep_at is
  'When what is old is next looked for and removed: see claim_sweep.';

comment on column public.whatsapp_sender.reconcile_due_at is
  'When CloudTalk''s call history is next to be read, or, if that is not set up, when to look again whether it is.';

comment on column public.whatsapp_sender.reconcile_started_at is 'When its last reading started.';

comment on column public.whatsapp_sender.reconciled_at is 'When it was last read to the end.';

comment on column public.whatsapp_sender.reconcile_error is 'Why the last reading failed; null if it did not.';

comment on sequence private.changes is 'Drawn from by whatever changes a message, a conversation or a LID; see read_feed.';

comment on type private.incoming is
  'An event of a message from a customer (lib/wasender/event.ts), and what the database knows of it: the message''s id if it is stored, whether the event says more than is stored, and whether its file came with an earlier webhook.';

comment on type private.pending is
  'What waits: how many messages are queued; when the first of them, of the files and of the chores is due; when the last message became unknown.';

comment on type private.poll_cursor is
  'A parsed cursor of read_feed. A place (xid and id) is null if its table is done.';

comment on schema private is 'What no API role may call or see: helpers of the functions in public.';

comment on function private.advance_message is
  'Evidence about a message that has left: its ids, and a state that may only move forward. Returns whether anything changed. The caller holds the keys of the ids and the customers of the messages that carry them.';

comment on function private.apply_incoming is
  'Stores what customers have written, in the events'' order, each message once; all of them at once, because a webhook may bring thousands. No two of the events are of the same message.';

comment on function private.apply_kept_receipt is
  'Applies a state that came before the echo with these ids, unless another transaction does so.';

comment on function private.apply_receipts is
  'Applies states that came before the message had its ids.';

comment on function private.find_by_ids is
  'The message that we have sent under one of these ids.';

comment on function private.find_by_words is
  'A message of ours to this number, with these words, that has (or may have) left and that no WhatsApp id was joined to.';

comment on function private.find_just_sent is
  'The one message with these words that was handed over at about this time (UTC) and still has no WhatsApp id; null if there is none, or more than one.';

comment on function private.find_outgoing is
  'Which of our messages an echo is of; null if it was typed on the phone itself.';

comment on function private.forget_media_keys is
  'Removes from a stored webhook what leads to these files at WhatsApp: addresses and keys.';

comment on function private.identify_incoming is
  'Whose messages these events are of, and which of them are stored: learns their LIDs and makes their customers.';

comment on function private.join_echoes is
  'Echoes under this LID that seemed typed on the phone, as long as its number was not known: those of our own messages become one with them.';

comment on function private.keep_webhook is
  'Stores a received webhook; the request has the shape of StoredRequest in lib/supabase/stored-request.ts. With replay: { id, outcome } it is that stored one.';

comment on function private.learn_lid is
  'From now on the LID stands for this number, and both are the same customer''s. The caller holds the keys of both.';

comment on function private.lock_events is
  'Locks everything that these events may change.';

comment on function private.may_have_left is
  'Whether an echo, or an entry of Wasender''s log, may be of this message of ours.';

comment on function private.next_status is
  'The state of an outgoing message after evidence from WhatsApp (sent, delivered, read or failed).';

comment on function public.record_wasender_webhook is
  'Stores a Wasender webhook and applies its events (lib/wasender/event.ts: incoming, outgoing, status, send_failed, session), each idempotent, in one transaction. Returns { duplicate, webhook }: whether nothing was new, and its id.';

comment on function public.record_webhook is
  'Keeps a webhook that was ignored or invalid, with the reason. Returns { id }.';

comment on function private.status_rank is
  'The order in which a message moves forward.';

comment on function private.time_from_attempt is
  'How far from this time (UTC) the nearest attempt was claimed that has sent the message or may have; null if there is none.';

revoke execute on function private.account_hash from public;

revoke execute on function private.add_app_secret from public;

revoke execute on function private.addresses_of from public;

revoke execute on function private.all_null from public;

revoke execute on function private.all_words from public;

revoke execute on function private.authorize from public;

revoke execute on function public.begin_sign_in from public, anon, authenticated, service_role;

grant execute on function public.begin_sign_in to anon, service_role;

revoke execute on function public.complete_sign_in from public, anon, authenticated, service_role;

grant execute on function public.complete_sign_in to authenticated;

revoke execute on function private.count_erased from public;

revoke execute on function private.empty_calls from public;

revoke execute on function private.empty_webhooks from public;

revoke execute on function public.erase_customer from public, anon, authenticated, service_role;

grant execute on function public.erase_customer to anon, service_role;

revoke execute on function public.erase_mentions from public, anon, authenticated, service_role;

grant execute on function public.erase_mentions to anon, service_role;

revoke execute on function private.erase_remarks from public;

revoke execute on function private.erase_rows from public;

revoke execute on function private.erasure_patterns from public;

revoke execute on function public.finish_erasure from public, anon, authenticated, service_role;

grant execute on function public.finish_erasure to anon, service_role;

revoke execute on function private.is_app from public;

grant execute on function private.is_app to anon;

revoke execute on function private.keyed_hash from public;

revoke execute on function private.lock_keys from public;

revoke execute on function private.mentions_query from public;

revoke execute on function private.number_pattern from public;

revoke execute on function private.refuse_erased from public;

revoke execute on function private.require_staff from public;

revoke execute on function private.sign_in_wait from public;

revoke execute on function public.start_erasure from public, anon, authenticated, service_role;

grant execute on function public.start_erasure to anon, service_role;

revoke execute on function private.was_erased from public;

revoke execute on function public.who_am_i from public, anon, authenticated, service_role;

grant execute on function public.who_am_i to authenticated, service_role;

revoke execute on function private.without_content from public;

revoke execute on function public.claim_alerts from public, anon, authenticated, service_role;

grant execute on function public.claim_alerts to anon, service_role;

revoke execute on function private.problems from public;

revoke execute on function public.settle_alert from public, anon, authenticated, service_role;

grant execute on function public.settle_alert to anon, service_role;

revoke execute on function private.ask_of from public;

revoke execute on function private.ask_reason from public;

revoke execute on function private.call_distance from public;

revoke execute on function private.decide_ask from public;

revoke execute on function private.find_call from public;

revoke execute on function private.last_call from public;

revoke execute on function private.lock_call from public;

revoke execute on function private.mark_answered from public;

revoke execute on function private.merge_call from public;

revoke execute on function private.queue_or_withdraw from public;

revoke execute on function public.record_cloudtalk_webhook from public, anon, authenticated, service_role;

grant execute on function public.record_cloudtalk_webhook to anon, service_role;

revoke execute on function private.refuse_erased_call from public;

revoke execute on function private.restore_asks from public;

revoke execute on function private.save_call from public;

revoke execute on function private.take_call_id from public;

revoke execute on function private.withdraw_asks from public;

revoke execute on function public.claim_chores from public, anon, authenticated, service_role;

grant execute on function public.claim_chores to anon, service_role;

revoke execute on function public.claim_log_read from public, anon, authenticated, service_role;

grant execute on function public.claim_log_read to anon, service_role;

revoke execute on function public.record_lid from public, anon, authenticated, service_role;

grant execute on function public.record_lid to anon, service_role;

revoke execute on function public.record_log from public, anon, authenticated, service_role;

grant execute on function public.record_log to anon, service_role;

revoke execute on function public.record_message_info from public, anon, authenticated, service_role;

grant execute on function public.record_message_info to anon, service_role;

revoke execute on function public.count_refused from public, anon, authenticated, service_role;

grant execute on function public.count_refused to anon, service_role;

revoke execute on function public.health_report from public, anon, authenticated, service_role;

grant execute on function public.health_report to anon, service_role;

revoke execute on function private.optional_report from public;

revoke execute on function private.bill_stored from public;

revoke execute on function public.claim_media from public, anon, authenticated, service_role;

grant execute on function public.claim_media to anon, service_role;

revoke execute on function public.claim_sweep from public, anon, authenticated, service_role;

grant execute on function public.claim_sweep to anon, service_role;

revoke execute on function private.empty_old_webhooks from public;

revoke execute on function public.forget_media from public, anon, authenticated, service_role;

grant execute on function public.forget_media to anon, service_role;

revoke execute on function private.media_folder from public;

revoke execute on function private.queue_media from public;

revoke execute on function public.read_media from public, anon, authenticated, service_role;

grant execute on function public.read_media to authenticated, service_role;

revoke execute on function public.settle_media from public, anon, authenticated, service_role;

grant execute on function public.settle_media to anon, service_role;

revoke execute on function public.act_on_conversation from public, anon, authenticated, service_role;

grant execute on function public.act_on_conversation to authenticated, service_role;

revoke execute on function public.act_on_message from public, anon, authenticated, service_role;

grant execute on function public.act_on_message to authenticated, service_role;

revoke execute on function public.act_on_sender from public, anon, authenticated, service_role;

grant execute on function public.act_on_sender to authenticated, service_role;

revoke execute on function private.changed_conversations from public;

revoke execute on function private.changed_messages from public;

revoke execute on function private.conversation_counts from public;

revoke execute on function private.customer_changed from public;

revoke execute on function private.customer_of from public;

revoke execute on function private.deleted_since from public;

revoke execute on function public.export_conversations from public, anon, authenticated, service_role;

grant execute on function public.export_conversations to authenticated, service_role;

revoke execute on function private.feed_bills from public;

revoke execute on function private.feed_call from public;

revoke execute on function private.feed_conversation from public;

revoke execute on function private.feed_message from public;

revoke execute on function private.fill_customer from public;

revoke execute on function private.find_conversations from public;

revoke execute on function private.format_cursor from public;

revoke execute on function private.lock_customers from public;

revoke execute on function private.make_customer from public;

revoke execute on function private.merge_customers from public;

revoke execute on function private.monitor_state from public;

revoke execute on function private.note_change from public;

revoke execute on function private.note_deletion from public;

revoke execute on function private.parse_cursor from public;

revoke execute on function private.phone_of from public;

revoke execute on function public.read_conversations from public, anon, authenticated, service_role;

grant execute on function public.read_conversations to authenticated, service_role;

revoke execute on function public.read_feed from public, anon, authenticated, service_role;

grant execute on function public.read_feed to authenticated, service_role;

revoke execute on function public.read_thread from public, anon, authenticated, service_role;

grant execute on function public.read_thread to authenticated, service_role;

revoke execute on function private.refresh_customer from public;

revoke execute on function private.reply_number from public;

revoke execute on function private.touch from public;

revoke execute on function public.claim_message from public, anon, authenticated, service_role;

grant execute on function public.claim_message to anon, service_role;

revoke execute on function private.clear_clock_log from public;

revoke execute on function private.drain_in_ms from public;

revoke execute on function private.end_leases from public;

revoke execute on function public.outbox_due from public, anon, authenticated, service_role;

grant execute on function public.outbox_due to anon, service_role;

revoke execute on function private.read_pending from public;

revoke execute on function public.record_probe from public, anon, authenticated, service_role;

grant execute on function public.record_probe to anon, service_role;

revoke execute on function public.record_ring from public, anon, authenticated, service_role;

grant execute on function public.record_ring to anon, service_role;

revoke execute on function private.resume_sender from public;

revoke execute on function private.ring_outbox from public;

revoke execute on function public.settle_message from public, anon, authenticated, service_role;

grant execute on function public.settle_message to anon, service_role;

revoke execute on function private.settle_slot from public;

revoke execute on function private.take_probe from public;

revoke execute on function private.what_is_due from public;

revoke execute on function public.claim_reconciliation from public, anon, authenticated, service_role;

grant execute on function public.claim_reconciliation to anon, service_role;

revoke execute on function public.settle_reconciliation from public, anon, authenticated, service_role;

grant execute on function public.settle_reconciliation to anon, service_role;

revoke execute on function public.unknown_calls from public, anon, authenticated, service_role;

grant execute on function public.unknown_calls to anon, service_role;

revoke execute on function public.read_webhooks from public, anon, authenticated, service_role;

grant execute on function public.read_webhooks to anon, service_role;

alter table public.alerts enable row level security;

revoke all on table public.alerts from public, anon, authenticated, service_role;

grant select, insert, update, delete on table public.alerts to service_role;

alter table private.app_secrets enable row level security;

revoke all on table private.app_secrets from public;

alter table public.cloudtalk_calls enable row level security;

revoke all on table public.cloudtalk_calls from public, anon, authenticated, service_role;

grant select, insert, update, delete on table public.cloudtalk_calls to service_role;

revoke all on sequence public.cloudtalk_calls_id_seq from public, anon, authenticated, service_role;

grant usage on sequence public.cloudtalk_calls_id_seq to service_role;

alter table public.conversation_numbers enable row level security;

revoke all on table public.conversation_numbers from public, anon, authenticated, service_role;

grant select, insert, update, delete on table public.conversation_numbers to service_role;

alter table public.conversations enable row level security;

revoke all on table public.conversations from public, anon, authenticated, service_role;

grant select, insert, update, delete on table public.conversations to service_role;

revoke all on sequence public.conversations_id_seq from public, anon, authenticated, service_role;

alter table private.deleted_rows enable row level security;

revoke all on table private.deleted_rows from public;

alter table private.erased_messages enable row level security;

revoke all on table private.erased_messages from public;

alter table private.erasures enable row level security;

revoke all on table private.erasures from public;

alter table private.hash_key enable row level security;

revoke all on table private.hash_key from public;

alter table private.known_browsers enable row level security;

revoke all on table private.known_browsers from public;

alter table private.refused_webhooks enable row level security;

revoke all on table private.refused_webhooks from public;

alter table private.sign_in_attempts enable row level security;

revoke all on table private.sign_in_attempts from public;

alter table public.staff enable row level security;

revoke all on table public.staff from public, anon, authenticated, service_role;

grant select, insert, update, delete on table public.staff to service_role;

alter table public.staff_actions enable row level security;

revoke all on table public.staff_actions from public, anon, authenticated, service_role;

grant select, insert, update, delete on table public.staff_actions to service_role;

revoke all on sequence public.staff_actions_id_seq from public, anon, authenticated, service_role;

alter table public.webhook_requests enable row level security;

revoke all on table public.webhook_requests from public, anon, authenticated, service_role;

grant select, insert, update, delete on table public.webhook_requests to service_role;

revoke all on sequence public.webhook_requests_id_seq from public, anon, authenticated, service_role;

grant usage on sequence public.webhook_requests_id_seq to service_role;

alter table public.whatsapp_attempts enable row level security;

revoke all on table public.whatsapp_attempts from public, anon, authenticated, service_role;

grant select, insert, update, delete on table public.whatsapp_attempts to service_role;

revoke all on sequence public.whatsapp_attempts_id_seq from public, anon, authenticated, service_role;

alter table public.whatsapp_lids enable row level security;

revoke all on table public.whatsapp_lids from public, anon, authenticated, service_role;

grant select, insert, update, delete on table public.whatsapp_lids to service_role;

alter table public.whatsapp_messages enable row level security;

revoke all on table public.whatsapp_messages from public, anon, authenticated, service_role;

grant select, insert, update, delete on table public.whatsapp_messages to service_role;

revoke all on sequence public.whatsapp_messages_id_seq from public, anon, authenticated, service_role;

alter table public.whatsapp_receipts enable row level security;

revoke all on table public.whatsapp_receipts from public, anon, authenticated, service_role;

grant select, insert, update, delete on table public.whatsapp_receipts to service_role;

alter table public.whatsapp_sender enable row level security;

revoke all on table public.whatsapp_sender from public, anon, authenticated, service_role;

grant select, insert, update, delete on table public.whatsapp_sender to service_role;

revoke all on sequence private.changes from public;

revoke all on schema private from public;

-- Storage asks private.is_app() as the public key's role.
grant usage on schema private to anon;

revoke execute on function private.advance_message from public;

revoke execute on function private.apply_incoming from public;

revoke execute on function private.apply_kept_receipt from public;

revoke execute on function private.apply_outgoing from public;

revoke execute on function private.apply_receipts from public;

revoke execute on function private.apply_send_failed from public;

revoke execute on function private.apply_session from public;

revoke execute on function private.apply_status from public;

revoke execute on function private.find_by_ids from public;

revoke execute on function private.find_by_words from public;

revoke execute on function private.find_just_sent from public;

revoke execute on function private.find_outgoing from public;

revoke execute on function private.forget_media_keys from public;

revoke execute on function private.identify_incoming from public;

revoke execute on function private.join_echoes from public;

revoke execute on function private.keep_webhook from public;

revoke execute on function private.learn_lid from public;

revoke execute on function private.lock_events from public;

revoke execute on function private.may_have_left from public;

revoke execute on function private.next_status from public;

revoke execute on function public.record_wasender_webhook from public, anon, authenticated, service_role;

grant execute on function public.record_wasender_webhook to anon, service_role;

revoke execute on function public.record_webhook from public, anon, authenticated, service_role;

grant execute on function public.record_webhook to anon, service_role;

revoke execute on function private.same_words from public;

revoke execute on function private.status_rank from public;

revoke execute on function private.time_from_attempt from public;

insert into private.hash_key default values;

-- The first ring finds out whether CloudTalk's history and retention are set up.
insert into public.whatsapp_sender (reconcile_due_at, sweep_at) values (now(), now());

reset check_function_bodies;
