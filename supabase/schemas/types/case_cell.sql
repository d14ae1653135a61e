create type private.case_cell as (
  pod text,
  pod_counts boolean,
  supply daterange,
  month integer,
  due daterange,
  state text,
  kwh numeric,
  bills bigint[]
);
comment on type private.case_cell is
  'A month of a POD in a case. supply: when the POD was supplied; due: the days of it in this month; state: covered, unconfirmed, known, missing or not_due.';
