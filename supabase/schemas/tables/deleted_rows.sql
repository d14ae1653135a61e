create table private.deleted_rows (
  id bigint generated always as identity primary key,
  kind text not null,
  row_id bigint not null,
  deleted_at timestamptz not null default now(),
  changed_xid xid8 not null default pg_current_xact_id(),
  constraint deleted_rows_kind_check check (kind in ('message', 'conversation'))
);
comment on table private.deleted_rows is
  'The ids of messages and conversations that were deleted lately, so that open monitors drop them. Cleaned daily.';

create index deleted_rows_changed_idx on private.deleted_rows (changed_xid);
create index deleted_rows_deleted_at_idx on private.deleted_rows (deleted_at);

alter table private.deleted_rows enable row level security;
revoke all on table private.deleted_rows from public;
