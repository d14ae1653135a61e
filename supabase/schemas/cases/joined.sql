create or replace function private.joined(p_parts text[]) returns text
language plpgsql immutable set search_path = '' as $$
declare
  n integer := cardinality(p_parts);
begin
  return case when n > 1 then array_to_string(p_parts[:n - 1], ', ') || ' e ' || p_parts[n] else p_parts[1] end;
end
$$;
comment on function private.joined is
  'An Italian enumeration: "a, b e c".';
revoke execute on function private.joined from public;
