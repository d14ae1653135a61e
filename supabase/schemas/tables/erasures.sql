create table private.erasures (
  id bigint generated always as identity primary key,
  phone_number text not null,
  addresses text[] not null,
  message_ids text[] not null default '{}',
  call_ids text[] not null default '{}',
  names text[] not null default '{}',
  paths text[] not null default '{}',
  counts jsonb not null default '{}',
  scanned jsonb not null default '{}',
  started_at timestamptz not null default now(),
  constraint erasures_phone_number_key unique (phone_number)
);
comment on table private.erasures is
  'Customers who are being erased, with what is looked for; the row goes when the last of their files is gone.';
comment on column private.erasures.addresses is 'The customer''s numbers and LIDs.';
comment on column private.erasures.message_ids is 'The ids at WhatsApp and Wasender of the customer''s messages.';
comment on column private.erasures.call_ids is 'The ids at CloudTalk and the voice agent of the customer''s calls.';
comment on column private.erasures.paths is 'The customer''s files in the bucket "bills".';
comment on column private.erasures.counts is 'How much was erased so far: { messages, conversations, calls, webhooks }.';
comment on column private.erasures.scanned is
  'By table: the rows up to this id were looked through, and mention the customer no more.';

alter table private.erasures enable row level security;
revoke all on table private.erasures from public;
