create or replace function private.case_months(p_conversation_id bigint, p_year integer, p_bills private.case_bill[])
returns private.case_cell[]
language plpgsql stable set search_path = '' set plan_cache_mode = force_generic_plan as $$
declare
  v_history boolean := private.accepts_history();
  v_today date := (clock_timestamp() at time zone 'Europe/Rome')::date;
begin
  return array(
    with pods as materialized (
      select p.pod, bool_or(p.counts) as counts, daterange(min(c.supply_from), min(c.supply_to), '[]') as supply
        from (select s.pod, s.pod_counts as counts from unnest(p_bills) s where s.pod is not null
              union all select a.pod, true from public.case_pods a where a.conversation_id = p_conversation_id and a.change = 'added') p
        left join public.case_pods c on c.conversation_id = p_conversation_id and c.pod = p.pod
       group by p.pod),
    -- A bill without a POD is of one of them: none of its months is asked for.
    bills as materialized (
      select p.pod, s.message_id, s.spans, s.period, s.counts and s.pod is not null as counts,
             case when s.counts and s.kwh_counts and not s.replaced then s.kwh end as kwh
        from pods p join unnest(p_bills) s on s.pod = p.pod or s.pod is null
       where s.spans && daterange(make_date(p_year, 1, 1), make_date(p_year, 12, 31), '[]')),
    billed as materialized (
      select b.pod, range_agg(b.spans) filter (where b.counts) as counted, range_agg(b.spans) as sent from bills b group by b.pod),
    -- A printed table of months: the newest that has a month.
    history as materialized (
      select distinct on (s.pod, h.month) s.pod, h.month, h.kwh, s.months_count as counts, s.message_id
        from unnest(p_bills) s cross join lateral (
          select substr(e.value ->> 'month', 6, 2)::integer as month, (e.value ->> 'kwh')::numeric as kwh
            from jsonb_array_elements(s.months) e
           where left(e.value ->> 'month', 5) = p_year || '-' and jsonb_typeof(e.value -> 'kwh') = 'number') h
       where s.pod is not null
       order by s.pod, h.month, s.months_count desc, s.issued_on desc nulls last, h.kwh, s.message_id),
    due as materialized (
      select p.*, i as month, n.span, n.span * p.supply as days
        from pods p cross join generate_series(1, 12) i cross join lateral (
          select daterange(make_date(p_year, i, 1), (make_date(p_year, i, 1) + interval '1 month')::date) as span) n),
    counted as (
      select d.*, case when d.days = d.span then 25 else upper(d.days) - lower(d.days) end as wanted,
             (select sum(upper(r) - lower(r)) from unnest(b.counted * datemultirange(d.days)) r) as covered,
             (select sum(upper(r) - lower(r)) from unnest(b.sent * datemultirange(d.days)) r) as sent,
             s.ids, s.kwh, h.pod is not null as has_history, h.kwh as history_kwh, h.counts as history_counts, h.message_id as history_id
        from due d
        left join billed b on b.pod = d.pod
        left join history h on h.pod = d.pod and h.month = d.month
        cross join lateral (
          select array_agg(distinct s.message_id) as ids, array_agg(s.kwh) filter (where s.kwh is not null and s.period in (d.span, d.days)) as kwh
            from bills s where s.pod = d.pod and s.spans && d.days) s)
    select row(
      t.pod, t.counts, t.supply, t.month, t.days,
      case
        when isempty(t.days) or upper(t.span) > v_today then 'not_due'
        when t.covered >= t.wanted or (t.history_counts and v_history) then 'covered'
        when t.sent >= t.wanted then 'unconfirmed'
        when t.history_counts then 'known'
        when t.has_history and v_history then 'unconfirmed'
        else 'missing' end,
      case when cardinality(t.kwh) = 1 then t.kwh[1] when t.kwh is null and t.history_counts then t.history_kwh end,
      coalesce(t.ids, case when t.has_history then array[t.history_id] end, '{}'))::private.case_cell
    from counted t order by t.pod, t.month);
end
$$;
comment on function private.case_months is
  'The grid: for each POD of a case the twelve months of the year, and whether bills cover them. A month is covered by 25 of its days, or by all days of a supply that began or ended within it.';
revoke execute on function private.case_months from public;
