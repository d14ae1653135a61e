create or replace function public.record_message_info(p_wasender_id text, p_whatsapp_id text, p_status text) returns void
language plpgsql security definer set search_path = '' as $$
declare
  v_id bigint;
begin
  perform private.authorize();
  perform private.lock_keys('message:' || p_wasender_id, 'message:' || p_whatsapp_id);
  perform private.lock_customers('{}', array(
    select conversation_id from public.whatsapp_messages
     where wasender_id = p_wasender_id or (direction = 'outgoing' and whatsapp_id = p_whatsapp_id)));
  select id into v_id from public.whatsapp_messages where wasender_id = p_wasender_id;
  if v_id is null then return; end if;
  perform private.advance_message(v_id, p_status, null, null, p_whatsapp_id);
  perform private.apply_receipts(v_id);
end
$$;
comment on function public.record_message_info is
  'Joins the two ids of a message, as GET /messages/{msgId}/info gave them.';
revoke execute on function public.record_message_info from public, anon, authenticated, service_role;
grant execute on function public.record_message_info to anon, service_role;
