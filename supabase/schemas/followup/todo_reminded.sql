create or replace function private.todo_reminded(c public.conversations, a public.whatsapp_messages) returns setof private.todos
language plpgsql stable set search_path = '' as $$
declare
  v_steps integer := coalesce((select jsonb_array_length(nullif(terms #> '{reminders,steps_hours}', 'null')) from private.terms), 3);
begin
  -- Three days, as between two automatic messages: whoever answers the last one is not called.
  return query
    select c.id, 'to_call', 'reminded', max(m.sent_at), max(m.sent_at) + interval '72 hours', null::timestamptz, null::date, max(m.id)
      from public.whatsapp_messages m
     where m.conversation_id = c.id and m.kind = 'reminder' and m.status in ('sent', 'delivered', 'read') and m.id > a.id
    having count(*) >= v_steps and not exists (
      select from public.whatsapp_messages i
       where i.conversation_id = c.id and i.direction = 'incoming' and i.created_at > max(m.sent_at));
end
$$;
comment on function private.todo_reminded is
  'Whom to call: all reminders after the last ask (a) have gone, and nothing has come of it.';
revoke execute on function private.todo_reminded from public;
