create or replace function private.with_lights(p private.pending, p_known private.pending) returns private.pending
language plpgsql stable set search_path = '' as $$
begin
  p.todo := private.todo_counts();
  select min(due_at) into p.todo_at from private.todos where due_at > now();
  -- Counting takes longer than all the rest of a poll, so each page counts once a minute at most.
  if p_known.lights_at > now() - interval '1 minute' then
    p.lights_at := p_known.lights_at;
    p.first_contacts := p_known.first_contacts;
    p.answered := p_known.answered;
    p.undelivered := p_known.undelivered;
    return p;
  end if;
  p.lights_at := now();
  select count(*), count(*) filter (where n.written_at >= m.sent_at) into p.first_contacts, p.answered
    from public.whatsapp_messages m left join public.conversation_numbers n on n.address = m.phone_number
   where m.first_contact and m.sent_at > now() - interval '7 days';
  select count(*) into p.undelivered from private.never_delivered();
  return p;
end
$$;
comment on function private.with_lights is
  'Completes what waits by the sender''s lights: the first contacts of seven days and how many of them were answered; what was never delivered; and by the worklists.';
revoke execute on function private.with_lights from public;
