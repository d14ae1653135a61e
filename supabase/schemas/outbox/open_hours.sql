create or replace function private.open_hours(p_date date, p_terms jsonb)
returns table (opens timestamptz, closes timestamptz)
language plpgsql stable set search_path = '' as $$
declare
  v_midnight constant timestamptz := p_date::timestamp at time zone 'Europe/Rome';
  v_next constant timestamptz := (p_date + 1)::timestamp at time zone 'Europe/Rome';
  v_hours jsonb := p_terms -> 'hours';
  -- The weekday whose hours this day has.
  v_day integer := extract(isodow from p_date);
  v_change timestamptz := 'infinity';
begin
  if coalesce(jsonb_typeof(v_hours), 'null') = 'null' then
    return query select v_midnight, v_next;
    return;
  end if;
  if not v_hours @> jsonb_build_array(jsonb_build_object('day', v_day)) or private.is_holiday(p_date)
    or p_terms -> 'closed' ? to_char(p_date, 'YYYY-MM-DD') then
    return;
  end if;
  if private.is_holiday(p_date + 1) and v_hours @> '[{"day": 6}]' then
    v_day := 6;
  end if;
  -- Clocks change at 01:00 UTC. Before it the day counts from its midnight, after it backwards from the next one: so an hour
  -- that the clock skips is not there, and one that it repeats is there twice.
  if v_next - v_midnight <> interval '24 hours' then
    v_change := (p_date + interval '1 hour') at time zone 'UTC';
  end if;
  return query
  with ranges as (
    select make_interval(mins => (r ->> 'from')::integer) as since, make_interval(mins => (r ->> 'to')::integer) as until
      from jsonb_array_elements(v_hours) r where (r ->> 'day')::integer = v_day
  ), parts as (
    select v_midnight + since as since, least(v_midnight + until, v_change) as until from ranges
    union all
    select greatest(v_next - interval '24 hours' + since, v_change), v_next - interval '24 hours' + until
      from ranges where v_change < 'infinity'
  )
  select p.since, p.until from parts p where p.since < p.until order by 1;
end
$$;
comment on function private.open_hours is
  'When automatic messages may start on a day (in Europe/Rome): from opens until before closes, in order. Italian holidays and p_terms'' closed days have no hours, an open day before a holiday has Saturday''s if Saturday has any. All day if p_terms'' hours are null. Two openings may overlap or meet.';
revoke execute on function private.open_hours from public;
