create type private.poll_cursor as (
  from_snapshot pg_snapshot,
  to_snapshot pg_snapshot,
  change bigint,
  pending private.pending,
  message_xid xid8,
  message_id bigint,
  conversation_xid xid8,
  conversation_id bigint
);
comment on type private.poll_cursor is
  'A parsed cursor of read_feed. A place (xid and id) is null if its table is done.';
