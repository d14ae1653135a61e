create table public.webhook_requests (
  id bigserial primary key,
  method varchar(10) not null default 'POST',
  path text not null default '',
  url text not null default '',
  headers jsonb,
  query jsonb,
  body jsonb,
  raw_body text,
  ip_address text,
  user_agent text,
  "timestamp" timestamptz not null default now(),
  created_at timestamptz default now(),
  source text not null,
  event_type text,
  outcome text not null,
  outcome_detail text,
  emptied_at timestamptz,
  constraint webhook_requests_source_check check (source in ('cloudtalk', 'wasender', 'reconciled', 'legacy')),
  constraint webhook_requests_outcome_check check (outcome in ('accepted', 'duplicate', 'ignored', 'invalid', 'legacy'))
);
comment on table public.webhook_requests is
  'Every webhook that was received, also the invalid, the ignored and the repeated ones, each with its outcome.';
comment on column public.webhook_requests.source is
  'Where it comes from: cloudtalk, wasender; reconciled: no webhook came, and the call was found in CloudTalk''s history; legacy: the previous system.';
comment on column public.webhook_requests.body is 'The parsed body, secrets removed.';
comment on column public.webhook_requests.raw_body is 'The body as text, secrets removed; kept only if it could not be parsed.';
comment on column public.webhook_requests.outcome is
  'accepted: it said something new; duplicate: it said nothing new; ignored: an event we do not use; invalid: not understood; legacy: written by the previous system.';
comment on column public.webhook_requests.outcome_detail is 'Why it was ignored or invalid; or when it was replayed, and with what outcome.';
comment on column public.webhook_requests.emptied_at is 'When its content was removed: its time was over, or the customer was erased.';

create index webhook_requests_source_idx on public.webhook_requests (source, id desc);
create index webhook_requests_timestamp_idx on public.webhook_requests ("timestamp", source, outcome);
create index webhook_requests_content_idx on public.webhook_requests ("timestamp") where emptied_at is null;
create index webhook_requests_invalid_idx on public.webhook_requests (source, id desc) where outcome = 'invalid';
create index webhook_requests_event_idx on public.webhook_requests (event_type, id desc) where source = 'wasender';

alter table public.webhook_requests enable row level security;
revoke all on table public.webhook_requests from public, anon, authenticated, service_role;
grant select, insert, update, delete on table public.webhook_requests to service_role;
revoke all on sequence public.webhook_requests_id_seq from public, anon, authenticated, service_role;
grant usage on sequence public.webhook_requests_id_seq to service_role;
