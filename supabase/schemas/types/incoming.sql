create type private.incoming as (
  phone_number text,
  lid text,
  contact_name text,
  type text,
  text text,
  media jsonb,
  whatsapp_id text,
  quoted_whatsapp_id text,
  message_at timestamptz,
  id bigint,
  says_more boolean,
  repeats_media boolean,
  objection text,
  label jsonb,
  code text
);
comment on type private.incoming is
  'An event of a message from a customer (lib/wasender/event.ts), and what the database knows of it: the message''s id if it is stored, whether the event says more than is stored, whether its file came with an earlier webhook; and what its words mean for automatic messages if they are new: objects, staff, or nothing; and its label, { value, date } (lib/followup/label-answer.ts), if they are new; and the code of a call that they name, if they are new.';
