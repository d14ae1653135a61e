create table private.todos (
  conversation_id bigint not null,
  todo text not null,
  reason text not null,
  at timestamptz not null,
  due_at timestamptz not null,
  until timestamptz,
  date date,
  message_id bigint,
  primary key (conversation_id, todo),
  constraint todos_todo_check check (todo in
    ('questions', 'wrong_numbers', 'promises', 'bills', 'other_supplies', 'not_reachable', 'never_delivered', 'to_call'))
);
comment on table private.todos is
  'The worklists: what staff are to do, at most one item of a list for each customer. Derived, by private.todo_items.';
comment on column private.todos.reason is 'Why, as a code: lib/supabase/followup/todo.ts.';
comment on column private.todos.at is 'When that happened: once staff have said that it is done, only something later makes an item.';
comment on column private.todos.due_at is 'From when on it is in the list: time alone makes some items.';
comment on column private.todos.until is 'Until when it is; null: until it is done.';
comment on column private.todos.date is 'What was promised until when.';
comment on column private.todos.message_id is 'The message that it is about.';

alter table private.todos add constraint todos_conversation_id_fkey
  foreign key (conversation_id) references public.conversations (id) on delete cascade;

create index todos_todo_idx on private.todos (todo, due_at) include (until);
create index todos_due_at_idx on private.todos (due_at);

alter table private.todos enable row level security;
revoke all on table private.todos from public;
