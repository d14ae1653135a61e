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
  objected_at timestamptz,
  objected_by text,
  objection_reason text,
  objection_asked_at timestamptz,
  case_year integer,
  case_year_by text,
  case_state text not null default 'none',
  case_covered integer not null default 0,
  case_of integer,
  case_to_check boolean not null default false,
  case_missing jsonb not null default '[]',
  case_history boolean not null default false,
  case_xid xid8,
  declared_at timestamptz,
  declared_by text,
  declared_reason text,
  reminders_paused_until date,
  reminder_at timestamptz,
  merged_into bigint,
  refreshed_xid xid8,
  updated_at timestamptz not null default clock_timestamp(),
  changed_xid xid8 not null default pg_current_xact_id(),
  constraint conversations_state_check check (state in ('none', 'waiting', 'answered', 'bill', 'error', 'check')),
  constraint conversations_case_state_check check (case_state in ('none', 'open', 'complete', 'declared')),
  constraint conversations_unread_check check (unread >= 0),
  constraint conversations_merged_check check (merged_into <> id)
);
comment on table public.conversations is
  'One row for each customer. Numbers and LIDs are in conversation_numbers. Derived from calls and messages, but for seen_message_id and the bill.';
comment on column public.conversations.state is
  'What is owed: waiting (asked), answered, bill (received), error (the last message failed), check (it is unknown whether one was sent), none (never asked).';
comment on column public.conversations.seen_message_id is 'Staff have seen the messages up to this one.';
comment on column public.conversations.bill_at is 'When a file came that is a bill, or may be one and waits; or when staff said that the bill has come.';
comment on column public.conversations.bill_by is 'Who of the staff said so.';
comment on column public.conversations.objected_at is 'Since when the program must not write to this customer; the history is in objections.';
comment on column public.conversations.objection_asked_at is 'Since when staff are to decide whether the customer objects: until then nothing automatic goes.';
comment on column public.conversations.case_year is
  'The calendar year of which the bills are wanted: the last complete one (Europe/Rome) before the first call or message, or what staff chose.';
comment on column public.conversations.case_year_by is 'Who of the staff chose the year; null: nobody.';
comment on column public.conversations.case_state is
  'none: no file; open; complete: every due month of every POD is covered; declared: by staff. This and the next five are derived: see private.refresh_case.';
comment on column public.conversations.case_covered is 'How many months are covered; if no POD is known (case_of is null), how many files have come.';
comment on column public.conversations.case_of is 'How many months are due, of all PODs together; null if no POD is known.';
comment on column public.conversations.case_to_check is 'A file waits, or a value of a bill does not count yet.';
comment on column public.conversations.case_missing is 'What private.missing says.';
comment on column public.conversations.case_history is 'Whether a printed table of months was taken for a bill (CASE_ACCEPTS_HISTORY) when the case was derived.';
comment on column public.conversations.case_xid is 'The transaction that derived the case last: each does so once.';
comment on column public.conversations.declared_at is 'When staff declared the case complete.';
comment on column public.conversations.declared_by is 'Who of the staff did.';
comment on column public.conversations.declared_reason is 'Why, in their words.';
comment on column public.conversations.reminders_paused_until is 'Staff want no reminders before this day; infinity: never again.';
comment on column public.conversations.reminder_at is 'When the next reminder is to be looked at: see private.refresh_reminder.';
comment on column public.conversations.merged_into is 'It turned out to be the same customer as this other one, which has all of it now.';
comment on column public.conversations.refreshed_xid is 'The transaction that derived the row last: each does so once.';
comment on column public.conversations.changed_xid is 'As in whatsapp_messages.';

alter table public.conversations add constraint conversations_last_message_id_fkey
  foreign key (last_message_id) references public.whatsapp_messages (id) on delete set null;
alter table public.conversations add constraint conversations_merged_into_fkey
  foreign key (merged_into) references public.conversations (id) on delete cascade;

create index conversations_last_idx on public.conversations (last_at desc, id desc) where merged_into is null;
create index conversations_state_idx on public.conversations (state, last_at desc, id desc) where merged_into is null;
create index conversations_counts_idx on public.conversations (state, unread, case_state) where merged_into is null;
create index conversations_changed_idx on public.conversations (changed_xid, id);
create index conversations_objected_idx
  on public.conversations (last_at desc, id desc) where merged_into is null and (objected_at is not null or objection_asked_at is not null);
create index conversations_case_idx on public.conversations (case_state, last_at desc, id desc) where merged_into is null;
create index conversations_case_missing_idx
  on public.conversations ((case_of - case_covered), id) where merged_into is null and case_state = 'open' and case_of is not null;
create index conversations_reminder_idx on public.conversations (reminder_at, id) where reminder_at is not null and merged_into is null;
create index conversations_last_message_id_idx on public.conversations (last_message_id);
create index conversations_merged_into_idx on public.conversations (merged_into) where merged_into is not null;

create trigger conversations_touch before update on public.conversations
  for each row execute function private.touch();
create trigger conversations_deleted after delete on public.conversations
  for each row execute function private.note_deletion('conversation');
create trigger conversations_noted after insert or update or delete on public.conversations
  for each row execute function private.note_change();

alter table public.conversations enable row level security;
revoke all on table public.conversations from public, anon, authenticated, service_role;
grant select, insert, update, delete on table public.conversations to service_role;
revoke all on sequence public.conversations_id_seq from public, anon, authenticated, service_role;
