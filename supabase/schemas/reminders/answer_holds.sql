create or replace function private.answer_holds(p_conversation_id bigint) returns boolean
language plpgsql stable set search_path = '' as $$
begin
  return exists (
    select from public.whatsapp_messages m
     where m.conversation_id = p_conversation_id and m.direction = 'incoming'
       and m.label in ('question', 'refusal', 'by_email', 'wrong_number')
       and not exists (
         select from public.todo_done d
          where d.conversation_id = m.conversation_id and d.at >= m.created_at
            and d.todo = case m.label when 'wrong_number' then 'wrong_numbers' else 'questions' end));
end
$$;
comment on function private.answer_holds is
  'Whether a customer has answered something that a person must see to before the next reminder.';
revoke execute on function private.answer_holds from public;
