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
  queued_at timestamptz,
  free_until timestamptz,
  first_contact boolean not null default false,
  in_hours boolean not null default false,
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
  label text,
  label_date date,
  label_by text,

  constraint whatsapp_messages_direction_check check (direction in ('incoming', 'outgoing')),
  constraint whatsapp_messages_kind_check check (
    case direction
      when 'incoming' then kind = 'incoming'
      else kind in ('ask', 'reminder', 'reply', 'confirmation', 'manual')
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
    'duplicate_call', 'answered', 'objection', 'superseded', 'held_too_long', 'case_complete', 'bills_to_check')),
  constraint whatsapp_messages_lease_check check (
    (status = 'sending') <= (lease_token is not null and lease_until is not null)),
  constraint whatsapp_messages_queued_check check (
    status <> 'queued' or (due_at is not null and phone_number is not null and text is not null)),
  constraint whatsapp_messages_failed_check check (status <> 'failed' or error_code is not null),
  constraint whatsapp_messages_cancelled_check check ((status = 'cancelled') = (cancelled_by is not null)),
  constraint whatsapp_messages_ask_check check (kind <> 'ask' or (type = 'text' and text is not null)),
  constraint whatsapp_messages_label_check check (label in (
    'wrong_number', 'refusal', 'no_bills', 'by_email', 'promise', 'question', 'other')),
  constraint whatsapp_messages_label_date_check check (label_date is null or label = 'promise'),
  constraint whatsapp_messages_label_by_check check (
    case when label is null then label_by is null else direction = 'incoming' and label_by is not null and label_by in ('rule', 'staff') end),
  constraint whatsapp_messages_media_state_check check (media_state in ('pending', 'stored', 'failed', 'deleted')),
  constraint whatsapp_messages_media_check check (
    case media_state
      when 'pending' then media_due_at is not null and media is not null
      when 'stored' then media_path is not null and media_mime_type is not null and media_size is not null
      when 'failed' then media_error is not null
      else media_path is null and media_thumb_path is null
    end)
);
comment on table public.whatsapp_messages is
  'Every WhatsApp message in and out. Outgoing rows are the outbox: the queue is the table.';
comment on column public.whatsapp_messages.conversation_id is 'The customer, by conversation_numbers.';
comment on column public.whatsapp_messages.kind is
  'incoming: from the customer; ask: the request for the bills; reminder: a further one; confirmation: of an objection; reply: written by staff on the monitor; manual: typed on the phone itself, seen as an echo.';
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
comment on column public.whatsapp_messages.queued_at is 'Since when it waits, if not since created_at: it was withdrawn, or had failed, and was queued again.';
comment on column public.whatsapp_messages.free_until is 'Until then it may go at any hour: the customer has just hung up.';
comment on column public.whatsapp_messages.first_contact is 'Automatic, to a number that has never written to us.';
comment on column public.whatsapp_messages.in_hours is 'Whoever wrote it wants it sent within the sending hours, although its kind may go at any.';
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
comment on column public.whatsapp_messages.label is
  'What an incoming message means for the follow-up (lib/followup/label-answer.ts); null if it has no words and staff have said nothing.';
comment on column public.whatsapp_messages.label_date is
  'The last day (Europe/Rome) on which a promise is kept; null if none was named.';
comment on column public.whatsapp_messages.label_by is 'rule: by its words; staff: they have said so (who and when: staff_actions).';
comment on column public.whatsapp_messages.changed_xid is
  'The transaction that changed the row last. With a snapshot as cursor a reader gets exactly the rows that it has not seen, however late their transactions commit.';

alter table public.whatsapp_messages add constraint whatsapp_messages_conversation_id_fkey
  foreign key (conversation_id) references public.conversations (id) on delete cascade;
alter table public.whatsapp_messages add constraint whatsapp_messages_call_id_fkey
  foreign key (call_id) references public.cloudtalk_calls (id) on delete set null;
alter table public.whatsapp_messages add constraint whatsapp_messages_webhook_request_id_fkey
  foreign key (webhook_request_id) references public.webhook_requests (id) on delete set null;

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
-- The worklists: private.todo_answers.
create index whatsapp_messages_label_idx
  on public.whatsapp_messages (conversation_id, label, id) where direction = 'incoming' and label is not null;
create index whatsapp_messages_unknown_customer_idx
  on public.whatsapp_messages (conversation_id) where status = 'unknown';
create index whatsapp_messages_waiting_idx
  on public.whatsapp_messages (conversation_id) where status = 'queued';
create index whatsapp_messages_is_bill_idx on public.whatsapp_messages (conversation_id, id) where is_bill;
create index whatsapp_messages_bill_idx
  on public.whatsapp_messages (conversation_id, id desc) where is_bill and media_state = 'stored';
create index whatsapp_messages_queue_idx
  on public.whatsapp_messages (priority desc, due_at, id) where status = 'queued';
create index whatsapp_messages_due_idx on public.whatsapp_messages (kind, in_hours, first_contact, due_at) where status = 'queued';
create index whatsapp_messages_fresh_idx on public.whatsapp_messages (free_until, id) where status = 'queued';
create index whatsapp_messages_first_contact_idx on public.whatsapp_messages (sent_at) where first_contact and sent_at is not null;
create index whatsapp_messages_restricted_idx on public.whatsapp_messages (sent_at) where error_code = 'restricted';
create index whatsapp_messages_warm_idx
  on public.whatsapp_messages (delivered_at) where direction = 'outgoing' and not first_contact and delivered_at is not null;
create index whatsapp_messages_undelivered_idx on public.whatsapp_messages (sent_at) where status = 'sent';
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
create trigger whatsapp_messages_bill_inserted after insert on public.whatsapp_messages
  for each row when (new.is_bill and new.media_state is not null)
  execute function private.bill_came();
create trigger whatsapp_messages_bill_updated after update on public.whatsapp_messages
  for each row when (new.is_bill and new.media_state in ('pending', 'stored') and old.media_state is distinct from new.media_state)
  execute function private.bill_came();
-- At the end of the transaction, once for each customer, however many of the customer's rows it has changed.
create constraint trigger whatsapp_messages_conversation
  after insert or delete or update of conversation_id, status, contact_name, text, type on public.whatsapp_messages
  deferrable initially deferred for each row execute function private.customer_changed();

create constraint trigger whatsapp_messages_case
  after update on public.whatsapp_messages
  deferrable initially deferred for each row
  when (new.is_bill and (old.conversation_id, old.media_state) is distinct from (new.conversation_id, new.media_state))
  execute function private.case_changed();
create constraint trigger whatsapp_messages_case_inserted
  after insert on public.whatsapp_messages
  deferrable initially deferred for each row when (new.is_bill) execute function private.case_changed();

alter table public.whatsapp_messages enable row level security;
revoke all on table public.whatsapp_messages from public, anon, authenticated, service_role;
grant select, insert, update, delete on table public.whatsapp_messages to service_role;
revoke all on sequence public.whatsapp_messages_id_seq from public, anon, authenticated, service_role;
