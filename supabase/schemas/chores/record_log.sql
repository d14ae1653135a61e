create or replace function public.record_log(p_entries jsonb, p_error text default null) returns void
language plpgsql security definer set search_path = '' as $$
declare
  e jsonb;
  v_id bigint;
  v_at timestamptz;
  v_conversation_id bigint;
begin
  perform private.authorize();
  update public.whatsapp_sender set
    log_error = p_error, log_ok_at = case when p_error is null then clock_timestamp() else log_ok_at end
   where id;
  perform private.lock_events(p_entries);
  for e in select jsonb_array_elements(p_entries) loop
    continue when private.was_erased(e);
    v_at := (e ->> 'created_at')::timestamptz;
    select id into v_id from public.whatsapp_messages where wasender_id = e ->> 'wasender_id';
    if v_id is null then
      -- Evidence for an attempt of unknown outcome, or one typed elsewhere: same number, same words, same time.
      select m.id into v_id from public.whatsapp_messages m
       where m.direction = 'outgoing' and m.wasender_id is null and m.phone_number = e ->> 'phone_number'
         and private.same_words(m.text, e ->> 'text')
         and (exists (select from public.whatsapp_attempts a
                       where a.message_id = m.id and a.outcome is distinct from 'not_sent'
                         and v_at between a.claimed_at - interval '2 minutes' and a.claimed_at + interval '10 minutes')
              or (m.kind = 'manual' and v_at between m.sent_at - interval '2 minutes' and m.sent_at + interval '2 minutes'))
         and private.may_have_left(m)
       order by private.time_from_attempt(m.id, v_at), m.id limit 1;
    end if;
    if v_id is not null then
      perform private.advance_message(v_id, e ->> 'status', 'delivery_failed', e ->> 'error', null, e ->> 'wasender_id');
      perform private.apply_receipts(v_id);
    elsif e ->> 'phone_number' is not null then
      -- Sent through Wasender by something else.
      v_conversation_id := private.make_customer(e ->> 'phone_number', null, 'message');
      insert into public.whatsapp_messages
        (conversation_id, direction, kind, status, phone_number, text, error_code, error, wasender_id, message_at, sent_at, call_id)
      values
        (v_conversation_id, 'outgoing', 'manual', e ->> 'status', e ->> 'phone_number', e ->> 'text',
         case when e ->> 'status' = 'failed' then 'delivery_failed' end, e ->> 'error', e ->> 'wasender_id', v_at, v_at,
         private.last_call(v_conversation_id))
      on conflict do nothing;
    end if;
  end loop;
end
$$;
comment on function public.record_log is
  'Merges Wasender''s message log ([{ wasender_id, phone_number, text, status, error, created_at }]), or keeps why it could not be read.';
revoke execute on function public.record_log from public, anon, authenticated, service_role;
grant execute on function public.record_log to anon, service_role;
