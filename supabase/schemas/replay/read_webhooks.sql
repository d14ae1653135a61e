create or replace function public.read_webhooks(
  p_after bigint, p_limit integer, p_id bigint default null, p_outcome text default null, p_since timestamptz default null
) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
begin
  perform private.authorize();
  return coalesce((
    select jsonb_agg(jsonb_build_object(
      'id', w.id, 'source', w.source, 'path', w.path, 'outcome', w.outcome, 'event_type', w.event_type,
      'at', w."timestamp", 'content_type', w.headers ->> 'content-type', 'body', w.body, 'raw_body', w.raw_body) order by w.id)
    from (select * from public.webhook_requests r
           where r.id > p_after and (p_id is null or r.id = p_id) and (p_outcome is null or r.outcome = p_outcome)
             and (p_since is null or r."timestamp" >= p_since) and (p_id is not null or r.source <> 'legacy')
           order by r.id limit p_limit) w
  ), '[]');
end
$$;
comment on function public.read_webhooks is
  'Stored webhooks by id, or by outcome and time, oldest first: [{ id, source, path, outcome, event_type, at, content_type, body, raw_body }].';
revoke execute on function public.read_webhooks from public, anon, authenticated, service_role;
grant execute on function public.read_webhooks to anon, service_role;
