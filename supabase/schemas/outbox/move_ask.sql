create or replace function private.move_ask(p_conversation_id bigint, p_phone_number text, p_who text) returns public.whatsapp_messages
language plpgsql set search_path = '' as $$
declare
  a public.whatsapp_messages;
  m public.whatsapp_messages;
begin
  select * into a from public.whatsapp_messages
   where conversation_id = p_conversation_id and kind = 'ask' and status <> 'cancelled' order by id desc limit 1;
  if a.status in ('queued', 'failed') and a.phone_number <> p_phone_number and not private.has_objected(p_phone_number) then
    update public.whatsapp_messages set status = 'cancelled', cancelled_by = p_who where id = a.id;
    insert into public.whatsapp_messages
      (conversation_id, direction, kind, status, phone_number, contact_name, text, call_id, webhook_request_id, due_at, free_until,
       first_contact)
    values
      (a.conversation_id, 'outgoing', 'ask', 'queued', p_phone_number, a.contact_name, a.text, a.call_id, a.webhook_request_id,
       clock_timestamp(), a.free_until, private.is_first_contact(p_phone_number))
    returning * into m;
  end if;
  return m;
end
$$;
comment on function private.move_ask is
  'A customer''s ask that was not sent is cancelled, and this number gets it. Returns the new one; null if there was none to move.';
revoke execute on function private.move_ask from public;
