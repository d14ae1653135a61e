create table private.sign_in_attempts (
  id bigint generated always as identity primary key,
  at timestamptz not null default clock_timestamp(),
  account text not null,
  address inet,
  browser text
);
comment on table private.sign_in_attempts is
  'Attempts to sign in that did not succeed, or not yet. What sign_in_wait counts. Kept for a day.';
comment on column private.sign_in_attempts.account is 'The account''s mail address, as private.account_hash.';
comment on column private.sign_in_attempts.address is
  'The caller''s address; of an IPv6 address the first 64 bits. Null if the host does not say it.';
comment on column private.sign_in_attempts.browser is
  'The browser''s hash, if it has been used before to sign in to this account.';

create index sign_in_attempts_at_idx on private.sign_in_attempts (at);
create index sign_in_attempts_account_idx on private.sign_in_attempts (account, at);
create index sign_in_attempts_address_idx on private.sign_in_attempts (address, at);

alter table private.sign_in_attempts enable row level security;
revoke all on table private.sign_in_attempts from public;
