-- What touches Supabase's own tables. On a hosted project a policy locks some twenty of them until the end of its
-- transaction, so these stand alone, and give up rather than wait.
set lock_timeout = '5s';

-- An account that is deleted is no longer a colleague.
alter table public.staff drop constraint if exists staff_user_id_fkey;
alter table public.staff add constraint staff_user_id_fkey
  foreign key (user_id) references auth.users (id) on delete cascade;

-- With the public key the app keeps files as it calls functions: by its own secret, which Storage passes on with the
-- other headers of a request.
drop policy if exists "The app keeps customers' files" on storage.objects;
create policy "The app keeps customers' files" on storage.objects for all to anon
  using (bucket_id = 'bills' and private.is_app()) with check (bucket_id = 'bills' and private.is_app());

reset lock_timeout;
