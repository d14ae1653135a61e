create or replace function private.merge_customers(p_from bigint, p_into bigint) returns void
language plpgsql set search_path = '' as $$
declare
  f public.conversations;
  i public.conversations;
  v_answered_at timestamptz;
begin
  perform private.lock_customers('{}', array[p_from, p_into]);
  select * into f from public.conversations where id = p_from;
  select * into i from public.conversations where id = p_into;
  -- The bill that the one has sent is what waits to be asked of the other.
  if f.bill_at is null <> (i.bill_at is null) then
    perform private.withdraw_asks(case when f.bill_at is null then f.id else i.id end);
  end if;
  update public.conversation_numbers set conversation_id = p_into where conversation_id = p_from;
  update public.whatsapp_messages set conversation_id = p_into where conversation_id = p_from;
  update public.cloudtalk_calls set conversation_id = p_into where conversation_id = p_from;
  update public.objections set conversation_id = p_into where conversation_id = p_from;
  update public.staff_actions set conversation_id = p_into where conversation_id = p_from;
  update public.reminders set conversation_id = p_into where conversation_id = p_from;
  update private.written_codes w set conversation_id = p_into where conversation_id = p_from;
  insert into public.todo_done as d (conversation_id, todo, at, by)
  select p_into, todo, at, by from public.todo_done where conversation_id = p_from
  on conflict (conversation_id, todo) do update set at = excluded.at, by = excluded.by where d.at < excluded.at;
  delete from public.todo_done where conversation_id = p_from;
  delete from private.todos where conversation_id = p_from;
  insert into public.case_pods (conversation_id, pod, change, merged_into, supply_from, supply_to, by, at)
  select p_into, pod, change, k.merged_into, supply_from, supply_to, by, at from public.case_pods k where conversation_id = p_from
  on conflict (conversation_id, pod) do nothing;
  delete from public.case_pods where conversation_id = p_from;
  update public.conversations set merged_into = p_into, unread = 0, reminder_at = null where id = p_from;
  update public.conversations set
    -- What was not read stays unread.
    seen_message_id = case
      when f.unread > 0 then least(seen_message_id, f.seen_message_id)
      when unread = 0 then greatest(seen_message_id, f.seen_message_id)
      else seen_message_id end,
    bill_at = coalesce(bill_at, f.bill_at),
    bill_by = case when bill_at is null then f.bill_by else bill_by end,
    case_year = case
      when case_year_by is not null then case_year
      when f.case_year_by is not null then f.case_year
      else least(case_year, f.case_year) end,
    case_year_by = coalesce(case_year_by, f.case_year_by),
    declared_at = coalesce(declared_at, f.declared_at),
    declared_by = case when declared_at is null then f.declared_by else declared_by end,
    declared_reason = case when declared_at is null then f.declared_reason else declared_reason end,
    reminders_paused_until = greatest(reminders_paused_until, f.reminders_paused_until),
    objected_at = coalesce(objected_at, f.objected_at),
    objected_by = case when objected_at is null then f.objected_by else objected_by end,
    objection_reason = case when objected_at is null then f.objection_reason else objection_reason end,
    objection_asked_at = coalesce(objection_asked_at, f.objection_asked_at)
  where id = p_into;
  if coalesce(f.objected_at, i.objected_at) is not null then
    perform private.withdraw_automatic(p_into);
  end if;
  select max(coalesce(m.message_at, m.created_at)) into v_answered_at
    from public.whatsapp_messages m where m.conversation_id = p_into and m.direction = 'incoming';
  if v_answered_at is not null then
    perform private.mark_answered(p_into, v_answered_at);
  end if;
  perform private.refresh_case(p_into);
end
$$;
comment on function private.merge_customers is
  'Two conversations turn out to be one customer''s: the second, older one gets all that the first has.';
revoke execute on function private.merge_customers from public;
