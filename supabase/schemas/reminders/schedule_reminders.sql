create or replace function private.schedule_reminders() returns void
language plpgsql set search_path = '' as $$
begin
  update public.conversations set reminder_at = null where reminder_at is not null;
  -- Each is planned when the sender looks at it.
  update public.conversations c set reminder_at = clock_timestamp()
   where c.merged_into is null and c.case_state in ('none', 'open')
     and exists (select from private.terms where reminders_since is not null)
     and exists (
       select from public.whatsapp_messages m
        where m.conversation_id = c.id and m.kind = 'ask' and m.status in ('delivered', 'read'));
end
$$;
comment on function private.schedule_reminders is
  'Reminders were switched on or off, or their times changed: every customer who was asked is looked at again.';
revoke execute on function private.schedule_reminders from public;
