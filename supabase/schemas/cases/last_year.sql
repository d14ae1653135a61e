create or replace function private.last_year(p_at timestamptz) returns integer
language plpgsql stable set search_path = '' as $$
begin
  return extract(year from p_at at time zone 'Europe/Rome')::integer - 1;
end
$$;
comment on function private.last_year is
  'The last calendar year that is complete at that time, in Europe/Rome.';
revoke execute on function private.last_year from public;
