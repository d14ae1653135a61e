create or replace function private.sent_words(f private.case_facts) returns text
language plpgsql stable set search_path = '' as $$
begin
  return private.joined(array(
    select private.month_words(array_agg(distinct extract(month from d.day)::integer order by extract(month from d.day)::integer), false)
             || ' ' || extract(year from d.day)
      from unnest(f.supplies) s
      cross join lateral generate_series(lower(s.period), upper(s.period) - 1, interval '1 day') d (day)
     -- A few days of a month do not make it one that has come.
     where s.period is not null
       and (date_part('day', d.day) = 15 or upper(s.period) - lower(s.period) < 25)
     group by extract(year from d.day) order by extract(year from d.day)));
end
$$;
comment on function private.sent_words is
  'The months of whatever year of which bills have come: "ottobre 2026"; null if none has.';
revoke execute on function private.sent_words from public;
