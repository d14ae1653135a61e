create type private.pending as (
  queued bigint,
  queued_due_at timestamptz,
  media_due_at timestamptz,
  chore_due_at timestamptz,
  unknown_at timestamptz
);
comment on type private.pending is
  'What waits: how many messages are queued; when the first of them, of the files and of the chores is due; when the last message became unknown.';
