create or replace function private.wait_for_code(p_code text) returns bigint[]
language plpgsql stable set search_path = '' as $$
begin
  return array(
    select m.conversation_id from private.written_codes w join public.whatsapp_messages m on m.id = w.message_id
     where w.code = p_code and w.conversation_id is null order by w.message_id);
end
$$;
comment on function private.wait_for_code is
  'The customers who have written with this code (lower case) and wait for its call.';
revoke execute on function private.wait_for_code from public;
