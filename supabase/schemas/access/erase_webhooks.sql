create or replace function public.erase_webhooks(p_id bigint, p_limit integer) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  e private.erasures;
  v_last bigint;
  v_ids bigint[];
  v_emptied integer;
begin
  perform private.authorize();
  select * into e from private.erasures where id = p_id for update;
  select max(id) into v_last
    from (select id from public.webhook_requests where id > e.scanned_id order by id limit p_limit) w;
  if v_last is null then
    return jsonb_build_object('done', true, 'scanned', e.scanned_id, 'emptied', 0);
  end if;
  v_ids := private.webhooks_about(e, e.scanned_id, v_last);
  v_emptied := private.empty_webhooks(v_ids, 'erased');
  update private.erasures set scanned_id = v_last,
    counts = counts || jsonb_build_object('webhooks', coalesce((counts ->> 'webhooks')::integer, 0) + v_emptied)
   where id = p_id;
  return jsonb_build_object('done', false, 'scanned', v_last, 'emptied', v_emptied);
end
$$;
comment on function public.erase_webhooks is
  'Empties those of the next p_limit stored webhooks that concern a customer or mention one of their numbers, LIDs or messages. Returns { done, scanned, emptied }.';
revoke execute on function public.erase_webhooks from public, anon, authenticated, service_role;
grant execute on function public.erase_webhooks to anon, service_role;
