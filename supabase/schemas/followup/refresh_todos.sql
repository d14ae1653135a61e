create or replace function private.refresh_todos(p_conversation_id bigint) returns void
language plpgsql set search_path = '' set plan_cache_mode = force_generic_plan as $$
declare
  c public.conversations;
  v_items private.todos[];
begin
  select * into c from public.conversations where id = p_conversation_id;
  v_items := array(
    select i from private.todo_items(c) i
     where c.merged_into is null
       and not exists (select from public.todo_done d where d.conversation_id = c.id and d.todo = i.todo and d.at >= i.at));
  delete from private.todos t
   where t.conversation_id = p_conversation_id and t.todo not in (select i.todo from unnest(v_items) i);
  insert into private.todos as t select i.* from unnest(v_items) i
  on conflict (conversation_id, todo) do update set
    reason = excluded.reason, at = excluded.at, due_at = excluded.due_at, until = excluded.until, date = excluded.date,
    message_id = excluded.message_id
  where t is distinct from excluded;
end
$$;
comment on function private.refresh_todos is
  'Derives a customer''s items of the worklists again.';
revoke execute on function private.refresh_todos from public;
