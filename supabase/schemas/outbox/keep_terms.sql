create or replace function private.keep_terms(p_terms jsonb) returns void
language plpgsql set search_path = '' as $$
begin
  update private.terms set terms = p_terms, updated_at = clock_timestamp() where id and terms is distinct from p_terms;
  if found then
    perform nextval('private.changes');
  end if;
end
$$;
comment on function private.keep_terms is
  'The environment''s terms, as the function that has just started knows them.';
revoke execute on function private.keep_terms from public;
