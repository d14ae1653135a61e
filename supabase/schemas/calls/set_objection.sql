create or replace function private.set_objection(p_conversation_id bigint, p_by text, p_reason text, p_message_id bigint) returns void
language plpgsql set search_path = '' as $$
begin
  insert into public.objections (conversation_id, addresses, by, reason, message_id)
  values (
    p_conversation_id, array(select address from public.conversation_numbers where conversation_id = p_conversation_id),
    p_by, p_reason, p_message_id);
  update public.conversations set
    objected_at = clock_timestamp(), objected_by = p_by, objection_reason = p_reason, objection_asked_at = null
  where id = p_conversation_id;
  -- What is being sent meets it before the send if its number is asked about first, else if it comes back unsent.
  perform private.withdraw_automatic(p_conversation_id);
  perform private.refresh_todos(p_conversation_id);
end
$$;
comment on function private.set_objection is
  'From now on the program does not write to this customer; what waits is withdrawn.';
revoke execute on function private.set_objection from public;
