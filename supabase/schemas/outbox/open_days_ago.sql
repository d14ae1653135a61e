create or replace function private.open_days_ago(p_days integer, p_at timestamptz) returns timestamptz
language plpgsql stable set search_path = '' as $$
declare
  v_terms jsonb := (select terms from private.terms);
  v_day date := (p_at at time zone 'Europe/Rome')::date;
  v_open integer := 0;
begin
  -- Hours that never open would never count so many days.
  while v_open < p_days and v_day > p_at::date - 60 loop
    v_day := v_day - 1;
    if exists (select from private.open_hours(v_day, v_terms)) then
      v_open := v_open + 1;
    end if;
  end loop;
  return v_day::timestamp at time zone 'Europe/Rome';
end
$$;
comment on function private.open_days_ago is
  'The beginning of the day so many open days ago (in Europe/Rome).';
revoke execute on function private.open_days_ago from public;
