create or replace function private.case_months(p_conversation_id bigint, p_year integer, p_supplies private.case_bill[])
returns private.case_cell[]
language plpgsql stable set search_path = '' as $$
declare
  v_history boolean := private.accepts_history();
  v_today date := (clock_timestamp() at time zone 'Europe/Rome')::date;
begin
  return array(
    with supply as (select * from unnest(p_supplies)),
    pods as (
      select pod, bool_or(counts) as counts
        from (select s.pod, s.pod_counts as counts from supply s where s.pod is not null
              union all select a.pod, true from public.case_pods a where a.conversation_id = p_conversation_id and a.change = 'added') p
       group by pod),
    due as (
      select p.pod, p.counts, d.supply, n.month, n.span, n.span * d.supply as days
        from pods p
        left join public.case_pods c on c.conversation_id = p_conversation_id and c.pod = p.pod
        cross join lateral (select daterange(c.supply_from, c.supply_to, '[]') as supply) d
        cross join lateral (
          select i as month, daterange(make_date(p_year, i, 1), (make_date(p_year, i, 1) + interval '1 month')::date) as span
            from generate_series(1, 12) i) n),
    -- A printed table of months: the newest that has a month.
    history as (
      select distinct on (s.pod, h.month) s.pod, h.month, (h.value ->> 'kwh')::numeric as kwh, s.months_count as counts, s.message_id
        from supply s cross join lateral (
          select substr(e.value ->> 'month', 6, 2)::integer as month, e.value from jsonb_array_elements(s.months) e
           where e.value ->> 'month' ~ '^\d{4}-(0[1-9]|1[0-2])$' and left(e.value ->> 'month', 4)::integer = p_year
             and jsonb_typeof(e.value -> 'kwh') = 'number') h
       where s.pod is not null
       order by s.pod, h.month, s.months_count desc, s.issued_on desc nulls last, (h.value ->> 'kwh')::numeric, s.message_id),
    seen as (
      select d.pod, d.counts, d.supply, d.month, d.span, d.days, upper(d.span) > v_today as running,
             case when d.days = d.span then 25 else upper(d.days) - lower(d.days) end as wanted,
             range_agg(s.spans) filter (where s.counts) as counted, range_agg(s.spans) as sent,
             array_agg(distinct s.message_id) filter (where s.pod is not null or not s.counts) as bills,
             array_agg(s.kwh) filter (where s.counts and s.kwh_counts and not s.replaced and s.period in (d.span, d.days)) as kwh
        from due d left join supply s
          -- A bill without a POD is of one of them: none of its months is asked for.
          on (s.pod = d.pod or s.pod is null) and s.spans && d.days
       group by d.pod, d.counts, d.supply, d.month, d.span, d.days),
    stated as (
      select e.*, case
        when isempty(e.days) or e.running then 'not_due'
        when private.days_of(e.counted * datemultirange(e.days)) >= e.wanted then 'covered'
        when h.counts and v_history then 'covered'
        when private.days_of(e.sent * datemultirange(e.days)) >= e.wanted then 'unconfirmed'
        when h.counts then 'known'
        when v_history and h.pod is not null then 'unconfirmed'
        else 'missing' end as state,
        h.pod is not null as has_history, h.kwh as history_kwh, h.counts as history_counts, h.message_id as history_id
        from seen e left join history h on h.pod = e.pod and h.month = e.month)
    select row(
      t.pod, t.counts, t.supply, t.month, t.days, t.state,
      case when cardinality(t.kwh) = 1 then t.kwh[1] when t.kwh is null and t.history_counts then t.history_kwh end,
      coalesce(t.bills, case when t.history_id is not null then array[t.history_id] end, '{}'))::private.case_cell
    from stated t order by t.pod, t.month);
end
$$;
comment on function private.case_months is
  'The grid: for each POD of a case the twelve months of the year, and whether bills cover them. A month is covered by 25 of its days, or by all days of a supply that began or ended within it.';
revoke execute on function private.case_months from public;
