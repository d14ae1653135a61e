create or replace function private.after_promise(p_day date) returns date
language plpgsql immutable set search_path = '' as $$
declare
  v_day date := p_day;
begin
  -- What was promised for a Saturday is awaited on Monday, and asked about on Tuesday.
  while not private.is_working_day(v_day) loop
    v_day := v_day + 1;
  end loop;
  loop
    v_day := v_day + 1;
    exit when private.is_working_day(v_day);
  end loop;
  return v_day;
end
$$;
comment on function private.after_promise is
  'The working day after the one on which a promise is kept: Monday to Friday, no holiday.';
revoke execute on function private.after_promise from public;
