create or replace function public.start_erasure(p_phone_number text) returns bigint
language plpgsql security definer set search_path = '' as $$
declare
  v_customer bigint;
  v_id bigint;
begin
  perform private.authorize();
  if p_phone_number !~ '^\+[1-9][0-9]{5,14}$' then
    raise invalid_parameter_value using message = 'p_phone_number must be E.164';
  end if;
  v_customer := private.customer_of(p_phone_number);
  insert into private.erasures as known (phone_number, addresses, message_ids, call_ids, names, paths)
  values (
    p_phone_number,
    private.addresses_of(p_phone_number),
    array(
      select distinct i from public.whatsapp_messages m, unnest(array[m.whatsapp_id, m.wasender_id]) i
       where m.conversation_id = v_customer and i is not null),
    array(
      select distinct i from public.cloudtalk_calls k, unnest(array[k.call_uuid, k.call_id, k.cdr_id]) i
       where k.conversation_id = v_customer and i is not null),
    array(
      select name from public.conversations where id = v_customer and name is not null
      union select contact_name from public.whatsapp_messages where conversation_id = v_customer and contact_name is not null
      union select n from public.cloudtalk_calls k, unnest(array[k.contact_name, k.customer_name, k.company_name]) n
             where k.conversation_id = v_customer and n is not null
      union select s.holder from public.whatsapp_messages m join public.bills b on b.message_id = m.id
              join public.bill_supplies s on s.bill_id = b.id
             where m.conversation_id = v_customer and s.holder is not null),
    array(
      select p from public.whatsapp_messages m, unnest(array[m.media_path, m.media_thumb_path]) p
       where m.conversation_id = v_customer and p is not null))
  -- It was begun before: what was known then is looked for as well, and what is new also in what was looked through.
  on conflict (phone_number) do update set
    addresses = array(select unnest(known.addresses) union select unnest(excluded.addresses)),
    message_ids = array(select unnest(known.message_ids) union select unnest(excluded.message_ids)),
    call_ids = array(select unnest(known.call_ids) union select unnest(excluded.call_ids)),
    names = array(select unnest(known.names) union select unnest(excluded.names)),
    paths = array(select unnest(known.paths) union select unnest(excluded.paths)),
    scanned = case when excluded.addresses <@ known.addresses then known.scanned else '{}' end
  returning id into v_id;
  return v_id;
end
$$;
comment on function public.start_erasure is
  'Begins (or goes on with) the erasure of the customer who has this number, and returns its id. Then erase_customer, erase_mentions until it is done, the files, finish_erasure: each can be repeated.';
revoke execute on function public.start_erasure from public, anon, authenticated, service_role;
grant execute on function public.start_erasure to anon, service_role;
