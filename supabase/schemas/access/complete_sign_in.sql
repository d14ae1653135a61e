create or replace function public.complete_sign_in(p_attempt bigint, p_browser text) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_account text;
begin
  perform private.require_staff();
  v_account := private.account_hash(nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'email');
  -- Supabase may take two spellings for one address that are two here: then the attempt was counted for another
  -- account.
  delete from private.sign_in_attempts where id = p_attempt and account = v_account;
  if not found then
    raise insufficient_privilege using message = 'This attempt was not one to sign in to this account.';
  end if;
  insert into private.known_browsers (account, hash) values (v_account, p_browser)
  on conflict (account, hash) do update set seen_at = now();
  return public.who_am_i();
end
$$;
comment on function public.complete_sign_in is
  'The password was right, as the signed-in person: the attempt does not count, and their account knows the browser (SHA-256, hex, of what its cookie holds). Returns { name, email }. Refused to an account that is not staff.';
revoke execute on function public.complete_sign_in from public, anon, authenticated, service_role;
grant execute on function public.complete_sign_in to authenticated;
