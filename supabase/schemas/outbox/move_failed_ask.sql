create or replace function private.move_failed_ask(p_message_id bigint) returns void
language plpgsql set search_path = '' as $$
begin
  perform private.move_ask(m.conversation_id, n.address, coalesce(s.who, 'decision'))
     from public.whatsapp_messages m
     cross join lateral (
       select address from public.conversation_numbers
        where conversation_id = m.conversation_id and known_by = 'staff' and created_at > coalesce(m.queued_at, m.created_at)
        order by created_at desc limit 1) n
     left join lateral (
       select who from public.staff_actions
        where conversation_id = m.conversation_id and action = 'second_number' order by id desc limit 1) s on true
    where m.id = p_message_id and m.kind = 'ask' and m.status = 'failed';
end
$$;
comment on function private.move_failed_ask is
  'An ask has failed: if staff entered another number while it was on its way, that one gets it.';
revoke execute on function private.move_failed_ask from public;
