create or replace function private.lock_events(p_events jsonb) returns void
language plpgsql set search_path = '' as $$
declare
  v_addresses text[];
  v_ids text[];
  v_conversations bigint[];
  v_codes text[];
begin
  -- A failure may restrict the sender, a delivery end its restriction.
  if p_events @? '$[*] ? (@.kind == "session" || @.kind == "send_failed" || @.status == "failed")'
     or exists (select from public.whatsapp_sender where restricted_at is not null) then
    perform from public.whatsapp_sender for update;
  end if;
  v_codes := array(select distinct lower(e ->> 'code') from jsonb_array_elements(p_events) e where e ->> 'code' is not null);
  select array_agg(distinct a) filter (where a is not null), array_agg(distinct i) filter (where i is not null)
    into v_addresses, v_ids
    from jsonb_array_elements(p_events) e,
      lateral (values (e ->> 'phone_number', e ->> 'whatsapp_id'), (e ->> 'lid', e ->> 'wasender_id')) as x (a, i);
  perform private.lock_keys(variadic array(
    select 'address:' || a from unnest(v_addresses) a union all select 'message:' || i from unnest(v_ids) i
    union all select 'code:' || c from unnest(v_codes) c));
  -- A message may be another customer's than its event says: its echo came under a LID whose number is not known yet.
  v_conversations := array(
    select conversation_id from public.whatsapp_messages
     where (direction in ('incoming', 'outgoing') and whatsapp_id = any (v_ids)) or wasender_id = any (v_ids)
    union all
    select m.conversation_id
      from jsonb_array_elements(p_events) e
      left join public.whatsapp_lids l on l.lid = e ->> 'lid'
      join public.whatsapp_messages m on m.id = private.find_just_sent(e ->> 'text', (e ->> 'message_at')::timestamptz)
     where e ->> 'kind' = 'outgoing' and e ->> 'phone_number' is null and l.phone_number is null
    union all
    select u from unnest(v_codes) c cross join lateral unnest(private.customers_of_code(c)) u where u is not null);
  perform private.lock_customers(v_addresses, v_conversations);
end
$$;
comment on function private.lock_events is
  'Locks everything that these events may change.';
revoke execute on function private.lock_events from public;
