create or replace function private.all_words(p_table regclass) returns text
language plpgsql stable set search_path = '' as $$
begin
  return (
    select format('concat_ws(''"'', %s)', string_agg(format('t.%I', a.attname), ', ' order by a.attnum))
      from pg_catalog.pg_attribute a
      join pg_catalog.pg_type y on y.oid = a.atttypid
      left join pg_catalog.pg_type x on x.oid = y.typelem and y.typcategory = 'A'
     where a.attrelid = p_table and a.attnum > 0 and not a.attisdropped
       and (y.typcategory = 'S' or x.typcategory = 'S' or y.typname in ('json', 'jsonb')));
end
$$;
comment on function private.all_words is
  'An expression for all that a row (t) of a table says, whatever columns the table has: texts and documents, each string between quotation marks.';
revoke execute on function private.all_words from public;
