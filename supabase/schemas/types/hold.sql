create type private.hold as (
  reason text,
  until timestamptz,
  final boolean
);
comment on type private.hold is
  'Why a message waits: a reason and until when (null if a person must act); or, final, why it must not go at all.';
