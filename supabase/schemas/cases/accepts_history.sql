create or replace function private.accepts_history() returns boolean
language plpgsql stable set search_path = '' as $$
begin
  return coalesce((select (terms #>> '{case,accepts_history}')::boolean from private.terms), false);
end
$$;
comment on function private.accepts_history is
  'Whether a printed table of months is taken for the bills of those months (CASE_ACCEPTS_HISTORY).';
revoke execute on function private.accepts_history from public;
