create or replace function private.forget_media_keys(p_request_id bigint, p_media jsonb) returns void
language plpgsql set search_path = '' as $$
declare
  v_body text;
  v_value text;
begin
  select body::text into v_body from public.webhook_requests where id = p_request_id;
  for v_value in
    select value from jsonb_each_text(p_media)
     where key in ('url', 'directPath', 'mediaKey', 'fileSha256', 'fileEncSha256') and length(value) >= 8
  loop
    v_body := replace(v_body, to_jsonb(v_value)::text, '""');
  end loop;
  update public.webhook_requests set body = v_body::jsonb where id = p_request_id and body is distinct from v_body::jsonb;
end
$$;
comment on function private.forget_media_keys is
  'Removes from a stored webhook what leads to a file at WhatsApp: address and key.';
revoke execute on function private.forget_media_keys from public;
