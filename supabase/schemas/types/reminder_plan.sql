create type private.reminder_plan as (
  ask_id bigint,
  step integer,
  next_at timestamptz,
  hold text
);
comment on type private.reminder_plan is
  'The next reminder of a customer: of which ask, which step, when it can go at the earliest (null: not without an event), and what holds it (null: only its time). See private.plan_reminder.';
