-- With the public key the app keeps files as it calls functions: by its own secret, which Storage passes on with the
-- other headers of a request.
drop policy if exists "The app keeps customers' files" on storage.objects;
create policy "The app keeps customers' files" on storage.objects for all to anon
  using (bucket_id = 'bills' and private.is_app()) with check (bucket_id = 'bills' and private.is_app());
