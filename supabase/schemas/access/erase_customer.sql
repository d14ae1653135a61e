create or replace function public.erase_customer(p_phone_number text) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_id bigint;
  v_files jsonb;
  v_addresses text[];
  v_ids text[];
  v_requests bigint[];
  v_marks text[];
  v_pattern text;
  v_messages integer;
  v_calls integer;
  v_webhooks integer;
begin
  perform private.authorize();
  if p_phone_number !~ '^\+[1-9][0-9]{5,14}$' then
    raise invalid_parameter_value using message = 'p_phone_number must be E.164';
  end if;
  v_addresses := private.addresses_of(p_phone_number);
  perform private.lock_keys(variadic array(select 'address:' || a from unnest(v_addresses) a));
  perform private.lock_customers(v_addresses);
  v_addresses := private.addresses_of(p_phone_number);
  v_id := private.customer_of(p_phone_number);
  v_files := public.customer_files(p_phone_number);

  select coalesce(array_agg(i) filter (where i is not null), '{}') into v_ids
    from public.whatsapp_messages m, unnest(array[m.whatsapp_id, m.wasender_id]) as i
   where m.conversation_id = v_id;
  v_requests := array(
    select webhook_request_id from public.whatsapp_messages where conversation_id = v_id and webhook_request_id is not null
    union
    select webhook_request_id from public.cloudtalk_calls where conversation_id = v_id and webhook_request_id is not null);

  insert into private.erased_messages (message_id) select unnest(v_ids) on conflict do nothing;
  delete from public.whatsapp_receipts where whatsapp_id = any (v_ids) or wasender_id = any (v_ids);
  delete from public.whatsapp_lids where lid = any (v_addresses);
  -- The call itself stays, for the statistics, and so that CloudTalk's telling of it again does not bring it back.
  update public.cloudtalk_calls set
    conversation_id = null, phone_number = null, phone_number_raw = null, customer_name = null, contact_id = null,
    contact_name = null, company_name = null, recording_url = null, transcript = null, call_outcome = null, reason = null,
    raw_data = null, ateco_code = null, ateco_eligible = null, interest_confirmed = null, annual_consumption_kwh = null,
    should_send = false, should_send_reason = 'erased', updated_at = clock_timestamp()
  where conversation_id = v_id
     or duplicate_of in (select id from public.cloudtalk_calls where conversation_id = v_id);
  get diagnostics v_calls = row_count;
  delete from public.whatsapp_messages where conversation_id = v_id;
  get diagnostics v_messages = row_count;
  delete from public.conversations where id = v_id;

  -- Webhooks that were about this customer, or mention a number or an id.
  select string_agg(private.number_pattern(a), '|') into v_pattern from unnest(v_addresses) a where a like '+%';
  select array_agg('%' || replace(replace(replace(mark, '\', '\\'), '%', '\%'), '_', '\_') || '%') into v_marks
    from (select a from unnest(v_addresses) a where a like '%@lid' union select i from unnest(v_ids) i where length(i) >= 12) m (mark);
  update public.webhook_requests w set
    headers = null, query = null, body = null, raw_body = null, url = w.path, ip_address = null, user_agent = null,
    outcome_detail = 'erased'
  where w.id = any (v_requests)
     or concat_ws(' ', w.url, w.body, w.raw_body) ~ v_pattern
     or concat_ws(' ', w.url, w.body, w.raw_body) like any (v_marks);
  get diagnostics v_webhooks = row_count;

  return jsonb_build_object('messages', v_messages, 'conversations', (v_id is not null)::integer, 'calls', v_calls,
    'webhooks', v_webhooks, 'files', v_files);
end
$$;
comment on function public.erase_customer is
  'Removes a customer: messages, conversation, personal fields of the calls, and the content of webhooks. Returns { messages, conversations, calls, webhooks, files: { folders, paths } }; the files are still to be removed.';
revoke execute on function public.erase_customer from public, anon, authenticated, service_role;
grant execute on function public.erase_customer to anon, service_role;
