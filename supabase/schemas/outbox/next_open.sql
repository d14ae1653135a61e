create or replace function private.next_open(p_at timestamptz, p_terms jsonb) returns timestamptz
language plpgsql stable set search_path = '' as $$
declare
  v_today constant date := p_at at time zone 'Europe/Rome';
  v_open timestamptz;
begin
  for v_days in 0..400 loop
    select greatest(h.opens, p_at) into v_open
      from private.open_hours(v_today + v_days, p_terms) h where h.closes > p_at order by h.opens limit 1;
    if found then
      return v_open;
    end if;
  end loop;
  return null;
end
$$;
comment on function private.next_open is
  'When an automatic message may start that could from p_at on: p_at itself within the hours of p_terms, else their next beginning. Null if there is none within 400 days.';
revoke execute on function private.next_open from public;
