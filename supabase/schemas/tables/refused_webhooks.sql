create table private.refused_webhooks (
  source text not null,
  day date not null default (clock_timestamp() at time zone 'UTC')::date,
  count integer not null,
  last_at timestamptz not null default clock_timestamp(),
  primary key (source, day),
  constraint refused_webhooks_source_check check (source in ('cloudtalk', 'wasender'))
);
comment on table private.refused_webhooks is
  'How many requests came to a webhook''s address without its secret: nothing else is kept of them. By day (UTC), for a week.';
comment on column private.refused_webhooks.count is 'At least so many: what a function counted and had no occasion to write is lost with it.';

alter table private.refused_webhooks enable row level security;
revoke all on table private.refused_webhooks from public;
