create or replace function public.read_thread(p_conversation_id bigint, p_limit integer, p_before bigint default null) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  c public.conversations;
  v_limit integer := least(greatest(p_limit, 1), 200);
  v_rows public.whatsapp_messages[];
begin
  perform private.require_staff();
  select * into c from public.conversations where id = p_conversation_id;
  if c.id is null then
    return jsonb_build_object('error', 'not_found');
  end if;
  v_rows := array(
    select m from public.whatsapp_messages m
     where m.conversation_id = c.id and (p_before is null or m.id < p_before)
     order by m.id desc limit v_limit + 1);
  return jsonb_build_object(
    'conversation', private.feed_conversation(c) || jsonb_build_object('reminders', private.feed_reminders(c)),
    'messages', coalesce((select jsonb_agg(private.feed_message(m) order by m.id desc) from unnest(v_rows[1:v_limit]) m), '[]'),
    'more', coalesce(array_length(v_rows, 1), 0) > v_limit,
    'bills', private.feed_bills(c.id),
    'case', private.feed_case(c.id),
    'codes', private.feed_codes(c.id),
    'calls', coalesce((
      select jsonb_agg(private.feed_call(k) order by k.id desc)
        from (select * from public.cloudtalk_calls
               where conversation_id = c.id and duplicate_of is null order by id desc limit 50) k), '[]'),
    'actions', coalesce((
      select jsonb_agg(jsonb_build_object('id', a.id, 'at', a.at, 'who', a.who, 'action', a.action, 'message_id', a.message_id, 'reason', a.reason)
                       order by a.id desc)
      from (select * from public.staff_actions where conversation_id = c.id order by id desc limit 100) a), '[]'));
end
$$;
comment on function public.read_thread is
  'A conversation with its newest messages (before p_before), calls and what staff did. Returns { conversation, messages, more, bills, case, codes, calls, actions } or { error: not_found }.';
revoke execute on function public.read_thread from public, anon, authenticated, service_role;
grant execute on function public.read_thread to authenticated, service_role;
