create or replace function private.last_call(p_conversation_id bigint) returns bigint
language plpgsql stable set search_path = '' as $$
begin
  return (select max(id) from public.cloudtalk_calls where conversation_id = p_conversation_id);
end
$$;
revoke execute on function private.last_call from public;
