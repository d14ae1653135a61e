create table public.conversation_numbers (
  address text primary key,
  conversation_id bigint not null,
  known_by text not null,
  written_at timestamptz,
  on_whatsapp boolean,
  checked_at timestamptz,
  created_at timestamptz not null default clock_timestamp(),
  constraint conversation_numbers_address_check check (address ~ '^(\+[1-9][0-9]{5,14}|[0-9]+@lid)$'),
  constraint conversation_numbers_known_by_check check (known_by in ('call', 'message', 'lid', 'code', 'staff', 'legacy'))
);
comment on table public.conversation_numbers is
  'Which customer a number or a LID belongs to. A customer has one or several; at first perhaps only a LID.';
comment on column public.conversation_numbers.address is 'A telephone number (E.164) or a LID (digits@lid).';
comment on column public.conversation_numbers.known_by is
  'call: it was dialled or called us; message: a message came from it or went to it; lid: WhatsApp says that it is the same person; code: who writes from it has named the customer''s call (private.call_code); staff: a colleague said so; legacy: taken over.';
comment on column public.conversation_numbers.written_at is 'When a message first came from it: before, what the program sends is a first contact.';
comment on column public.conversation_numbers.on_whatsapp is 'What Wasender said at checked_at.';

alter table public.conversation_numbers add constraint conversation_numbers_conversation_id_fkey
  foreign key (conversation_id) references public.conversations (id) on delete cascade;

create index conversation_numbers_conversation_id_idx on public.conversation_numbers (conversation_id, created_at);

alter table public.conversation_numbers enable row level security;
revoke all on table public.conversation_numbers from public, anon, authenticated, service_role;
grant select, insert, update, delete on table public.conversation_numbers to service_role;
