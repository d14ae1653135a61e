create table public.reminder_texts (
  step smallint primary key,
  text text not null,
  by text not null,
  at timestamptz not null default clock_timestamp(),
  constraint reminder_texts_step_check check (step between 1 and 3)
);
comment on table public.reminder_texts is 'What staff want reminders to say, in place of what is built in (private.reminder_template).';
comment on column public.reminder_texts.text is 'With {nome}, {mancano}, {anno} and {scadenza}.';
comment on column public.reminder_texts.by is 'Who of the staff wrote it.';

alter table public.reminder_texts enable row level security;
revoke all on table public.reminder_texts from public, anon, authenticated, service_role;
grant select, insert, update, delete on table public.reminder_texts to service_role;
