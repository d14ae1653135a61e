create or replace function private.media_folder(p_address text) returns text
language plpgsql immutable set search_path = '' as $$
begin
  return case when p_address like '+%' then substr(p_address, 2) else 'lid-' || split_part(p_address, '@', 1) end;
end
$$;
comment on function private.media_folder is
  'The folder of a number''s or a LID''s files in the bucket.';
revoke execute on function private.media_folder from public;
