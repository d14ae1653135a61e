-- An account that is deleted is no longer a colleague.
alter table public.staff drop constraint if exists staff_user_id_fkey;
alter table public.staff add constraint staff_user_id_fkey
  foreign key (user_id) references auth.users (id) on delete cascade;
