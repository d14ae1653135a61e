create or replace function private.customer_of(p_address text) returns bigint
language plpgsql stable set search_path = '' as $$
begin
  return (select conversation_id from public.conversation_numbers where address = p_address);
end
$$;
comment on function private.customer_of is
  'The conversation that a number or a LID belongs to; null if there is none yet.';
revoke execute on function private.customer_of from public;
