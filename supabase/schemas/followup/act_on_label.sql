create or replace function public.act_on_label(p_message_id bigint, p_label text, p_date date default null) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_who text := private.require_staff();
  m public.whatsapp_messages;
begin
  perform private.lock_customers('{}', array(select conversation_id from public.whatsapp_messages where id = p_message_id));
  select * into m from public.whatsapp_messages where id = p_message_id and direction = 'incoming' for update;
  if m.id is null then
    return jsonb_build_object('error', 'not_found');
  end if;
  update public.whatsapp_messages set label = p_label, label_date = p_date, label_by = 'staff' where id = m.id;
  perform private.refresh_customer(m.conversation_id);
  insert into public.staff_actions (who, action, conversation_id, message_id, from_status, to_status)
  values (v_who, 'label', m.conversation_id, m.id, m.label, p_label);
  return jsonb_build_object('label', jsonb_build_object('value', p_label, 'date', p_date, 'by', 'staff'));
end
$$;
comment on function public.act_on_label is
  'Staff say what a customer''s message means, and until when a promise is. Returns { label: { value, date, by } } or { error: not_found }.';
revoke execute on function public.act_on_label from public, anon, authenticated, service_role;
grant execute on function public.act_on_label to authenticated, service_role;
