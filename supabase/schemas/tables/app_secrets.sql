create table private.app_secrets (
  hash text primary key,
  added_at timestamptz not null default now(),
  constraint app_secrets_hash_check check (hash ~ '^[0-9a-f]{64}$')
);
comment on table private.app_secrets is
  'SHA-256 (hex) of the accepted SUPABASE_APP_SECRETs; more than one while one is being replaced.';

alter table private.app_secrets enable row level security;
revoke all on table private.app_secrets from public;
