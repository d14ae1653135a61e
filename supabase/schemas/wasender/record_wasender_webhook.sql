create or replace function public.record_wasender_webhook(p_request jsonb, p_events jsonb) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  g record;
  v_changed boolean := false;
  v_request_id bigint;
begin
  perform private.authorize();
  perform private.lock_events(p_events);
  -- Nothing about erased messages is brought back or kept, whatever mentions them.
  if exists (select from jsonb_array_elements(p_events) x where private.was_erased(x)) then
    p_request := private.without_content(p_request);
    p_events := coalesce((select jsonb_agg(x) from jsonb_array_elements(p_events) x where not private.was_erased(x)), '[]');
  end if;
  v_request_id := private.keep_webhook(p_request, 'accepted', null);
  -- In their order; but messages from customers that follow each other are stored together, if each comes once.
  for g in
    select min(x.event ->> 'kind') as kind, jsonb_agg(x.event order by x.n) as events
      from (
        select event, n, event ->> 'kind' = 'incoming' as is_incoming,
          count(*) filter (where event ->> 'kind' <> 'incoming') over (order by n) as others,
          row_number() over (partition by event ->> 'kind', event ->> 'whatsapp_id' order by n) as copy
        from jsonb_array_elements(p_events) with ordinality e (event, n)) x
     group by x.others, x.is_incoming, x.copy
     order by x.others, x.is_incoming, x.copy
  loop
    v_changed := case g.kind
      when 'incoming' then private.apply_incoming(g.events, v_request_id)
      when 'outgoing' then private.apply_outgoing(g.events -> 0, v_request_id)
      when 'status' then private.apply_status(g.events -> 0)
      when 'send_failed' then private.apply_send_failed(g.events -> 0)
      when 'session' then private.apply_session(g.events #>> '{0,status}')
    end or v_changed;
  end loop;
  if not v_changed then
    update public.webhook_requests set outcome = 'duplicate'
     where id = v_request_id and p_request #>> '{replay,outcome}' is distinct from 'accepted';
  end if;
  return jsonb_build_object('duplicate', not v_changed, 'webhook', v_request_id);
end
$$;
comment on function public.record_wasender_webhook is
  'Stores a Wasender webhook and applies its events (lib/wasender/event.ts: incoming, outgoing, status, send_failed, session), each idempotent, in one transaction. Returns { duplicate, webhook }: whether nothing was new, and its id.';
revoke execute on function public.record_wasender_webhook from public, anon, authenticated, service_role;
grant execute on function public.record_wasender_webhook to anon, service_role;
