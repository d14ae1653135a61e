create or replace function private.next_start(m public.whatsapp_messages, p_at timestamptz, s public.whatsapp_sender) returns timestamptz
language plpgsql stable set search_path = '' as $$
declare
  h private.hold;
  v_at timestamptz := greatest(p_at, m.due_at);
begin
  if m.id is null then
    return null;
  end if;
  -- Each reason may be followed by another: the hours after the restriction, the cap after the hours. One that must not go
  -- at all is withdrawn then.
  for i in 1..5 loop
    h := private.hold(m, v_at, s);
    if h.reason is null or h.final or h.until is null then
      return case when h.reason is null or h.final then v_at end;
    end if;
    v_at := h.until;
  end loop;
  return v_at;
end
$$;
comment on function private.next_start is
  'When nothing holds this message any more, from that time on; null if a person must act.';
revoke execute on function private.next_start from public;
