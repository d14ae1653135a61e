create or replace function private.feed_conversation(c public.conversations) returns jsonb
language plpgsql stable set search_path = '' as $$
begin
  return jsonb_build_object(
    'id', c.id, 'phone_number', private.phone_of(c.id), 'name', c.name, 'state', c.state,
    'last', (select jsonb_build_object('direction', l.direction, 'type', l.type, 'text', left(l.text, 200), 'status', l.status)
               from public.whatsapp_messages l where l.id = c.last_message_id),
    'last_at', c.last_at, 'unread', c.unread,
    'case', jsonb_build_object('year', c.case_year, 'state', c.case_state, 'covered', c.case_covered, 'of', c.case_of), 'bill_at', c.bill_at, 'bill_by', c.bill_by, 'merged_into', c.merged_into,
    'objection', case when c.objected_at is not null then
      jsonb_build_object('at', c.objected_at, 'by', c.objected_by, 'reason', c.objection_reason) end,
    'objection_asked', c.objection_asked_at is not null,
    'todo', private.feed_todos(c.id));
end
$$;
comment on function private.feed_conversation is
  'A customer as the monitor gets it (FeedConversation in lib/supabase/monitor/feed.ts).';
revoke execute on function private.feed_conversation from public;
