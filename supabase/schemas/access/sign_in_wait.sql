create or replace function private.sign_in_wait(p_account text, p_address inet, p_browser text) returns interval
language plpgsql stable set search_path = '' as $$
declare
  v_now timestamptz := clock_timestamp();
  v_until timestamptz;
begin
  if p_browser is not null then
    -- Ten in 15 minutes, whatever strangers do.
    select a.at + interval '15 minutes' into v_until from private.sign_in_attempts a
     where a.account = p_account and a.browser = p_browser and a.at > v_now - interval '15 minutes'
     order by a.at desc offset 9 limit 1;
    return v_until - v_now;
  end if;
  select max(until) into v_until from (
    -- From one address ten in 15 minutes for an account, and 30 for all.
    (select a.at + interval '15 minutes' as until from private.sign_in_attempts a
      where a.account = p_account and a.address = p_address and a.browser is null and a.at > v_now - interval '15 minutes'
      order by a.at desc offset 9 limit 1)
    union all
    (select a.at + interval '15 minutes' from private.sign_in_attempts a
      where a.address = p_address and a.browser is null and a.at > v_now - interval '15 minutes'
      order by a.at desc offset 29 limit 1)
    union all
    -- An account is never closed: after 20 in an hour, one every two seconds.
    (select max(a.at) + interval '2 seconds'
       from (select at from private.sign_in_attempts
              where account = p_account and browser is null and at > v_now - interval '1 hour'
              order by at desc limit 20) a
     having count(*) = 20)
    union all
    -- Supabase gives the app's own address 30, and one more every two seconds, for all sign-ins and refreshes together.
    -- If it does not get the caller's address, strangers must leave enough for colleagues: 20 in 50 seconds.
    (select a.at + interval '50 seconds' from private.sign_in_attempts a
      where a.browser is null and a.at > v_now - interval '50 seconds'
      order by a.at desc offset 19 limit 1)) as limits;
  return case when v_until > v_now then v_until - v_now end;
end
$$;
comment on function private.sign_in_wait is
  'How long it is until the next attempt to sign in may be made; null if it may be made now. A browser that the account knows is not a stranger.';
revoke execute on function private.sign_in_wait from public;
