create or replace function private.is_holiday(p_date date) returns boolean
language plpgsql immutable set search_path = '' as $$
declare
  v_year constant integer := extract(year from p_date);
begin
  return extract(month from p_date) * 100 + extract(day from p_date)
      in (101, 106, 425, 501, 602, 815, 1101, 1208, 1225, 1226)
    -- San Francesco, by the law of 2025.
    or (v_year >= 2026 and p_date = make_date(v_year, 10, 4))
    or p_date - private.easter(v_year) in (0, 1);
end
$$;
comment on function private.is_holiday is
  'Whether a day is a holiday in all of Italy. Sundays are not meant, nor are the days of towns'' patrons.';
revoke execute on function private.is_holiday from public;
