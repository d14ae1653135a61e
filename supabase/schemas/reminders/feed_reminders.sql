create or replace function private.feed_reminders(c public.conversations) returns jsonb
language plpgsql stable set search_path = '' as $$
declare
  p private.reminder_plan := private.plan_reminder(c, clock_timestamp());
begin
  return jsonb_build_object(
    'next_at', p.next_at, 'step', p.step, 'hold', p.hold,
    'paused_until', case when c.reminders_paused_until = 'infinity' then 'never' else c.reminders_paused_until::text end,
    'texts', case when p.hold is distinct from 'off' then (
      select jsonb_agg(jsonb_build_object('text', private.reminder_template(s), 'preview', private.reminder_text(c, s)) order by s)
        from generate_series(1, 3) s) end);
end
$$;
comment on function private.feed_reminders is
  'A customer''s reminders as the monitor gets them: { next_at, step, hold, paused_until, texts: [{ text, preview }] | null }.';
revoke execute on function private.feed_reminders from public;
