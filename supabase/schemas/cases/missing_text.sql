create or replace function private.missing_text(f private.case_facts) returns text
language plpgsql stable set search_path = '' as $$
declare
  v_missing jsonb := private.missing(f);
  v_come text[];
  v_sent text;
begin
  if v_missing = '[]' then
    return null;
  end if;
  -- PODs of which the same has come, or is missing, are named together.
  v_come := array(
    select case when g.whole then 'tutto il ' || f.year else private.month_words(g.months, false) || ' ' || f.year end || ' per ' || g.pods
      from (
        select p.months, p.whole, min(p.pod) as first, private.pod_words(array_agg(p.pod order by p.pod)) as pods
          from (select m.pod, array_agg(m.month order by m.month) filter (where m.state in ('covered', 'unconfirmed')) as months,
                       bool_and(m.state in ('covered', 'unconfirmed')) as whole
                  from unnest(f.months) m group by m.pod) p
         where p.months is not null group by p.months, p.whole) g
     order by g.first);
  if v_come = '{}' then
    v_sent := private.sent_words(f);
    return case
      when v_sent is not null then 'Abbiamo ricevuto ' || v_sent || '; servono quelle del ' || f.year || '.'
      else 'Per ' || (select private.pod_words(array_agg(distinct x ->> 'pod' order by x ->> 'pod')) from jsonb_array_elements(v_missing) x)
        || ' servono le bollette del ' || f.year || '.' end;
  end if;
  return 'Grazie, abbiamo ricevuto ' || private.joined(v_come) || '. '
    || (select upper(left(w, 1)) || substr(w, 2) from private.missing_words(f) w) || '.';
end
$$;
comment on function private.missing_text is
  'What has come and what is missing, in Italian, for the customer; null if nothing is missing. Of a POD only the last four characters. The only place that makes these words.';
revoke execute on function private.missing_text from public;
