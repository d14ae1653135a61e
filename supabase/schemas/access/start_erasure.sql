create or replace function public.start_erasure(p_phone_number text) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_customer bigint;
  e private.erasures;
begin
  perform private.authorize();
  if p_phone_number !~ '^\+[1-9][0-9]{5,14}$' then
    raise invalid_parameter_value using message = 'p_phone_number must be E.164';
  end if;
  v_customer := private.customer_of(p_phone_number);
  insert into private.erasures as known (phone_number, addresses, ids, names, paths)
  values (
    p_phone_number,
    private.addresses_of(p_phone_number),
    array(
      select distinct i from public.whatsapp_messages m, unnest(array[m.whatsapp_id, m.wasender_id]) i
       where m.conversation_id = v_customer and i is not null),
    array(
      select name from public.conversations where id = v_customer and name is not null
      union select contact_name from public.whatsapp_messages where conversation_id = v_customer and contact_name is not null
      union select n from public.cloudtalk_calls k, unnest(array[k.contact_name, k.customer_name, k.company_name]) n
             where k.conversation_id = v_customer and n is not null),
    array(
      select p from public.whatsapp_messages m, unnest(array[m.media_path, m.media_thumb_path]) p
       where m.conversation_id = v_customer and p is not null))
  -- It was begun before: what was known then is looked for as well.
  on conflict (phone_number) do update set
    addresses = array(select unnest(known.addresses) union select unnest(excluded.addresses)),
    ids = array(select unnest(known.ids) union select unnest(excluded.ids)),
    names = array(select unnest(known.names) union select unnest(excluded.names)),
    paths = array(select unnest(known.paths) union select unnest(excluded.paths))
  returning * into e;
  return jsonb_build_object('id', e.id, 'scanned', e.scanned_id,
    'webhooks', (select coalesce(max(id), 0) from public.webhook_requests));
end
$$;
comment on function public.start_erasure is
  'Begins (or goes on with) the erasure of the customer who has this number. Then erase_webhooks until it is done, erase_customer, the files, finish_erasure: each can be repeated. Returns { id, scanned, webhooks }: the highest ids of webhooks that are looked through and that are there.';
revoke execute on function public.start_erasure from public, anon, authenticated, service_role;
grant execute on function public.start_erasure to anon, service_role;
