create table private.hash_key (
  id boolean primary key default true,
  key text not null default gen_random_uuid()::text || gen_random_uuid()::text,
  constraint hash_key_id_check check (id)
);
comment on table private.hash_key is 'One row: the key of private.keyed_hash. Never changed: what was hashed could not be recognised any more.';

alter table private.hash_key enable row level security;
revoke all on table private.hash_key from public;

insert into private.hash_key default values;
