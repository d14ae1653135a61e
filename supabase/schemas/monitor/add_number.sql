create or replace function public.add_number(p_conversation_id bigint, p_phone_number text) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_who text := private.require_staff();
  c public.conversations;
  m public.whatsapp_messages;
  v_owner bigint;
begin
  -- The sender's row first, as claim_message does: an ask that is moved is not being claimed.
  perform from public.whatsapp_sender for update;
  perform private.lock_keys('address:' || p_phone_number);
  perform private.lock_customers(array[p_phone_number], array[p_conversation_id]);
  select * into c from public.conversations where id = p_conversation_id and merged_into is null;
  if c.id is null then
    return jsonb_build_object('error', 'not_found');
  end if;
  v_owner := private.customer_of(p_phone_number);
  if v_owner <> c.id then
    return jsonb_build_object('error', 'not_possible', 'status', 'number_taken');
  end if;
  if v_owner is null then
    insert into public.conversation_numbers (address, conversation_id, known_by) values (p_phone_number, c.id, 'staff');
    insert into public.staff_actions (who, action, conversation_id) values (v_who, 'second_number', c.id);
    perform private.recall_objection(c.id, p_phone_number);
  end if;
  m := private.move_ask(c.id, p_phone_number, v_who);
  perform private.refresh_customer(c.id);
  return jsonb_build_object('phone_number', p_phone_number, 'message', case when m.id is not null then
    jsonb_build_object('id', m.id, 'status', m.status) end);
end
$$;
comment on function public.add_number is
  'Another number (E.164) of a customer, as staff know it; an ask that was not sent goes there. Returns { phone_number, message: { id, status } | null } (its ask, if it has just got one) or { error: not_found | not_possible, status: number_taken }.';
revoke execute on function public.add_number from public, anon, authenticated, service_role;
grant execute on function public.add_number to authenticated, service_role;
