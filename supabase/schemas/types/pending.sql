create type private.pending as (
  queued bigint,
  queued_due_at timestamptz,
  media_due_at timestamptz,
  chore_due_at timestamptz,
  unknown_at timestamptz,
  lights_at timestamptz,
  first_contacts bigint,
  answered bigint,
  undelivered bigint,
  bill_due_at timestamptz,
  todo jsonb,
  todo_at timestamptz
);
comment on type private.pending is
  'What waits: how many messages are queued; when the first of them can go, when the first of the files, of the chores and of the bills is due; when the last message became unknown. And the sender''s lights: see private.with_lights. And how many customers are on each worklist, and when that changes by time alone.';
