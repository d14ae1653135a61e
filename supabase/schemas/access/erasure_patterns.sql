create or replace function private.erasure_patterns(e private.erasures) returns text[]
language plpgsql immutable set search_path = '' as $$
begin
  return array(
    -- A regular expression has its limits: a hundred marks in each.
    select string_agg(mark, '|') from (
      select mark, row_number() over () / 100 as part from (
        select private.number_pattern(a) from unnest(e.addresses) a where a like '+%'
        union all
        -- LIDs, and ids that are long enough to be nobody else's.
        select regexp_replace(split_part(i, '@', 1), '([^[:alnum:]])', '\\\1', 'g')
          from unnest(e.addresses || e.ids) i where i not like '+%' and length(i) >= 12) m (mark)) p
     group by part);
end
$$;
comment on function private.erasure_patterns is
  'Regular expressions for whatever leads to a customer: numbers in any spelling, LIDs, ids of messages.';
revoke execute on function private.erasure_patterns from public;
