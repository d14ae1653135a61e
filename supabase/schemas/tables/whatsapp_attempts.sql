create table public.whatsapp_attempts (
  id bigint generated always as identity primary key,
  message_id bigint not null,
  lease_token uuid not null,
  claimed_at timestamptz not null default clock_timestamp(),
  started_at timestamptz,
  ended_at timestamptz,
  outcome text,
  http_status integer,
  code text,
  detail text,
  withdrawn boolean not null default false,
  constraint whatsapp_attempts_lease_token_key unique (lease_token),
  constraint whatsapp_attempts_outcome_check check (outcome in (
    'sent', 'refused', 'rate_limited', 'paused', 'not_sent', 'unknown')),
  constraint whatsapp_attempts_ended_check check ((ended_at is null) = (outcome is null))
);
comment on table public.whatsapp_attempts is 'One row for each attempt to send a message.';
comment on column public.whatsapp_attempts.started_at is 'When the request to Wasender started (UTC), by the database''s clock.';
comment on column public.whatsapp_attempts.outcome is
  'sent; refused (for good); rate_limited; paused (configuration or session); not_sent (never left this machine); unknown (may have arrived).';
comment on column public.whatsapp_attempts.code is 'Why, as in whatsapp_messages.error_code.';
comment on column public.whatsapp_attempts.detail is 'Wasender''s own words.';
comment on column public.whatsapp_attempts.withdrawn is 'What the ask asks for has come since: if it was not sent, it is not tried again.';

alter table public.whatsapp_attempts add constraint whatsapp_attempts_message_id_fkey
  foreign key (message_id) references public.whatsapp_messages (id) on delete cascade;

create index whatsapp_attempts_message_id_idx on public.whatsapp_attempts (message_id, id);
create index whatsapp_attempts_sent_idx on public.whatsapp_attempts (id) where outcome = 'sent';

alter table public.whatsapp_attempts enable row level security;
revoke all on table public.whatsapp_attempts from public, anon, authenticated, service_role;
grant select, insert, update, delete on table public.whatsapp_attempts to service_role;
revoke all on sequence public.whatsapp_attempts_id_seq from public, anon, authenticated, service_role;
