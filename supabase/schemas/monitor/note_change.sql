create or replace function private.note_change() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  perform nextval('private.changes');
  return null;
end
$$;
revoke execute on function private.note_change from public;
