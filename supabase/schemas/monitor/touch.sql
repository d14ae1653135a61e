create or replace function private.touch() returns trigger
language plpgsql set search_path = '' as $$
begin
  new.changed_xid := pg_current_xact_id();
  new.updated_at := clock_timestamp();
  return new;
end
$$;
revoke execute on function private.touch from public;
