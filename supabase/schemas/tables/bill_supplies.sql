create table public.bill_supplies (
  id bigint generated always as identity primary key,
  bill_id bigint not null,
  pod text,
  period_from date,
  period_to date,
  kwh numeric,
  kwh_f1 numeric,
  kwh_f2 numeric,
  kwh_f3 numeric,
  measured boolean,
  annual_kwh numeric,
  annual_from date,
  annual_to date,
  power_kw numeric,
  voltage text,
  use text,
  supplier text,
  holder text,
  holder_hash text,
  address text,
  issued_on date,
  invoice_number text,
  replaces_from date,
  replaces_to date,
  months jsonb not null default '[]',
  evidence jsonb not null default '{}',
  constraint bill_supplies_pod_check check (pod ~ '^IT[0-9]{3}E[0-9]{8}$'),
  constraint bill_supplies_voltage_check check (voltage in ('BT', 'MT')),
  constraint bill_supplies_use_check check (use in ('domestic', 'other')),
  constraint bill_supplies_months_check check (jsonb_typeof(months) = 'array'),
  constraint bill_supplies_evidence_check check (jsonb_typeof(evidence) = 'object')
);
comment on table public.bill_supplies is
  'One row for each electricity supply of an electricity or dual bill: what the bill says of it.';
comment on column public.bill_supplies.pod is 'Point of delivery: 14 characters, upper case.';
comment on column public.bill_supplies.kwh is
  'Billed for exactly the period: not the difference of a correction, not other months that are billed anew, not losses.';
comment on column public.bill_supplies.kwh_f1 is 'As printed, as f2 and f3; null if F23 or F0 is.';
comment on column public.bill_supplies.measured is 'True only if nothing of it is estimated; null if it is not said.';
comment on column public.bill_supplies.annual_kwh is 'Of twelve months, annual_from to annual_to if those are printed.';
comment on column public.bill_supplies.power_kw is 'Potenza impegnata.';
comment on column public.bill_supplies.supplier is 'In short: Enel Energia, A2A Energia.';
comment on column public.bill_supplies.holder_hash is 'private.keyed_hash of the holder''s tax code or VAT number, which is kept nowhere.';
comment on column public.bill_supplies.address is 'Of the supply, not of the post.';
comment on column public.bill_supplies.replaces_from is 'With replaces_to: the period that is billed anew.';
comment on column public.bill_supplies.months is 'A printed table of months: [{ month: "2025-03", kwh }].';
comment on column public.bill_supplies.evidence is
  'By column: { value, unit, page, quote, rule, sure, box }. Of a page of the bill that came as a file of its own also message_id, that file''s; of a correction by, at. The quotes go with the file.';

alter table public.bill_supplies add constraint bill_supplies_bill_id_fkey
  foreign key (bill_id) references public.bills (id) on delete cascade;

create index bill_supplies_bill_id_idx on public.bill_supplies (bill_id, id);
create index bill_supplies_pod_idx on public.bill_supplies (pod) where pod is not null;

create constraint trigger bill_supplies_case after insert or update or delete on public.bill_supplies
  deferrable initially deferred for each row execute function private.case_changed();

alter table public.bill_supplies enable row level security;
revoke all on table public.bill_supplies from public, anon, authenticated, service_role;
grant select, insert, update, delete on table public.bill_supplies to service_role;
revoke all on sequence public.bill_supplies_id_seq from public, anon, authenticated, service_role;
