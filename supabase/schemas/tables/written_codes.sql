create table private.written_codes (
  message_id bigint primary key,
  code text not null,
  conversation_id bigint,
  constraint written_codes_code_check check (code ~ '^[0-9a-z]{8}$')
);
comment on table private.written_codes is
  'Messages with the code of a call (private.call_code), and whose call it is.';
comment on column private.written_codes.conversation_id is
  'The call''s customer; null while the call has not come. If the message is another customer''s, staff decide whether the two are one.';

alter table private.written_codes add constraint written_codes_message_id_fkey
  foreign key (message_id) references public.whatsapp_messages (id) on delete cascade;
alter table private.written_codes add constraint written_codes_conversation_id_fkey
  foreign key (conversation_id) references public.conversations (id) on delete cascade;

create index written_codes_code_idx on private.written_codes (code) where conversation_id is null;
create index written_codes_conversation_id_idx on private.written_codes (conversation_id);

alter table private.written_codes enable row level security;
revoke all on table private.written_codes from public;
