create or replace function private.without_content(p_request jsonb) returns jsonb
language sql immutable set search_path = '' as $$
  select p_request - array['headers', 'query', 'body', 'raw_body', 'ip_address', 'user_agent']
    || jsonb_build_object('url', p_request ->> 'path')
$$;
comment on function private.without_content is
  'A received webhook without its content: for one that concerns an erased customer.';
revoke execute on function private.without_content from public;
