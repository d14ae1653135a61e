create or replace function private.take_sendable(s public.whatsapp_sender, p_at timestamptz) returns public.whatsapp_messages
language plpgsql set search_path = '' as $$
declare
  m public.whatsapp_messages;
  h private.hold;
  -- 1: what does not wait its turn: staff's replies, confirmations; 2: asks of calls that have just ended; 3: all.
  v_lane integer := 1;
  v_closed text[] := '{}';
  v_passed bigint[] := '{}';
begin
  s := private.without_waits(s);
  loop
    -- A transaction that holds the customer may be withdrawing the message: then the next one is taken.
    if v_lane = 2 then
      select q.* into m
        from public.whatsapp_messages q join public.conversations c on c.id = q.conversation_id
       where q.status = 'queued' and q.free_until > p_at and q.due_at <= p_at
         and private.wait_class(q, p_at) <> all (v_closed) and q.id <> all (v_passed)
       order by q.free_until, q.id limit 1 for update of c, q skip locked;
    else
      select q.* into m
        from public.whatsapp_messages q join public.conversations c on c.id = q.conversation_id
       where q.status = 'queued' and q.priority >= case v_lane when 1 then 1 else 0 end and q.due_at <= p_at
         and private.wait_class(q, p_at) <> all (v_closed) and q.id <> all (v_passed)
       order by q.priority desc, q.due_at, q.id limit 1 for update of c, q skip locked;
    end if;
    if m.id is null then
      exit when v_lane = 3;
      v_lane := v_lane + 1;
      continue;
    end if;
    h := private.hold(m, p_at, s);
    if h.final then
      perform private.withdraw(m.id, h.reason);
    elsif h.reason in ('hours', 'cap') or (h.reason = 'restricted' and m.conversation_id is distinct from s.trial_conversation_id) then
      v_closed := v_closed || private.wait_class(m, p_at);
    elsif h.reason is not null then
      v_passed := v_passed || m.id;
    else
      m := private.decide_waiting(m);
      if m.status = 'queued' then
        return m;
      end if;
    end if;
  end loop;
  return null;
end
$$;
comment on function private.take_sendable is
  'The next queued message that nothing but the slot holds at that time, locked with its customer; null if there is none. What must not go at all is withdrawn on the way.';
revoke execute on function private.take_sendable from public;
