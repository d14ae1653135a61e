create or replace function private.feed_todos(p_conversation_id bigint) returns jsonb
language plpgsql stable set search_path = '' as $$
begin
  return coalesce((
    select jsonb_agg(jsonb_build_object(
      'todo', t.todo, 'reason', t.reason, 'at', nullif(t.at, '-infinity'), 'date', t.date, 'message_id', t.message_id,
      'text', case when t.todo in ('questions', 'wrong_numbers', 'promises') then
        (select left(m.text, 200) from public.whatsapp_messages m where m.id = t.message_id) end) order by t.todo)
      from private.todos t
     where t.conversation_id = p_conversation_id and t.due_at <= now() and (t.until is null or t.until > now())), '[]');
end
$$;
comment on function private.feed_todos is
  'A customer''s items of the worklists as the monitor gets them, with why they are there.';
revoke execute on function private.feed_todos from public;
