-- The files that customers send. Private: only the app, and the links that it signs for staff.
insert into storage.buckets (id, name, public, file_size_limit) values ('bills', 'bills', false, 20971520)
on conflict (id) do update set public = false, file_size_limit = excluded.file_size_limit;
