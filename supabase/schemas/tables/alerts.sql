create table public.alerts (
  kind text primary key,
  since timestamptz not null,
  detail text,
  told_at timestamptz,
  cleared_at timestamptz,
  claimed_until timestamptz,
  constraint alerts_kind_check check (kind in ('paused', 'restricted', 'media', 'clock', 'database'))
);
comment on table public.alerts is
  'The problems that are there now, or whose end is not reported yet: sending is paused (not by staff), WhatsApp restricts the number, files failed for good, the clock stopped, the database is nearly full.';
comment on column public.alerts.detail is 'A code that says which of its kind; how full the database is, in percent.';
comment on column public.alerts.told_at is 'When it was reported to ALERT_WEBHOOK_URL.';
comment on column public.alerts.cleared_at is 'When it was found to be over; the row is deleted once that is reported.';
comment on column public.alerts.claimed_until is 'Until then one function is reporting it.';

alter table public.alerts enable row level security;
revoke all on table public.alerts from public, anon, authenticated, service_role;
grant select, insert, update, delete on table public.alerts to service_role;
