create or replace function private.optional_report(p_sql text) returns jsonb
language plpgsql stable set search_path = '' as $$
declare
  v_result jsonb;
begin
  -- Of things that only a Supabase project has, or that its roles may not see.
  execute p_sql into v_result;
  return v_result;
exception when others then
  return null;
end
$$;
revoke execute on function private.optional_report from public;
