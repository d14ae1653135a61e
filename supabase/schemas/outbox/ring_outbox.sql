create or replace function private.ring_outbox() returns text
language plpgsql security definer set search_path = '' as $$
declare
  v_outbox boolean := public.outbox_due();
  v_bills boolean := public.bills_due();
  v_url text;
  v_secret text;
begin
  if not v_outbox and not v_bills then
    return 'nothing due';
  end if;
  execute $q$ select decrypted_secret from vault.decrypted_secrets where name = 'outbox_url' $q$ into v_url;
  execute $q$ select decrypted_secret from vault.decrypted_secrets where name = 'cron_secret' $q$ into v_secret;
  if v_url is null or v_secret is null then
    return 'not configured: outbox_url or cron_secret is missing in Vault';
  end if;
  update public.whatsapp_sender set rang_at = clock_timestamp() where id;
  -- The reader is a function of its own, beside the outbox.
  execute 'select net.http_post(url := u, headers := $2, body := $3, timeout_milliseconds := $4) from unnest($1) u'
    using array_remove(array[
        case when v_outbox then v_url end,
        case when v_bills then regexp_replace(v_url, '/outbox$', '/read-bills') end], null),
      jsonb_build_object('Content-Type', 'application/json', 'Authorization', 'Bearer ' || v_secret), '{}'::jsonb, 5000;
  return 'rang';
end
$$;
comment on function private.ring_outbox is
  'Rings POST /api/outbox and POST /api/read-bills if something is due for them. Returns what it did, which cron.job_run_details keeps.';
revoke execute on function private.ring_outbox from public;
