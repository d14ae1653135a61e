create table public.todo_done (
  conversation_id bigint not null,
  todo text not null,
  at timestamptz not null default clock_timestamp(),
  by text not null,
  primary key (conversation_id, todo),
  constraint todo_done_todo_check check (todo in
    ('questions', 'wrong_numbers', 'promises', 'bills', 'other_supplies', 'not_reachable', 'never_delivered', 'to_call'))
);
comment on table public.todo_done is
  'What staff have done for a customer, and when last: until then nothing of that worklist is left to do.';
comment on column public.todo_done.todo is 'The worklist: see private.todos.';
comment on column public.todo_done.by is 'Who of the staff.';

alter table public.todo_done add constraint todo_done_conversation_id_fkey
  foreign key (conversation_id) references public.conversations (id) on delete cascade;

alter table public.todo_done enable row level security;
revoke all on table public.todo_done from public, anon, authenticated, service_role;
grant select, insert, update, delete on table public.todo_done to service_role;
