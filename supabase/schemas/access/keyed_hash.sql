create or replace function private.keyed_hash(p_text text) returns text
language plpgsql stable set search_path = '' as $$
begin
  return (select encode(sha256(convert_to(k.key || p_text, 'UTF8')), 'hex') from private.hash_key k);
end
$$;
comment on function private.keyed_hash is
  'Recognises a number after its owner was erased, without revealing the number.';
revoke execute on function private.keyed_hash from public;
