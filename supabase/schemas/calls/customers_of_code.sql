create or replace function private.customers_of_code(p_code text, p_but bigint default null) returns bigint[]
language plpgsql stable set search_path = '' as $$
begin
  return array(
    select k.conversation_id from public.cloudtalk_calls k
     where k.duplicate_of is null
       and lower(left(regexp_replace(
         coalesce(k.call_uuid, case when k.call_id !~ '^[0-9]+$' then k.call_id end), '[^0-9A-Za-z]', '', 'g'), 8)) = p_code
       and k.created_at > clock_timestamp() - interval '90 days' and k.id is distinct from p_but
     limit 2);
end
$$;
comment on function private.customers_of_code is
  'The customers of the calls of ninety days that have this code (lower case), one for each call, at most two; p_but: not of this call. A call without a number has null.';
revoke execute on function private.customers_of_code from public;
