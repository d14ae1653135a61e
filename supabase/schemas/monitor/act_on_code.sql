create or replace function public.act_on_code(p_message_id bigint, p_accept boolean) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_who text := private.require_staff();
  w private.written_codes;
  v_from bigint;
begin
  select * into w from private.written_codes where message_id = p_message_id and conversation_id is not null;
  perform private.lock_customers('{}', array[w.conversation_id,
    (select conversation_id from public.whatsapp_messages where id = w.message_id)]);
  delete from private.written_codes where message_id = p_message_id and conversation_id is not null returning * into w;
  if w.message_id is null then
    return jsonb_build_object('error', 'not_found');
  end if;
  select conversation_id into v_from from public.whatsapp_messages where id = w.message_id;
  insert into public.staff_actions (who, action, conversation_id, message_id)
  values (v_who, case when p_accept then 'code_join' else 'code_refuse' end, v_from, w.message_id);
  if p_accept and v_from <> w.conversation_id then
    perform private.merge_customers(greatest(v_from, w.conversation_id), least(v_from, w.conversation_id));
    v_from := least(v_from, w.conversation_id);
  else
    update public.conversations set updated_at = clock_timestamp() where id = v_from;
  end if;
  return jsonb_build_object('conversation', v_from);
end
$$;
comment on function public.act_on_code is
  'Staff say whether somebody who wrote with the code of another customer''s call is that customer. Returns { conversation: id } or { error: not_found }.';
revoke execute on function public.act_on_code from public, anon, authenticated, service_role;
grant execute on function public.act_on_code to authenticated, service_role;
