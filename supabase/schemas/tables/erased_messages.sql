create table private.erased_messages (
  message_id text primary key,
  erased_at timestamptz not null default now()
);
comment on table private.erased_messages is
  'The ids at WhatsApp and Wasender of messages that were erased: a late webhook, or Wasender''s log, must not bring them back. Nothing else of them is kept.';

alter table private.erased_messages enable row level security;
revoke all on table private.erased_messages from public;
