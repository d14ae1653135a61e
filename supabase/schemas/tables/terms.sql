create table private.terms (
  id boolean primary key default true,
  terms jsonb not null default '{}',
  updated_at timestamptz not null default now(),
  constraint terms_id_check check (id)
);
comment on table private.terms is
  'One row: what the database needs of the environment (lib/terms.ts: hours, cap, texts), since the clock there has none. Written by whichever function finds it different.';

alter table private.terms enable row level security;
revoke all on table private.terms from public;

insert into private.terms default values;
