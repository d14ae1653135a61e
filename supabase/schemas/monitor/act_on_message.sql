create or replace function public.act_on_message(p_action text, p_message_id bigint) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_who text := private.require_staff();
  m public.whatsapp_messages;
  v_from text;
  v_to text;
begin
  -- The sender's row first, as claim_message does: a message that is cancelled is not being claimed.
  perform from public.whatsapp_sender for update;
  perform private.lock_customers('{}', array(select conversation_id from public.whatsapp_messages where id = p_message_id));
  select * into m from public.whatsapp_messages where id = p_message_id and direction = 'outgoing' for update;
  if m.id is null then
    return jsonb_build_object('error', 'not_found');
  end if;
  select a.from_status, a.to_status into v_from, v_to
    from (values ('retry', 'failed', 'queued'), ('resend', 'unknown', 'queued'),
                 ('give_up', 'unknown', 'cancelled'), ('cancel', 'queued', 'cancelled')) as a (action, from_status, to_status)
   where a.action = p_action;
  if v_from is null then
    raise invalid_parameter_value using message = 'unknown action';
  end if;
  if m.status <> v_from or (v_to = 'queued' and (m.phone_number is null or m.text is null or m.kind = 'manual')) then
    return jsonb_build_object('error', 'not_possible', 'status', m.status);
  end if;
  if v_to = 'queued' then
    update public.whatsapp_messages set
      status = 'queued', error_code = null, error = null, attempts = 0, due_at = clock_timestamp(), lease_token = null, lease_until = null,
      queued_at = clock_timestamp(), sent_at = null, first_contact = first_contact and private.is_first_contact(phone_number),
      -- A new message at Wasender: it will have ids of its own.
      wasender_id = null, whatsapp_id = null, info_at = null, info_attempts = 0
    where id = m.id;
    -- Whether the number exists is asked again too.
    update public.conversation_numbers set on_whatsapp = null, checked_at = null
     where address = m.phone_number and not on_whatsapp;
  else
    update public.whatsapp_messages set status = 'cancelled', cancelled_by = v_who where id = m.id;
  end if;
  insert into public.staff_actions (who, action, conversation_id, message_id, from_status, to_status)
  values (v_who, p_action, m.conversation_id, m.id, v_from, v_to);
  return jsonb_build_object('message', jsonb_build_object('id', m.id, 'status', v_to));
end
$$;
comment on function public.act_on_message is
  'retry (failed), resend or give_up (unknown), cancel (queued). Returns { message: { id, status } } or { error: not_found | not_possible, status }.';
revoke execute on function public.act_on_message from public, anon, authenticated, service_role;
grant execute on function public.act_on_message to authenticated, service_role;
