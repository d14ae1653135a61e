create table public.bills (
  id bigint generated always as identity primary key,
  message_id bigint not null,
  state text not null default 'waiting',
  kind text,
  reason text,
  reader_version integer,
  page_of bigint,
  duplicate_of bigint,
  confirmed_at timestamptz,
  confirmed_by text,
  backlog boolean not null default false,
  attempts smallint not null default 0,
  due_at timestamptz,
  lease_token uuid,
  created_at timestamptz not null default clock_timestamp(),
  constraint bills_state_check check (state in ('waiting', 'read', 'needs_eyes', 'not_a_bill', 'failed')),
  constraint bills_kind_check check (kind in (
    'electricity', 'gas', 'both', 'receipt', 'identity', 'f24', 'contract', 'meter', 'other', 'none')),
  constraint bills_no_kind_check check (state not in ('waiting', 'failed') or kind is null),
  constraint bills_read_check check (state <> 'read' or kind in ('electricity', 'both')),
  constraint bills_reason_check check (reason in (
    'password', 'heic', 'unreadable', 'too_large', 'too_little', 'photos_off', 'took_too_long', 'too_much_memory', 'crashed', 'missing')),
  constraint bills_page_of_check check (page_of <> id),
  constraint bills_duplicate_of_check check (duplicate_of <> id and (duplicate_of is null or page_of is null)),
  constraint bills_confirmed_check check ((confirmed_at is null) = (confirmed_by is null)),
  constraint bills_lease_check check (lease_token is null or due_at is not null)
);
comment on table public.bills is
  'One row for each bill file (whatsapp_messages.is_bill), from the moment it is stored: what it is, and the queue of its reading. What it says is in bill_supplies.';
comment on column public.bills.state is
  'waiting: not read yet; read: an electricity bill with a POD or a period; needs_eyes: it may be a bill, too little was found; not_a_bill; failed: it could not be opened, or its reader was ended by force.';
comment on column public.bills.kind is 'What the file is; both: electricity and gas; none: empty. Null while it waits, and if it failed.';
comment on column public.bills.reason is 'A code of lib/bills/bill.ts, or missing (the file is no longer in Storage): why it was not read, or not as a bill.';
comment on column public.bills.reader_version is 'Which version of the reader read it last; null if only staff did.';
comment on column public.bills.page_of is 'The bill whose page it is: proposed by when it came, until confirmed_at is set. What it says is in that bill''s supplies; it has none of its own.';
comment on column public.bills.duplicate_of is 'The same customer''s bill that it repeats: the same bytes, or the same POD, period and invoice. It has no supplies of its own.';
comment on column public.bills.confirmed_at is 'When a person confirmed, corrected or rejected it, or said whose page it is. From then on no reading changes it.';
comment on column public.bills.confirmed_by is 'Who of the staff did.';
comment on column public.bills.backlog is 'Read after what has just come; that it turns out to be no bill revives no ask.';
comment on column public.bills.attempts is 'How often its reading was begun since it was queued.';
comment on column public.bills.due_at is 'When it may next be read; while it is being read, when the lease ends; null if it is not to be read.';

alter table public.bills add constraint bills_message_id_fkey
  foreign key (message_id) references public.whatsapp_messages (id) on delete cascade;
alter table public.bills add constraint bills_page_of_fkey
  foreign key (page_of) references public.bills (id) on delete set null;
alter table public.bills add constraint bills_duplicate_of_fkey
  foreign key (duplicate_of) references public.bills (id) on delete set null;

create unique index bills_message_id_key on public.bills (message_id);
create unique index bills_lease_token_key on public.bills (lease_token);
create index bills_page_of_idx on public.bills (page_of) where page_of is not null;
create index bills_duplicate_of_idx on public.bills (duplicate_of) where duplicate_of is not null;
create index bills_queue_idx on public.bills (attempts, backlog, due_at, id) where due_at is not null;
create index bills_due_idx on public.bills (due_at) where due_at is not null;
create index bills_to_confirm_idx on public.bills (message_id)
  where confirmed_at is null and page_of is null and duplicate_of is null and state in ('read', 'needs_eyes', 'failed');
create index bills_reader_version_idx on public.bills (reader_version) where confirmed_at is null and due_at is null;

create trigger bills_changed after insert or update of state, kind, page_of, duplicate_of, confirmed_at, reader_version on public.bills
  for each row execute function private.bill_changed();

create constraint trigger bills_case
  after insert or update of state, kind, page_of, duplicate_of, confirmed_at on public.bills
  deferrable initially deferred for each row execute function private.case_changed();

alter table public.bills enable row level security;
revoke all on table public.bills from public, anon, authenticated, service_role;
grant select, insert, update, delete on table public.bills to service_role;
revoke all on sequence public.bills_id_seq from public, anon, authenticated, service_role;
