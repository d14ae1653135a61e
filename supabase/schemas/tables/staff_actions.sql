create table public.staff_actions (
  id bigint generated always as identity primary key,
  at timestamptz not null default clock_timestamp(),
  who text not null,
  action text not null,
  conversation_id bigint,
  message_id bigint,
  from_status text,
  to_status text,
  reason text,
  constraint staff_actions_action_check check (action in
    ('retry', 'resend', 'give_up', 'cancel', 'pause', 'resume', 'reply', 'bill_set', 'bill_unset',
     'objection_set', 'objection_lift', 'objection_none', 'bill_confirm', 'bill_correct', 'bill_page', 'bill_reject',
     'case_year', 'case_pod_add', 'case_pod_remove', 'case_pod_merge', 'case_supply', 'case_declare', 'case_reopen', 'reminders', 'reminder_texts',
     'code_join', 'code_refuse', 'second_number', 'done', 'label'))
);
comment on table public.staff_actions is 'Actions of staff: who, when, and what it changed.';
comment on column public.staff_actions.reason is 'Why, in their own words, if they were asked.';

alter table public.staff_actions add constraint staff_actions_conversation_id_fkey
  foreign key (conversation_id) references public.conversations (id) on delete cascade;
alter table public.staff_actions add constraint staff_actions_message_id_fkey
  foreign key (message_id) references public.whatsapp_messages (id) on delete set null;

create index staff_actions_conversation_id_idx on public.staff_actions (conversation_id, id desc);
create index staff_actions_message_id_idx on public.staff_actions (message_id);

alter table public.staff_actions enable row level security;
revoke all on table public.staff_actions from public, anon, authenticated, service_role;
grant select, insert, update, delete on table public.staff_actions to service_role;
revoke all on sequence public.staff_actions_id_seq from public, anon, authenticated, service_role;
