create table public.staff (
  user_id uuid primary key,
  name text not null,
  added_at timestamptz not null default now(),
  constraint staff_name_check check (btrim(name) <> '')
);
comment on table public.staff is
  'Who may sign in to the monitor: accounts of Supabase Auth that are listed here, with the name that colleagues see.';

alter table public.staff enable row level security;
revoke all on table public.staff from public, anon, authenticated, service_role;
grant select, insert, update, delete on table public.staff to service_role;
