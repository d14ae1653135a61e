create or replace function private.withdraw_automatic(p_conversation_id bigint) returns void
language plpgsql set search_path = '' as $$
begin
  perform private.withdraw(m.id, 'objection')
     from public.whatsapp_messages m join private.message_kinds k on k.kind = m.kind
    where m.conversation_id = p_conversation_id and m.status = 'queued' and k.automatic;
end
$$;
comment on function private.withdraw_automatic is
  'The customer objects: what still waits to go by itself is not sent.';
revoke execute on function private.withdraw_automatic from public;
