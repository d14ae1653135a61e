create table public.case_pods (
  conversation_id bigint not null,
  pod text not null,
  change text,
  merged_into text,
  supply_from date,
  supply_to date,
  by text not null,
  at timestamptz not null default clock_timestamp(),
  constraint case_pods_pkey primary key (conversation_id, pod),
  constraint case_pods_pod_check check (pod ~ '^IT[0-9]{3}E[0-9]{8}$'),
  constraint case_pods_change_check check (change in ('added', 'removed')),
  constraint case_pods_merged_check check (
    merged_into is null or (merged_into ~ '^IT[0-9]{3}E[0-9]{8}$' and merged_into <> pod and change is null)),
  constraint case_pods_supply_check check (supply_from <= supply_to)
);
comment on table public.case_pods is 'What staff say of the PODs of a customer''s case; all others come from bills.';
comment on column public.case_pods.change is 'added: it is one, whatever bills say; removed: it is none of the case''s.';
comment on column public.case_pods.merged_into is 'It was misread: what bills say of it is of this POD.';
comment on column public.case_pods.supply_from is 'The first day of the supply; null: before the case''s year.';
comment on column public.case_pods.supply_to is 'The last day of the supply; null: it has not ended.';
comment on column public.case_pods.by is 'Who of the staff said the last of it.';

alter table public.case_pods add constraint case_pods_conversation_id_fkey
  foreign key (conversation_id) references public.conversations (id) on delete cascade;

create index case_pods_added_idx on public.case_pods (pod) where change = 'added';

create constraint trigger case_pods_case after insert or update or delete on public.case_pods
  deferrable initially deferred for each row execute function private.case_changed();

alter table public.case_pods enable row level security;
revoke all on table public.case_pods from public, anon, authenticated, service_role;
grant select, insert, update, delete on table public.case_pods to service_role;
