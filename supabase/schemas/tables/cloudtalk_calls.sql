create table public.cloudtalk_calls (
  id bigserial primary key,
  webhook_request_id bigint,
  conversation_id bigint,
  call_uuid text,
  call_id text,
  cdr_id text,
  duplicate_of bigint,
  event_type text,
  phone_number text,
  phone_number_raw text,
  phone_number_from text,
  status text,
  duration integer,
  talking_time integer,
  direction text,
  agent_id text,
  agent_name text,
  customer_name text,
  contact_id text,
  contact_name text,
  company_name text,
  recording_url text,
  transcript text,
  call_start_time timestamptz,
  call_end_time timestamptz,
  call_result text,
  call_outcome text,
  ateco_code text,
  ateco_eligible boolean,
  interest_confirmed boolean,
  annual_consumption_kwh integer,
  electricity_bill_received boolean not null default false,
  electricity_bill_received_at timestamptz,
  should_send boolean,
  should_send_reason text not null,
  stated_should_send boolean,
  stated_bill_received boolean,
  talked boolean,
  reason text,
  raw_data jsonb,
  erased_hash text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint cloudtalk_calls_phone_number_check check (phone_number ~ '^\+[1-9][0-9]{5,14}$'),
  constraint cloudtalk_calls_ask_needs_number_check
    check (should_send_reason = 'legacy' or (should_send is not null and (not should_send or phone_number is not null))),
  constraint cloudtalk_calls_duplicate_check check (duplicate_of <> id)
);
comment on table public.cloudtalk_calls is 'One row per call of CloudTalk or of the voice agent.';
comment on column public.cloudtalk_calls.conversation_id is 'The customer; null if there is no number, or if the customer was erased.';
comment on column public.cloudtalk_calls.call_id is 'The id that webhooks give, of CloudTalk or of the voice agent.';
comment on column public.cloudtalk_calls.cdr_id is 'The id in CloudTalk''s call history; null until the call was seen there.';
comment on column public.cloudtalk_calls.duplicate_of is 'The first row of the same call, in data taken over from the previous system.';
comment on column public.cloudtalk_calls.phone_number is 'The number that was dialled or that called, E.164; null if it was withheld or not understood.';
comment on column public.cloudtalk_calls.phone_number_raw is 'The number as it came.';
comment on column public.cloudtalk_calls.phone_number_from is 'The company''s number, as it came.';
comment on column public.cloudtalk_calls.duration is 'Seconds, all of the call.';
comment on column public.cloudtalk_calls.talking_time is 'Seconds of conversation.';
comment on column public.cloudtalk_calls.electricity_bill_received is
  'The customer has answered (any reply) since this call. That a bill came is conversations.bill_at.';
comment on column public.cloudtalk_calls.electricity_bill_received_at is 'When the first reply was received.';
comment on column public.cloudtalk_calls.should_send is 'Whether this call gets an ask: private.ask_reason decides.';
comment on column public.cloudtalk_calls.should_send_reason is
  'Why, as a code of private.ask_reason; legacy: decided by the previous system; erased: the customer was erased.';
comment on column public.cloudtalk_calls.stated_should_send is 'should_send as the payload stated it; null if it did not.';
comment on column public.cloudtalk_calls.stated_bill_received is 'electricity_bill_received as the payload stated it; null if it did not.';
comment on column public.cloudtalk_calls.talked is 'Whether the payload shows that people talked; null if it does not say.';
comment on column public.cloudtalk_calls.reason is 'The reason that the payload gave in its own words.';

-- A stored webhook may be purged without taking the call with it.
alter table public.cloudtalk_calls add constraint cloudtalk_calls_webhook_request_id_fkey
  foreign key (webhook_request_id) references public.webhook_requests (id) on delete set null;
alter table public.cloudtalk_calls add constraint cloudtalk_calls_conversation_id_fkey
  foreign key (conversation_id) references public.conversations (id) on delete set null;
alter table public.cloudtalk_calls add constraint cloudtalk_calls_duplicate_of_fkey
  foreign key (duplicate_of) references public.cloudtalk_calls (id) on delete set null;

comment on column public.cloudtalk_calls.erased_hash is
  'Of an erased customer''s call: private.keyed_hash of the number, for the two days in which CloudTalk''s history may report the call again.';

create unique index cloudtalk_calls_call_uuid_key on public.cloudtalk_calls (call_uuid) where duplicate_of is null;
create unique index cloudtalk_calls_call_id_key on public.cloudtalk_calls (call_id) where duplicate_of is null;
create unique index cloudtalk_calls_cdr_id_key on public.cloudtalk_calls (cdr_id) where duplicate_of is null;
-- The expression of private.call_code.
create index cloudtalk_calls_code_idx on public.cloudtalk_calls (
  lower(left(regexp_replace(
    coalesce(call_uuid, case when call_id !~ '^[0-9]+$' then call_id end), '[^0-9A-Za-z]', '', 'g'), 8))) where duplicate_of is null;
create index cloudtalk_calls_phone_number_idx on public.cloudtalk_calls (phone_number, id desc);
create index cloudtalk_calls_conversation_id_idx on public.cloudtalk_calls (conversation_id, id desc);
create index cloudtalk_calls_webhook_request_id_idx on public.cloudtalk_calls (webhook_request_id);
create index cloudtalk_calls_duplicate_of_idx on public.cloudtalk_calls (duplicate_of) where duplicate_of is not null;
create index cloudtalk_calls_erased_idx on public.cloudtalk_calls (erased_hash) where erased_hash is not null;
create index cloudtalk_calls_nobodys_idx
  on public.cloudtalk_calls (id) where conversation_id is null;
create index cloudtalk_calls_raw_data_idx on public.cloudtalk_calls (created_at) where raw_data is not null;

create trigger cloudtalk_calls_customer before insert on public.cloudtalk_calls
  for each row when (new.conversation_id is null and new.phone_number is not null)
  execute function private.fill_customer('call');
create constraint trigger cloudtalk_calls_conversation_inserted
  after insert on public.cloudtalk_calls
  deferrable initially deferred for each row
  when (new.conversation_id is not null) execute function private.customer_changed();
create constraint trigger cloudtalk_calls_conversation_updated
  after update on public.cloudtalk_calls
  deferrable initially deferred for each row
  when (new.conversation_id is not null and
    (old.conversation_id, old.electricity_bill_received, old.contact_name, old.customer_name, old.company_name)
    is distinct from
    (new.conversation_id, new.electricity_bill_received, new.contact_name, new.customer_name, new.company_name))
  execute function private.customer_changed();

alter table public.cloudtalk_calls enable row level security;
revoke all on table public.cloudtalk_calls from public, anon, authenticated, service_role;
grant select, insert, update, delete on table public.cloudtalk_calls to service_role;
revoke all on sequence public.cloudtalk_calls_id_seq from public, anon, authenticated, service_role;
grant usage on sequence public.cloudtalk_calls_id_seq to service_role;
