create or replace function private.all_null(p_table regclass, p_but text[]) returns text
language plpgsql stable set search_path = '' as $$
begin
  return (
    select string_agg(format('%I = null', a.attname), ', ') from pg_catalog.pg_attribute a
     where a.attrelid = p_table and a.attnum > 0 and not a.attisdropped and not a.attnotnull and a.attname <> all (p_but));
end
$$;
comment on function private.all_null is
  'For `update … set`: every column of a table that may be null, but some. The previous system''s tables have columns of their own, which hold numbers and names as well.';
revoke execute on function private.all_null from public;
