create table public.whatsapp_receipts (
  whatsapp_id text primary key,
  wasender_id text,
  status text not null,
  code text,
  error text,
  received_at timestamptz not null default now(),
  constraint whatsapp_receipts_status_check check (status in ('sent', 'delivered', 'read', 'failed'))
);
comment on table public.whatsapp_receipts is
  'States of messages whose WhatsApp id no message carries yet; applied when the two ids are joined.';
comment on column public.whatsapp_receipts.code is 'Of a failure, as in whatsapp_messages.error_code.';
comment on column public.whatsapp_receipts.error is 'The provider''s own words of a failure.';

create index whatsapp_receipts_wasender_id_idx on public.whatsapp_receipts (wasender_id);
create index whatsapp_receipts_received_at_idx on public.whatsapp_receipts (received_at);

alter table public.whatsapp_receipts enable row level security;
revoke all on table public.whatsapp_receipts from public, anon, authenticated, service_role;
grant select, insert, update, delete on table public.whatsapp_receipts to service_role;
