create or replace function private.case_pods(f private.case_facts) returns private.case_pod[]
language plpgsql stable set search_path = '' set plan_cache_mode = force_generic_plan as $$
begin
  return array(
    with pods as (
      select distinct m.pod, m.supply, daterange(make_date(f.year, 1, 1), make_date(f.year, 12, 31), '[]') as year
        from unnest(f.months) m),
    bills as (
      select p.pod, s, s.message_id, s.supply_id, s.period, s.kwh, s.kwh_counts, not s.period <@ p.year as crosses
        from pods p join unnest(f.supplies) s on s.pod = p.pod and s.counts and not s.replaced and s.period && p.year),
    sums as (
      select p.pod, p.supply, p.year * p.supply as due,
             array(select b.s from bills b where b.pod = p.pod and b.kwh_counts order by b.period, b.message_id) as parts,
             (select sum(b.kwh) from bills b where b.pod = p.pod and b.kwh_counts) as kwh,
             (select range_agg(b.period) from bills b where b.pod = p.pod and b.kwh_counts) as billed,
             array(select distinct a.period * b.period from bills a join bills b
                     on a.pod = b.pod and a.supply_id < b.supply_id and a.period && b.period
                    where a.pod = p.pod order by 1) as overlapping,
             array(select b.s from bills b where b.pod = p.pod and b.crosses order by b.period, b.message_id) as crossing
        from pods p),
    with_gaps as (
      select s.*, array(
        select g from unnest(datemultirange(s.due) - coalesce(s.billed, '{}')) g order by g) as gaps
        from sums s)
    select row(
      g.pod, g.supply, g.due, g.parts,
      case when not isempty(g.due) and g.gaps = '{}' and g.overlapping = '{}' and g.crossing = '{}' then g.kwh end,
      g.overlapping, g.gaps, g.crossing)::private.case_pod
    from with_gaps g order by g.pod);
end
$$;
comment on function private.case_pods is
  'What each POD of a case consumed in the year. Nothing is divided or extrapolated: a sum only if bills whose kWh count cover the year, or the days of the supply, without gap and overlap.';
revoke execute on function private.case_pods from public;
