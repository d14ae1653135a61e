create or replace function private.refresh_old_cases(p_limit integer) returns integer
language plpgsql set search_path = '' as $$
declare
  v_history boolean := private.accepts_history();
begin
  return (
    select count(private.refresh_case(c.id)) from (
      select id from public.conversations
       where case_history <> v_history and merged_into is null and case_of is not null
       order by id desc limit p_limit) c);
end
$$;
comment on function private.refresh_old_cases is
  'Derives cases anew that were derived before CASE_ACCEPTS_HISTORY was changed, at most p_limit. Returns how many.';
revoke execute on function private.refresh_old_cases from public;
