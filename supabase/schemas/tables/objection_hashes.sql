create table private.objection_hashes (
  hash text primary key,
  at timestamptz not null default now()
);
comment on table private.objection_hashes is
  'private.keyed_hash of the numbers and LIDs of people who objected and were erased, so that they are not asked again.';

alter table private.objection_hashes enable row level security;
revoke all on table private.objection_hashes from public;
