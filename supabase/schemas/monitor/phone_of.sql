create or replace function private.phone_of(p_conversation_id bigint) returns text
language plpgsql stable set search_path = '' as $$
begin
  return (
    select n.address from public.conversation_numbers n
     -- No condition that the primary key's index fits: before a first ANALYZE PostgreSQL would read all of it.
     where n.conversation_id = p_conversation_id and left(n.address, 1) = '+'
     order by n.created_at, n.address limit 1);
end
$$;
comment on function private.phone_of is
  'The number that stands for a customer: the first that was known. Null while only a LID is.';
revoke execute on function private.phone_of from public;
