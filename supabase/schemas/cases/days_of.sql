create or replace function private.days_of(p_days datemultirange) returns integer
language plpgsql immutable set search_path = '' as $$
begin
  return coalesce((select sum(upper(r) - lower(r)) from unnest(p_days) r), 0);
end
$$;
comment on function private.days_of is
  'How many days there are in it; none in null.';
revoke execute on function private.days_of from public;
