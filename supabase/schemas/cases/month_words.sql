create or replace function private.month_words(p_months integer[], p_long boolean) returns text
language plpgsql immutable set search_path = '' as $$
declare
  v_names constant text[] := array['gennaio', 'febbraio', 'marzo', 'aprile', 'maggio', 'giugno', 'luglio', 'agosto', 'settembre', 'ottobre',
    'novembre', 'dicembre'];
  v_parts text[];
begin
  select array_agg(part order by first, part_first) into v_parts from (
    select r.first, n.part_first, n.part
      from (select min(m) as first, max(m) as last from (
              select m, m - row_number() over (order by m) as run from unnest(p_months) m) runs group by run) r
      cross join lateral (
        -- What has come is said in short; what is missing is named, unless it is most of a year.
        select r.first as part_first, v_names[r.first] || '–' || v_names[r.last] as part where not p_long and r.last - r.first >= 2
        union all select r.first, 'da ' || v_names[r.first] || ' a ' || v_names[r.last] where p_long and r.last - r.first >= 5
        union all select i, v_names[i] from generate_series(r.first, r.last) i
          where r.last - r.first < case when p_long then 5 else 2 end) n) parts;
  return private.joined(v_parts);
end
$$;
comment on function private.month_words is
  'Months in Italian: "gennaio–agosto e ottobre", or (p_long) "settembre, ottobre, novembre e dicembre", "gennaio e da giugno a dicembre".';
revoke execute on function private.month_words from public;
