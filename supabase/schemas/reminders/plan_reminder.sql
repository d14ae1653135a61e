create or replace function private.plan_reminder(c public.conversations, p_at timestamptz) returns private.reminder_plan
language plpgsql stable set search_path = '' set plan_cache_mode = force_generic_plan as $$
declare
  r private.terms;
  a public.whatsapp_messages;
  p private.reminder_plan;
  v_delivered timestamptz;
  v_due timestamptz;
  v_after timestamptz;
  v_last integer;
begin
  select * into r from private.terms;
  if r.reminders_since is null or jsonb_typeof(r.terms #> '{reminders,steps_hours}') is distinct from 'array' then
    p.hold := 'off';
    return p;
  end if;
  select * into a from public.whatsapp_messages m
   where m.conversation_id = c.id and m.kind = 'ask' and m.status not in ('cancelled', 'failed') order by m.id desc limit 1;
  p.ask_id := a.id;
  p.hold := private.reminder_hold(c, a, p_at);
  if p.hold is not null then
    return p;
  end if;
  v_delivered := coalesce(a.delivered_at, a.read_at, a.sent_at);
  select w.until, w.hold into v_after, p.hold from private.reminder_waits(c) w where w.until > p_at order by w.until desc limit 1;
  v_last := coalesce((select max(step) from public.reminders where ask_id = a.id), 0);
  for s in v_last + 1 .. jsonb_array_length(r.terms #> '{reminders,steps_hours}') loop
    v_due := v_delivered + (r.terms #>> array['reminders', 'steps_hours', (s - 1)::text])::numeric * interval '1 hour';
    p.next_at := private.next_open(greatest(v_due, v_after, p_at), r.terms);
    -- One that was due before reminders were switched on is not made up for; one that is too late leaves its place to the next.
    if v_due >= r.reminders_since and p.next_at - v_due <= interval '72 hours' then
      p.step := s;
      p.hold := case when v_after > v_due then p.hold end;
      if (p.next_at at time zone 'Europe/Rome')::date > (r.terms #>> '{case,deadline}')::date then
        p.next_at := null;
        p.hold := 'deadline';
      end if;
      return p;
    end if;
  end loop;
  p.next_at := null;
  p.hold := 'used_up';
  return p;
end
$$;
comment on function private.plan_reminder is
  'A customer''s next reminder, as of that time. The only place that decides which one goes, and when.';
revoke execute on function private.plan_reminder from public;
