create or replace function public.finish_todo(p_conversation_id bigint, p_todo text) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_who text := private.require_staff();
begin
  perform private.lock_customers('{}', array[p_conversation_id]);
  if not exists (select from public.conversations where id = p_conversation_id and merged_into is null) then
    return jsonb_build_object('error', 'not_found');
  end if;
  insert into public.todo_done as d (conversation_id, todo, by) values (p_conversation_id, p_todo, v_who)
  on conflict (conversation_id, todo) do update set at = excluded.at, by = excluded.by;
  insert into public.staff_actions (who, action, conversation_id, to_status) values (v_who, 'done', p_conversation_id, p_todo);
  perform private.refresh_customer(p_conversation_id);
  return jsonb_build_object('todo', private.feed_todos(p_conversation_id));
end
$$;
comment on function public.finish_todo is
  'Staff have done what a worklist says about a customer: only something new brings it back. Returns { todo } (what is left) or { error: not_found }.';
revoke execute on function public.finish_todo from public, anon, authenticated, service_role;
grant execute on function public.finish_todo to authenticated, service_role;
