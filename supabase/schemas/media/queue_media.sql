create or replace function private.queue_media() returns trigger
language plpgsql set search_path = '' as $$
begin
  new.media_state := 'pending';
  new.media_due_at := clock_timestamp();
  return new;
end
$$;
revoke execute on function private.queue_media from public;
