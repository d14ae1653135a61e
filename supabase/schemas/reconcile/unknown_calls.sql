create or replace function public.unknown_calls(p_calls jsonb) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  p record;
  v_known text[] := array[]::text[];
  v_rows bigint[] := array[]::bigint[];
  v_later text[] := array[]::text[];
begin
  -- Webhooks seldom carry the history's id, so calls are distinguished by customer and time: the nearest pairs first,
  -- one call to one row. Else a customer's lost call would take the row of another that the same customer made, and
  -- that one would look lost, and be asked twice.
  perform private.authorize();
  for p in
    select x.cdr_id, k.id, k.created_at, d.seconds
      from jsonb_populate_recordset(null::public.cloudtalk_calls, p_calls) x
      join public.cloudtalk_calls k
        on k.duplicate_of is null and k.cdr_id is null and (k.call_id = x.cdr_id or k.phone_number = x.phone_number)
      cross join lateral (select private.call_distance(k, x) as seconds) d
     where d.seconds is not null
     order by d.seconds, x.cdr_id, k.id
  loop
    continue when p.cdr_id = any (v_known || v_later) or p.id = any (v_rows);
    v_rows := v_rows || p.id;
    if p.seconds > 300 and p.created_at > now() - interval '20 minutes' then
      -- The row may be of a newer call that the history does not list yet.
      v_later := v_later || p.cdr_id;
    else
      v_known := v_known || p.cdr_id;
    end if;
  end loop;
  return coalesce((
    select jsonb_agg(jsonb_build_object('cdr_id', x.cdr_id, 'known', x.cdr_id = any (v_known))
                     order by array_position(v_known, x.cdr_id), x.call_end_time, x.cdr_id)
      from jsonb_populate_recordset(null::public.cloudtalk_calls, p_calls) x
     where x.cdr_id <> all (v_later)
       and not exists (select from public.cloudtalk_calls k where k.duplicate_of is null and k.cdr_id = x.cdr_id)
       -- An erased customer's call has no number any more; it is known by its id, or by the number's hash and the time.
       and not exists (
         select from public.cloudtalk_calls k
          where k.duplicate_of is null and k.call_id = x.cdr_id and k.should_send_reason = 'erased')
       and not exists (
         select from public.cloudtalk_calls k
          where k.erased_hash = private.keyed_hash(x.phone_number) and k.cdr_id is null
            and abs(extract(epoch from coalesce(k.call_start_time, k.created_at) - x.call_start_time)) <=
              case when k.call_start_time is null then 7200 else 60 end)
  ), '[]');
end
$$;
comment on function public.unknown_calls is
  'Which calls of CloudTalk''s history ([{ cdr_id, call_id, phone_number, call_start_time, call_end_time }]) were not seen there before: [{ cdr_id, known }] in the order in which to record them; known says whether a webhook has reported the call.';
revoke execute on function public.unknown_calls from public, anon, authenticated, service_role;
grant execute on function public.unknown_calls to anon, service_role;
