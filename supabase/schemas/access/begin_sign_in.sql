create or replace function public.begin_sign_in(p_email text, p_address text default null, p_browser text default null)
returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_account text;
  v_address inet;
  v_browser text;
  v_wait interval;
  v_id bigint;
begin
  perform private.authorize();
  v_account := private.account_hash(p_email);
  v_address := p_address;
  -- A caller with one IPv6 address has 2^64 of them.
  if family(v_address) = 6 then
    v_address := network(set_masklen(v_address, 64));
  end if;
  select b.hash into v_browser from private.known_browsers b where b.account = v_account and b.hash = p_browser;
  v_wait := private.sign_in_wait(v_account, v_address, v_browser);
  if v_wait is null then
    -- Of two at the same moment the second one counts the first. Who is refused anyway does not make others wait.
    perform private.lock_keys('sign_in');
    v_wait := private.sign_in_wait(v_account, v_address, v_browser);
  end if;
  if v_wait is not null then
    return jsonb_build_object('wait_s', ceil(extract(epoch from v_wait)));
  end if;
  insert into private.sign_in_attempts (account, address, browser) values (v_account, v_address, v_browser)
  returning id into v_id;
  return jsonb_build_object('attempt', v_id);
end
$$;
comment on function public.begin_sign_in is
  'Whether a password may be tried now: { attempt }, which counts as failed until complete_sign_in is called; or { wait_s }, and nothing was written. Addresses of an IPv6 network of 64 bits are one. p_browser: SHA-256 (hex) of what the browser''s cookie holds.';
revoke execute on function public.begin_sign_in from public, anon, authenticated, service_role;
grant execute on function public.begin_sign_in to anon, service_role;
