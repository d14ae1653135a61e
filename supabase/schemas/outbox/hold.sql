create or replace function private.hold(m public.whatsapp_messages, p_at timestamptz, s public.whatsapp_sender) returns private.hold
language plpgsql stable set search_path = '' as $$
declare
  t jsonb := (select terms from private.terms);
  k private.message_kinds;
  c public.conversations;
  v_until timestamptz;
begin
  select * into k from private.message_kinds where kind = m.kind;
  select * into c from public.conversations where id = m.conversation_id;
  -- It must not go at all.
  if k.automatic then
    if c.objected_at is not null then
      return row('objection', null, true)::private.hold;
    elsif private.is_superseded(m) then
      return row('superseded', null, true)::private.hold;
    elsif m.kind = 'ask' and c.case_state in ('complete', 'declared') then
      return row('case', null, true)::private.hold;
    elsif m.kind = 'ask' and c.bill_at is not null and c.case_of is null and not coalesce((t #>> '{ask,after_bill}')::boolean, false) then
      return row('bill', null, true)::private.hold;
    elsif private.waited_too_long(m, p_at, t) then
      return row('held_too_long', null, true)::private.hold;
    end if;
  end if;
  -- It waits.
  if s.paused_at is not null then
    return row('paused', null, false)::private.hold;
  elsif k.automatic and c.objection_asked_at is not null then
    return row('staff', null, false)::private.hold;
  end if;
  if k.guarded and m.first_contact then
    v_until := private.restricted_until(s, m.conversation_id, p_at);
    if v_until > p_at then
      return row('restricted', v_until, false)::private.hold;
    end if;
  end if;
  if (k.hours or m.in_hours) and not coalesce(m.free_until > p_at, false) then
    v_until := private.next_open(p_at, t);
    if v_until is distinct from p_at then
      return row('hours', v_until, false)::private.hold;
    end if;
  end if;
  if k.guarded and m.first_contact then
    v_until := private.cap_until(p_at, t);
    if v_until > p_at then
      return row('cap', v_until, false)::private.hold;
    end if;
  end if;
  if m.due_at > p_at then
    return row('backoff', m.due_at, false)::private.hold;
  elsif s.next_send_at > p_at then
    return row('slot', s.next_send_at, false)::private.hold;
  end if;
  return null;
end
$$;
comment on function private.hold is
  'Why a queued message does not go at that time (UTC); null if it may. The only place that decides it: the claim, the clock, the monitor and doctor ask here. What applies to which kind is in private.message_kinds.';
revoke execute on function private.hold from public;
