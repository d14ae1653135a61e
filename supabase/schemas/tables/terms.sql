create table private.terms (
  id boolean primary key default true,
  terms jsonb not null default '{}',
  updated_at timestamptz not null default now(),
  reminders_since timestamptz,
  constraint terms_id_check check (id)
);
comment on table private.terms is
  'One row: what the database needs of the environment (lib/terms.ts: hours, cap, texts), since the clock there has none. Written by whichever function finds it different.';
comment on column private.terms.reminders_since is 'Since when reminders are switched on (terms: reminders); null: off. What was due before is not made up for.';

alter table private.terms enable row level security;
revoke all on table private.terms from public;

insert into private.terms default values;
