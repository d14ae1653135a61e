create or replace function private.reminder_hold(c public.conversations, a public.whatsapp_messages, p_at timestamptz) returns text
language plpgsql stable set search_path = '' set plan_cache_mode = force_generic_plan as $$
begin
  return case
    when c.objected_at is not null or c.objection_asked_at is not null then 'objection'
    when c.reminders_paused_until = 'infinity' then 'paused'
    when c.case_state in ('complete', 'declared') or (c.case_state = 'open' and c.case_missing = '[]')
      -- Staff say that the bill has come, and no file tells of which months.
      or (c.bill_at is not null and c.case_of is null) then 'case'
    when a.id is null then 'not_asked'
    when a.status = 'unknown' or exists (
      select from public.reminders r join public.whatsapp_messages m on m.id = r.message_id
       where r.ask_id = a.id and m.status in ('queued', 'sending', 'unknown')) then 'unknown'
    when exists (
      select from public.whatsapp_messages m
       where m.conversation_id = c.id and m.status = 'sent' and m.sent_at between p_at - interval '30 days' and p_at - interval '48 hours')
      then 'never_delivered'
    when a.status not in ('delivered', 'read') then 'not_asked'
    when exists (
      select from public.whatsapp_messages m where m.conversation_id = c.id and m.is_bill and private.file_waits(m)) then 'file_waits'
    when private.answer_holds(c.id) then 'answer' end;
end
$$;
comment on function private.reminder_hold is
  'What keeps reminders of this ask from going until something happens; null if nothing.';
revoke execute on function private.reminder_hold from public;
