create or replace function public.act_on_code(p_message_id bigint, p_accept boolean) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_who text := private.require_staff();
  v_from bigint;
  v_into bigint;
begin
  select m.conversation_id, w.conversation_id into v_from, v_into
    from private.written_codes w join public.whatsapp_messages m on m.id = w.message_id where w.message_id = p_message_id;
  perform private.lock_customers('{}', array[v_from, v_into]);
  -- While it waited for them, the two may have become one, or the message another customer's.
  if v_from = v_into or not exists (
    select from private.written_codes w join public.whatsapp_messages m on m.id = w.message_id
     where w.message_id = p_message_id and m.conversation_id = v_from and w.conversation_id = v_into) then
    return jsonb_build_object('error', 'not_found');
  end if;
  insert into public.staff_actions (who, action, conversation_id, message_id)
  values (v_who, case when p_accept then 'code_join' else 'code_refuse' end, v_from, p_message_id);
  if not p_accept then
    delete from private.written_codes where message_id = p_message_id;
    update public.conversations set updated_at = clock_timestamp() where id = v_from;
    return jsonb_build_object('conversation', v_from);
  end if;
  perform private.merge_customers(greatest(v_from, v_into), least(v_from, v_into));
  return jsonb_build_object('conversation', least(v_from, v_into));
end
$$;
comment on function public.act_on_code is
  'Staff say whether somebody who wrote with the code of another customer''s call is that customer. Returns { conversation: id } or { error: not_found }.';
revoke execute on function public.act_on_code from public, anon, authenticated, service_role;
grant execute on function public.act_on_code to authenticated, service_role;
