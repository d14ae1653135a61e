create or replace function private.keep_webhook(p_request jsonb, p_outcome text, p_detail text) returns bigint
language plpgsql set search_path = '' as $$
declare
  v_id bigint := (p_request #>> '{replay,id}')::bigint;
begin
  if v_id is not null then
    -- A stored webhook is read again: its own row gets the new outcome, but accepted stays accepted.
    update public.webhook_requests set
      outcome = case when outcome = 'accepted' then outcome else p_outcome end,
      outcome_detail = right(concat_ws('; ', outcome_detail,
        to_char(clock_timestamp() at time zone 'UTC', '"replayed" YYYY-MM-DD"T"HH24:MI:SS"Z"'), p_detail), 1000),
      body = coalesce(nullif(body, 'null'), p_request -> 'body'),
      event_type = coalesce(p_request ->> 'event_type', event_type)
    where id = v_id;
    return v_id;
  end if;
  insert into public.webhook_requests
    (source, method, path, url, headers, query, body, raw_body, ip_address, user_agent, event_type, outcome, outcome_detail)
  values (
    p_request ->> 'source', p_request ->> 'method', p_request ->> 'path', p_request ->> 'url',
    p_request -> 'headers', p_request -> 'query', p_request -> 'body', p_request ->> 'raw_body',
    p_request ->> 'ip_address', p_request ->> 'user_agent', p_request ->> 'event_type', p_outcome, p_detail)
  returning id into v_id;
  return v_id;
end
$$;
comment on function private.keep_webhook is
  'Stores a received webhook; the request has the shape of StoredRequest in lib/supabase/stored-request.ts. With replay: { id, outcome } it is that stored one.';
revoke execute on function private.keep_webhook from public;
