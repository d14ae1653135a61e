create or replace function private.account_hash(p_email text) returns text
language plpgsql stable set search_path = '' as $$
begin
  return private.keyed_hash(lower(btrim(p_email)));
end
$$;
comment on function private.account_hash is
  'Recognises an account by its mail address, however that is spelt, without revealing the address.';
revoke execute on function private.account_hash from public;
