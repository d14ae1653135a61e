create type private.case_bill as (
  message_id bigint,
  supply_id bigint,
  pod text,
  pod_counts boolean,
  period daterange,
  spans datemultirange,
  counts boolean,
  kwh numeric,
  kwh_counts boolean,
  replaces daterange,
  replaced boolean,
  months jsonb,
  months_count boolean,
  confirmed boolean,
  pending boolean,
  use text,
  holder text,
  holder_hash text,
  issued_on date,
  supplier text,
  invoice_number text
);
comment on type private.case_bill is
  'What a bill says of a supply, as a case counts it. pod: as staff merged it; spans: the period, and what the bill names to be billed anew; counts: POD and period are sure or confirmed; replaced: a later bill bills some of it anew; pending: a value of it does not count yet.';
