create or replace function private.call_distance(k public.cloudtalk_calls, n public.cloudtalk_calls) returns double precision
language plpgsql stable set search_path = '' as $$
declare
  v_at timestamptz := coalesce(k.call_end_time, k.call_start_time, k.created_at);
  v_time timestamptz := coalesce(n.call_end_time, n.call_start_time);
  v_seconds double precision;
begin
  if k.call_uuid = n.call_uuid then
    return 0;
  elsif k.call_uuid <> n.call_uuid then
    return null;
  elsif k.call_id = n.call_id or k.cdr_id = n.call_id then
    return 0;
  elsif k.phone_number is distinct from n.phone_number or k.phone_number is null then
    return null;
  end if;
  -- The history's ids are whole numbers. Another id (the voice agent's) does not contradict one of them, nor does any
  -- if both calls began at the same time.
  if n.cdr_id is null then
    if not (k.call_id is null or n.call_id is null or (k.call_id = k.cdr_id and n.call_id !~ '^[0-9]+$')) then
      return null;
    end if;
  elsif k.cdr_id is not null or (k.call_id ~ '^[0-9]+$'
    and coalesce(abs(extract(epoch from k.call_start_time - n.call_start_time)) > 60, true)) then
    return null;
  end if;
  v_seconds := abs(extract(epoch from v_at - coalesce(v_time, clock_timestamp())));
  -- A webhook without a time of its own is about now, whatever times the stored call has.
  if v_time is null then
    v_seconds := least(v_seconds, abs(extract(epoch from k.created_at - clock_timestamp())));
  end if;
  return case when v_seconds <= 7200 then v_seconds end;
end
$$;
comment on function private.call_distance is
  'Whether a stored call (k) and a reported one (n) can be the same, and how well they fit: the seconds between them, 0 if an id says so; null if they are two calls.';
revoke execute on function private.call_distance from public;
