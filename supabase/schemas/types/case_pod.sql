create type private.case_pod as (
  pod text,
  supply daterange,
  due daterange,
  parts private.case_bill[],
  kwh numeric,
  overlapping daterange[],
  gaps daterange[],
  crossing private.case_bill[]
);
comment on type private.case_pod is
  'A POD''s year. due: the days of the supply in it; parts: the bills whose kWh make it; kwh: their sum, if it is a number; else overlapping, gaps or crossing say why not.';
