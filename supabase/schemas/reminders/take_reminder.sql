create or replace function private.take_reminder(s public.whatsapp_sender, p_at timestamptz) returns public.whatsapp_messages
language plpgsql set search_path = '' as $$
declare
  c public.conversations;
  a public.whatsapp_messages;
  m public.whatsapp_messages;
  p private.reminder_plan;
  h private.hold;
begin
  s := private.without_waits(s);
  -- A transaction that holds the customer may bring what makes it needless: then the next one is looked at.
  for c in
    select * from public.conversations
     where reminder_at <= p_at and merged_into is null order by reminder_at, id limit 50 for update skip locked
  loop
    p := private.plan_reminder(c, p_at);
    if p.next_at is null or p.next_at > p_at then
      update public.conversations set reminder_at = p.next_at where id = c.id;
      continue;
    end if;
    select * into a from public.whatsapp_messages where id = p.ask_id;
    m := null;
    m.conversation_id := c.id;
    m.direction := 'outgoing';
    m.kind := 'reminder';
    m.phone_number := a.phone_number;
    m.first_contact := private.is_first_contact(a.phone_number);
    m.in_hours := false;
    m.due_at := p_at;
    m.created_at := p_at;
    h := private.hold(m, p_at, s);
    if h.reason is not null then
      -- The cap, or a restriction: until then it is not looked at again.
      update public.conversations set reminder_at = coalesce(h.until, p_at + interval '1 hour') where id = c.id;
      continue;
    end if;
    insert into public.whatsapp_messages (conversation_id, direction, kind, status, phone_number, text, call_id, due_at, first_contact)
    values (c.id, 'outgoing', 'reminder', 'queued', a.phone_number, private.reminder_text(c, p.step), a.call_id, p_at, m.first_contact)
    returning * into m;
    insert into public.reminders (conversation_id, ask_id, step, message_id) values (c.id, p.ask_id, p.step, m.id);
    update public.conversations set reminder_at = null where id = c.id;
    return m;
  end loop;
  return null;
end
$$;
comment on function private.take_reminder is
  'The next reminder that may go at that time, made now, locked with its customer; null if there is none. It is never queued before.';
revoke execute on function private.take_reminder from public;
