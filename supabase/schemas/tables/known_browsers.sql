create table private.known_browsers (
  account text not null,
  hash text not null,
  seen_at timestamptz not null default now(),
  primary key (account, hash)
);
comment on table private.known_browsers is
  'Browsers with which a colleague has signed in to an account. Attempts of strangers do not slow these down. Kept for 400 days, like their cookie.';
comment on column private.known_browsers.account is 'The account''s mail address, as private.account_hash.';
comment on column private.known_browsers.hash is 'SHA-256 (hex) of what its cookie holds.';

alter table private.known_browsers enable row level security;
revoke all on table private.known_browsers from public;
