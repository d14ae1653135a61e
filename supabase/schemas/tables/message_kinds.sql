create table private.message_kinds (
  kind text primary key,
  automatic boolean not null,
  hours boolean not null,
  guarded boolean not null
);
comment on table private.message_kinds is 'What applies to each kind of outgoing message: see private.hold.';
comment on column private.message_kinds.automatic is 'The program decides to send it: not to somebody who objected, and not while staff are to decide about that.';
comment on column private.message_kinds.hours is 'It goes within the sending hours only.';
comment on column private.message_kinds.guarded is 'Counts as a first contact if the number has never written to us.';

alter table private.message_kinds enable row level security;
revoke all on table private.message_kinds from public;

insert into private.message_kinds (kind, automatic, hours, guarded) values
  ('ask', true, true, true),
  ('reminder', true, true, true),
  ('reply', false, false, false),
  ('confirmation', false, false, false),
  ('manual', false, false, false);
