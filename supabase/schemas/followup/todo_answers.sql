create or replace function private.todo_answers(c public.conversations) returns setof private.todos
language plpgsql stable set search_path = '' as $$
declare
  m public.whatsapp_messages;
begin
  select * into m from public.whatsapp_messages
   where conversation_id = c.id and direction = 'incoming' and label in ('question', 'refusal', 'by_email')
     -- An objection is one already.
     and not (label = 'refusal' and c.objected_at is not null)
   order by id desc limit 1;
  if m.id is not null then
    return query select c.id, 'questions', m.label, m.created_at, m.created_at, null::timestamptz, null::date, m.id;
  end if;
  select * into m from public.whatsapp_messages
   where conversation_id = c.id and direction = 'incoming' and label = 'wrong_number' order by id desc limit 1;
  if m.id is not null then
    return query select c.id, 'wrong_numbers', m.label, m.created_at, m.created_at, null::timestamptz, null::date, m.id;
  end if;
  if c.objected_at is not null or c.case_state in ('complete', 'declared') or (c.bill_at is not null and c.case_of is null) then
    return;
  end if;
  select * into m from public.whatsapp_messages
   where conversation_id = c.id and direction = 'incoming' and label = 'promise' order by id desc limit 1;
  if m.id is not null and not exists (
    select from public.whatsapp_messages f where f.conversation_id = c.id and f.is_bill and f.id > m.id) then
    -- It lapses when its day is over, without a day after a week.
    return query select c.id, 'promises', m.label, m.created_at,
      coalesce((m.label_date + 1)::timestamp at time zone 'Europe/Rome', m.created_at + interval '7 days'), null::timestamptz, m.label_date, m.id;
  end if;
end
$$;
comment on function private.todo_answers is
  'The worklists of what customers have answered: questions, wrong_numbers, promises.';
revoke execute on function private.todo_answers from public;
