create or replace function private.easter(p_year integer) returns date
language plpgsql immutable set search_path = '' as $$
declare
  v_century constant integer := p_year / 100;
  -- How far the moon is in its 19 years' cycle, and the days from 21 March to the full moon.
  v_golden constant integer := p_year % 19;
  v_epact constant integer :=
    (v_century - v_century / 4 - (v_century - (v_century - 17) / 25) / 3 + 19 * v_golden + 15) % 30;
  v_moon constant integer := v_epact - (v_epact + v_golden / 11) / 29;
  v_weekday constant integer := (p_year + p_year / 4 + v_moon + 2 - v_century + v_century / 4) % 7;
begin
  return make_date(p_year, 3, 28) + v_moon - v_weekday;
end
$$;
comment on function private.easter is
  'Easter Sunday of a year of the Gregorian calendar (Oudin''s method).';
revoke execute on function private.easter from public;
