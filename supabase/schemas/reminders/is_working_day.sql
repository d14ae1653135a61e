create or replace function private.is_working_day(p_day date) returns boolean
language plpgsql immutable set search_path = '' as $$
begin
  return extract(isodow from p_day) <= 5 and not private.is_holiday(p_day);
end
$$;
comment on function private.is_working_day is
  'Monday to Friday, and no holiday.';
revoke execute on function private.is_working_day from public;
