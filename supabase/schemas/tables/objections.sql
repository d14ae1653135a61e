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

alter table public.objections add constraint objections_conversation_id_fkey
  foreign key (conversation_id) references public.conversations (id) on delete cascade;
alter table public.objections add constraint objections_message_id_fkey
  foreign key (message_id) references public.whatsapp_messages (id) on delete set null;

create index objections_conversation_id_idx on public.objections (conversation_id, id desc);
create index objections_message_id_idx on public.objections (message_id);

alter table public.objections enable row level security;
revoke all on table public.objections from public, anon, authenticated, service_role;
grant select, insert, update, delete on table public.objections to service_role;
revoke all on sequence public.objections_id_seq from public, anon, authenticated, service_role;
