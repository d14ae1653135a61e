create or replace function private.is_known(p_conversation_id bigint) returns boolean
language plpgsql stable set search_path = '' as $$
begin
  return exists (select from public.cloudtalk_calls where conversation_id = p_conversation_id)
      or exists (select from public.conversation_numbers
                  where conversation_id = p_conversation_id and known_by in ('call', 'staff', 'legacy'))
      or exists (select from public.whatsapp_messages
                  where conversation_id = p_conversation_id and direction = 'outgoing' and kind <> 'confirmation');
end
$$;
comment on function private.is_known is
  'Whether we know who this is: there was a call, or we have written. Somebody who has only written to us may be anybody.';
revoke execute on function private.is_known from public;
