create or replace function private.find_call(n public.cloudtalk_calls) returns public.cloudtalk_calls
language plpgsql stable set search_path = '' as $$
declare
  o public.cloudtalk_calls;
begin
  -- One look into each index, by the surest sign first.
  select * into o from public.cloudtalk_calls k where k.duplicate_of is null and k.call_uuid = n.call_uuid;
  if o.id is null and n.call_id is not null then
    select * into o from public.cloudtalk_calls k
     where k.duplicate_of is null and (k.call_id = n.call_id or k.cdr_id = n.call_id)
       and private.call_distance(k, n) is not null
     order by k.cdr_id = n.call_id desc nulls last limit 1;
  end if;
  if o.id is null and n.phone_number is not null then
    select k.* into o from public.cloudtalk_calls k
      cross join lateral (select private.call_distance(k, n) as seconds) d
     where k.duplicate_of is null and k.phone_number = n.phone_number and d.seconds is not null
     order by d.seconds, k.id desc limit 1;
  end if;
  if o.id is null and n.phone_number is not null then
    -- An erased customer's call has its number no more. For two days a hash of it tells.
    select k.* into o from public.cloudtalk_calls k
     where k.erased_hash = private.keyed_hash(n.phone_number)
       and private.call_distance(jsonb_populate_record(k, jsonb_build_object('phone_number', n.phone_number)), n) is not null
     order by k.id desc limit 1;
  end if;
  return o;
end
$$;
comment on function private.find_call is
  'The stored call that a report is about: by its ids, or, if no id contradicts it, the same customer''s nearest call within two hours.';
revoke execute on function private.find_call from public;
