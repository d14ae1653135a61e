create or replace function private.webhooks_about(e private.erasures, p_after bigint, p_to bigint) returns bigint[]
language plpgsql stable set search_path = '' as $$
declare
  v_patterns text[] := private.erasure_patterns(e);
begin
  return array(
    select w.id from public.webhook_requests w
     where w.id > p_after and w.id <= p_to
       and (to_jsonb(w) - array['id', 'timestamp', 'created_at', 'emptied_at'])::text ~ any (v_patterns));
end
$$;
comment on function private.webhooks_about is
  'The stored webhooks of a range of ids that concern a customer who is being erased.';
revoke execute on function private.webhooks_about from public;
