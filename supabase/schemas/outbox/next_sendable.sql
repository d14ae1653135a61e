create or replace function private.next_sendable(s public.whatsapp_sender, p_now timestamptz) returns timestamptz
language plpgsql stable set search_path = '' as $$
declare
  k private.message_kinds;
  m public.whatsapp_messages;
  v_in_hours boolean;
  v_first boolean;
  v_next timestamptz;
begin
  s := private.without_waits(s);
  -- Those of calls that have just ended may go when the others may not.
  select q.* into m from public.whatsapp_messages q join public.conversations c on c.id = q.conversation_id
   where q.status = 'queued' and q.free_until > p_now and c.objection_asked_at is null
   order by q.free_until, q.id limit 1;
  v_next := private.next_start(m, p_now, s);
  -- Of all others that wait for the same, the first stands for all. Those that wait for a person do not count.
  for k in select * from private.message_kinds loop
    foreach v_in_hours in array case when k.hours then array[false] else array[false, true] end loop
      foreach v_first in array case when k.guarded then array[false, true] else array[false] end loop
        select q.* into m from public.whatsapp_messages q join public.conversations c on c.id = q.conversation_id
         where q.status = 'queued' and q.kind = k.kind and q.in_hours = v_in_hours and q.first_contact = v_first
           and not (k.automatic and c.objection_asked_at is not null)
           -- After one trial the next one is another customer's.
           and (s.trial_conversation_id is null or not v_first or q.conversation_id <> s.trial_conversation_id)
         order by q.due_at limit 1;
        if m.id is null and v_first and s.trial_conversation_id is not null then
          select q.* into m from public.whatsapp_messages q
           where q.status = 'queued' and q.kind = k.kind and q.first_contact
             and q.conversation_id = s.trial_conversation_id
           order by q.due_at limit 1;
        end if;
        v_next := least(v_next, private.next_start(m, p_now, s));
      end loop;
    end loop;
  end loop;
  return v_next;
end
$$;
comment on function private.next_sendable is
  'When the next queued message can go (now or later), but for the sender''s own slot and pause; null if none can without a person.';
revoke execute on function private.next_sendable from public;
