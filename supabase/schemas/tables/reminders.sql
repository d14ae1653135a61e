create table public.reminders (
  id bigint generated always as identity primary key,
  conversation_id bigint not null,
  ask_id bigint not null,
  step smallint not null,
  message_id bigint not null,
  created_at timestamptz not null default clock_timestamp(),
  constraint reminders_step_check check (step between 1 and 3)
);
comment on table public.reminders is
  'One row for each reminder that was sent or is being sent: of which ask, and which step. Made in the claim''s transaction, together with its message.';
comment on column public.reminders.ask_id is 'The ask that it follows (whatsapp_messages.id).';
comment on column public.reminders.step is '1 to 3, by the environment''s WHATSAPP_REMINDERS.';
comment on column public.reminders.message_id is 'The reminder itself.';

create unique index reminders_step_key on public.reminders (ask_id, step);
create unique index reminders_message_id_key on public.reminders (message_id);
create index reminders_conversation_id_idx on public.reminders (conversation_id);

alter table public.reminders add constraint reminders_conversation_id_fkey
  foreign key (conversation_id) references public.conversations (id) on delete cascade;
alter table public.reminders add constraint reminders_ask_id_fkey
  foreign key (ask_id) references public.whatsapp_messages (id) on delete cascade;
alter table public.reminders add constraint reminders_message_id_fkey
  foreign key (message_id) references public.whatsapp_messages (id) on delete cascade;

alter table public.reminders enable row level security;
revoke all on table public.reminders from public, anon, authenticated, service_role;
revoke all on sequence public.reminders_id_seq from public, anon, authenticated, service_role;
grant select, insert, update, delete on table public.reminders to service_role;
