create type private.case_facts as (
  year integer,
  supplies private.case_bill[],
  months private.case_cell[],
  files integer,
  file_waits boolean
);
comment on type private.case_facts is
  'All that a case is made of: what the bills say, the grid, how many files may be bills, and whether one of them waits.';
