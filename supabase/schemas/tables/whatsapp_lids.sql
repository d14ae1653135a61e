create table public.whatsapp_lids (
  lid text primary key,
  phone_number text,
  attempts integer not null default 0,
  ask_again_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint whatsapp_lids_lid_check check (lid ~ '^[0-9]+@lid$'),
  constraint whatsapp_lids_phone_number_check check (phone_number ~ '^\+[1-9][0-9]{5,14}$')
);
comment on table public.whatsapp_lids is
  'The telephone number of a LID, once known. conversation_numbers says which customer it belongs to.';
comment on column public.whatsapp_lids.ask_again_at is 'When Wasender may next be asked for the number.';

create index whatsapp_lids_unresolved_idx on public.whatsapp_lids (ask_again_at) where phone_number is null;
create index whatsapp_lids_new_idx on public.whatsapp_lids (lid) where phone_number is null and attempts < 2;
create index whatsapp_lids_phone_number_idx on public.whatsapp_lids (phone_number) where phone_number is not null;

create trigger whatsapp_lids_noted after insert or update or delete on public.whatsapp_lids
  for each row execute function private.note_change();

alter table public.whatsapp_lids enable row level security;
revoke all on table public.whatsapp_lids from public, anon, authenticated, service_role;
grant select, insert, update, delete on table public.whatsapp_lids to service_role;
