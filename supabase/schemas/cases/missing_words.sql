create or replace function private.missing_words(f private.case_facts) returns text
language plpgsql stable set search_path = '' as $$
declare
  v_missing jsonb := private.missing(f);
  v_one boolean := (select count(distinct pod) = 1 from unnest(f.months));
  v_wanted text[];
begin
  if f.files = 0 then
    return 'mancano le bollette della luce del ' || f.year;
  elsif v_missing = '[]' then
    return null;
  end if;
  v_wanted := array(
    select case when v_one then '' else 'per ' || g.pods || ' ' end
        || case when jsonb_array_length(g.months) = 1 or g.whole then 'manca ' else 'mancano ' end
        || case when g.whole then 'tutto il ' || f.year
           else private.month_words(array(select value::integer from jsonb_array_elements_text(g.months)), true) end
      from (
        select x -> 'months' as months, jsonb_array_length(x -> 'months') = 12 as whole, min(x ->> 'pod') as first,
               private.pod_words(array_agg(x ->> 'pod' order by x ->> 'pod')) as pods
          from jsonb_array_elements(v_missing) x group by x -> 'months') g
     order by g.first);
  return array_to_string(v_wanted, '; ');
end
$$;
comment on function private.missing_words is
  'What is missing, as a part of a sentence: "mancano settembre e ottobre"; null if nothing is. Of a POD only the last four characters.';
revoke execute on function private.missing_words from public;
