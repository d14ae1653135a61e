create or replace function private.waited_too_long(m public.whatsapp_messages, p_at timestamptz, p_terms jsonb) returns boolean
language plpgsql stable set search_path = '' as $$
declare
  v_since timestamptz := coalesce(m.queued_at, m.created_at);
  v_day date := (v_since at time zone 'Europe/Rome')::date;
  v_open integer := 0;
begin
  -- Five open days cannot pass in fewer than five.
  while v_since < p_at - interval '5 days' and v_day <= (p_at at time zone 'Europe/Rome')::date and v_open < 5 loop
    if exists (select from private.open_hours(v_day, p_terms) where opens >= v_since and closes <= p_at) then
      v_open := v_open + 1;
    end if;
    v_day := v_day + 1;
  end loop;
  return v_open >= 5;
end
$$;
comment on function private.waited_too_long is
  'Whether an automatic message could not go within five whole open days since it waits.';
revoke execute on function private.waited_too_long from public;
