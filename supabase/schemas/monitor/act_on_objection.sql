create or replace function public.act_on_objection(p_conversation_id bigint, p_objects boolean, p_reason text default null) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_who text := private.require_staff();
  c public.conversations;
begin
  perform private.lock_customers('{}', array[p_conversation_id]);
  select * into c from public.conversations where id = p_conversation_id and merged_into is null;
  if c.id is null then
    return jsonb_build_object('error', 'not_found');
  end if;
  if p_objects and c.objected_at is null then
    perform private.set_objection(c.id, v_who, p_reason, null);
  elsif not p_objects and c.objected_at is not null then
    update public.objections set lifted_at = clock_timestamp(), lifted_by = v_who, lifted_reason = p_reason
     where conversation_id = c.id and lifted_at is null;
    update public.conversations set objected_at = null, objected_by = null, objection_reason = null where id = c.id;
    delete from private.objection_hashes where hash = any (array(
      select private.keyed_hash(n.address) from public.conversation_numbers n where n.conversation_id = c.id));
  end if;
  update public.conversations set objection_asked_at = null where id = c.id;
  perform private.refresh_todos(c.id);
  insert into public.staff_actions (who, action, conversation_id, reason)
  values (v_who, case when p_objects then 'objection_set' when c.objected_at is not null then 'objection_lift' else 'objection_none' end, c.id, p_reason);
  select * into c from public.conversations where id = c.id;
  return jsonb_build_object('objection', private.feed_conversation(c) -> 'objection');
end
$$;
comment on function public.act_on_objection is
  'Staff say that a customer objects to automatic messages, or does not (any more), and why. Returns { objection: { at, by, reason } | null } or { error: not_found }.';
revoke execute on function public.act_on_objection from public, anon, authenticated, service_role;
grant execute on function public.act_on_objection to authenticated, service_role;
