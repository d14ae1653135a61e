create or replace function public.erase_customer(p_id bigint) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  e private.erasures;
  v_customers bigint[];
  v_calls bigint[];
  v_webhooks bigint[];
  v_messages integer;
begin
  perform private.authorize();
  select * into e from private.erasures where id = p_id;
  perform from public.whatsapp_sender for update;
  perform private.lock_keys(variadic array(select 'address:' || a from unnest(e.addresses) a));
  -- Those that became part of the customer go with the row, so they are locked as well.
  perform private.lock_customers(e.addresses, array(
    with recursive parts (id) as (
      select conversation_id from public.conversation_numbers where address = any (e.addresses)
      union select c.id from public.conversations c join parts on c.merged_into = parts.id)
    select id from parts));
  -- What has come since it began.
  perform public.start_erasure(e.phone_number);
  select * into e from private.erasures where id = p_id for update;
  v_customers := array(select distinct conversation_id from public.conversation_numbers where address = any (e.addresses));
  v_calls := array(
    select id from public.cloudtalk_calls where conversation_id = any (v_customers)
    union select d.id from public.cloudtalk_calls d join public.cloudtalk_calls k on k.id = d.duplicate_of
           where k.conversation_id = any (v_customers));
  v_webhooks := array(
    select webhook_request_id from public.cloudtalk_calls where id = any (v_calls)
    union select webhook_request_id from public.whatsapp_messages where conversation_id = any (v_customers));

  -- An id that holds the number (the previous system's might) is not kept.
  insert into private.erased_messages (message_id)
  select i from unnest(e.message_ids) i where not i ~ any (private.erasure_patterns(e))
  on conflict do nothing;
  delete from public.whatsapp_receipts where whatsapp_id = any (e.message_ids) or wasender_id = any (e.message_ids);
  delete from public.whatsapp_lids where lid = any (e.addresses) or phone_number = any (e.addresses);
  perform private.count_erased(p_id, 'calls', private.empty_calls(v_calls, e));
  perform private.count_erased(p_id, 'webhooks', private.empty_webhooks(v_webhooks, 'erased', private.erasure_patterns(e)));
  delete from public.whatsapp_messages where conversation_id = any (v_customers);
  get diagnostics v_messages = row_count;
  perform private.count_erased(p_id, 'messages', v_messages);
  -- The objection outlives everything else, as a hash that recognises the numbers and tells nobody them.
  insert into private.objection_hashes (hash)
  select private.keyed_hash(a) from unnest(e.addresses) a
   where exists (select from public.conversations where id = any (v_customers) and objected_at is not null)
  on conflict do nothing;
  delete from public.conversations where id = any (v_customers);
  perform private.count_erased(p_id, 'conversations', cardinality(v_customers));
  perform private.erase_remarks(e);
  return jsonb_build_object('folders', array(select private.media_folder(a) from unnest(e.addresses) a), 'paths', e.paths);
end
$$;
comment on function public.erase_customer is
  'Removes a customer: messages, conversation, what their calls and their own webhooks say. Returns where the files are that are still to be removed: { folders, paths }.';
revoke execute on function public.erase_customer from public, anon, authenticated, service_role;
grant execute on function public.erase_customer to anon, service_role;
