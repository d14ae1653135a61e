create table public.whatsapp_sender (
  id boolean primary key default true,
  next_send_at timestamptz not null default now(),
  slot_token uuid,
  paused_at timestamptz,
  paused_reason text,
  paused_code text,
  paused_message text,
  paused_fingerprint text,
  probe_at timestamptz,
  probes integer not null default 0,
  restricted_at timestamptz,
  restricted_until timestamptz,
  trial_at timestamptz,
  trial_message_id bigint,
  trial_conversation_id bigint,
  trials integer not null default 0,
  guarded_from timestamptz not null default now(),
  resumed_at timestamptz,
  session_status text,
  session_at timestamptz,
  log_due_at timestamptz not null default now(),
  log_ok_at timestamptz,
  log_error text,
  rang_at timestamptz,
  heard_at timestamptz,
  sweep_at timestamptz,
  reconcile_due_at timestamptz,
  reconcile_started_at timestamptz,
  reconciled_at timestamptz,
  reconcile_error text,
  constraint whatsapp_sender_id_check check (id),
  constraint whatsapp_sender_paused_check check ((paused_at is null) = (paused_reason is null)),
  constraint whatsapp_sender_paused_reason_check check (paused_reason in ('configuration', 'session', 'staff')),
  constraint whatsapp_sender_paused_code_check check (
    paused_code in ('session_down', 'key_refused', 'subscription', 'wrong_address', 'staff')),
  constraint whatsapp_sender_log_error_check check (
    log_error in ('no_answer', 'server_error', 'key_refused', 'unreadable', 'unreachable'))
);
comment on table public.whatsapp_sender is
  'One row: when the next send may start, why sending is paused, the last known state of the WhatsApp session, and when other background work is due.';
comment on column public.whatsapp_sender.slot_token is 'The claim that took the last slot, until its real start is known.';
comment on column public.whatsapp_sender.paused_reason is
  'configuration: Wasender refuses our key or subscription; session: WhatsApp is not connected; staff: a colleague paused it.';
comment on column public.whatsapp_sender.paused_code is 'What it was exactly; lib/error-code.ts.';
comment on column public.whatsapp_sender.paused_message is 'Wasender''s own words, the session''s state, or who paused it.';
comment on column public.whatsapp_sender.paused_fingerprint is
  'The deployment and key that were refused; another one is probed at once.';
comment on column public.whatsapp_sender.probe_at is 'When a paused sender may next ask Wasender whether it works again.';
comment on column public.whatsapp_sender.probes is 'How often it asked in vain in this configuration pause, or resumed and was refused again: the next time comes later and later.';
comment on column public.whatsapp_sender.restricted_at is
  'Since when first contacts are held, beside any pause: WhatsApp restricts the number, or it looks so.';
comment on column public.whatsapp_sender.restricted_until is 'Then one of them is tried.';
comment on column public.whatsapp_sender.trial_at is 'When the last one was tried.';
comment on column public.whatsapp_sender.trials is 'How many were tried since restricted_until: two at most.';
comment on column public.whatsapp_sender.guarded_from is 'First contacts of before are no evidence any more: staff resumed, or a trial arrived.';
comment on column public.whatsapp_sender.resumed_at is 'When staff ended a restriction; null once a first contact has arrived since. Until then one error is enough.';
comment on column public.whatsapp_sender.log_due_at is 'When Wasender''s message log may next be read.';
comment on column public.whatsapp_sender.log_ok_at is 'When it was last read.';
comment on column public.whatsapp_sender.log_error is 'Why the last reading failed; null if it did not.';
comment on column public.whatsapp_sender.rang_at is 'When the clock last rang POST /api/outbox.';
comment on column public.whatsapp_sender.heard_at is
  'When POST /api/outbox was last rung with the right secret, by any clock.';
comment on column public.whatsapp_sender.sweep_at is
  'When what is old is next looked for and removed: see claim_sweep.';
comment on column public.whatsapp_sender.reconcile_due_at is
  'When CloudTalk''s call history is next to be read, or, if that is not set up, when to look again whether it is.';
comment on column public.whatsapp_sender.reconcile_started_at is 'When its last reading started.';
comment on column public.whatsapp_sender.reconciled_at is 'When it was last read to the end.';
comment on column public.whatsapp_sender.reconcile_error is 'Why the last reading failed; null if it did not.';

alter table public.whatsapp_sender enable row level security;
revoke all on table public.whatsapp_sender from public, anon, authenticated, service_role;
grant select, insert, update, delete on table public.whatsapp_sender to service_role;

-- The first ring finds out whether CloudTalk's history and retention are set up.
insert into public.whatsapp_sender (reconcile_due_at, sweep_at) values (now(), now());
