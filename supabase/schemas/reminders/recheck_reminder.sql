create or replace function private.recheck_reminder(m public.whatsapp_messages) returns public.whatsapp_messages
language plpgsql set search_path = '' as $$
declare
  r public.reminders;
  c public.conversations;
  p private.reminder_plan;
begin
  select * into c from public.conversations where id = m.conversation_id;
  -- As if it had not been chosen: it comes back if it would be again.
  delete from public.reminders where message_id = m.id returning * into r;
  p := private.plan_reminder(c, clock_timestamp());
  if p.ask_id is distinct from r.ask_id or p.step is distinct from r.step or p.next_at is null or p.next_at > clock_timestamp() + interval '1 minute' then
    return private.withdraw(m.id, 'answered');
  end if;
  insert into public.reminders (conversation_id, ask_id, step, message_id) values (c.id, r.ask_id, r.step, m.id);
  update public.whatsapp_messages set text = private.reminder_text(c, r.step) where id = m.id returning * into m;
  return m;
end
$$;
comment on function private.recheck_reminder is
  'A reminder that was refused for now is decided anew before it is sent; returns it, queued still or not. If it does not go, its step may be chosen again.';
revoke execute on function private.recheck_reminder from public;
