create or replace function private.note_deletion() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  insert into private.deleted_rows (kind, row_id) values (tg_argv[0], old.id);
  return null;
end
$$;
revoke execute on function private.note_deletion from public;
