create or replace function public.erase_customer(p_id bigint) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  e private.erasures;
  v_customers bigint[];
  v_messages integer;
  v_calls integer;
  v_webhooks integer;
begin
  perform private.authorize();
  select * into e from private.erasures where id = p_id;
  perform from public.whatsapp_sender for update;
  perform private.lock_keys(variadic array(select 'address:' || a from unnest(e.addresses) a));
  perform private.lock_customers(e.addresses);
  -- What has come since it began.
  perform public.start_erasure(e.phone_number);
  select * into e from private.erasures where id = p_id for update;
  v_customers := array(select distinct conversation_id from public.conversation_numbers where address = any (e.addresses));

  insert into private.erased_messages (message_id) select unnest(e.ids) on conflict do nothing;
  delete from public.whatsapp_receipts where whatsapp_id = any (e.ids) or wasender_id = any (e.ids);
  delete from public.whatsapp_lids where lid = any (e.addresses) or phone_number = any (e.addresses);
  v_calls := private.erase_calls(e, v_customers);
  delete from public.whatsapp_messages where conversation_id = any (v_customers);
  get diagnostics v_messages = row_count;
  delete from public.conversations where id = any (v_customers);
  perform private.erase_mentions(e);
  -- The few that came after the last range was looked through.
  v_webhooks := private.empty_webhooks(
    private.webhooks_about(e, e.scanned_id, (select max(id) from public.webhook_requests)), 'erased');
  update private.erasures set counts = jsonb_build_object(
      'messages', coalesce((counts ->> 'messages')::integer, 0) + v_messages,
      'conversations', coalesce((counts ->> 'conversations')::integer, 0) + cardinality(v_customers),
      'calls', coalesce((counts ->> 'calls')::integer, 0) + v_calls,
      'webhooks', coalesce((counts ->> 'webhooks')::integer, 0) + v_webhooks)
   where id = p_id
  returning * into e;
  return e.counts || jsonb_build_object('files', jsonb_build_object(
    'folders', array(select private.media_folder(a) from unnest(e.addresses) a), 'paths', e.paths));
end
$$;
comment on function public.erase_customer is
  'Removes a customer, all but the files: messages, conversation, what their calls and everything else say of them. Returns { messages, conversations, calls, webhooks, files: { folders, paths } }; the files are still to be removed.';
revoke execute on function public.erase_customer from public, anon, authenticated, service_role;
grant execute on function public.erase_customer to anon, service_role;
