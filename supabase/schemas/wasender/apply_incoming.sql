create or replace function private.apply_incoming(p_events jsonb, p_request_id bigint) returns boolean
language plpgsql set search_path = '' as $$
declare
  v_events private.incoming[] := private.identify_incoming(p_events, p_request_id);
  v_changed boolean := false;
  a record;
  v_event private.incoming;
begin
  for a in
    with stored as (
      insert into public.whatsapp_messages
        (conversation_id, direction, kind, status, phone_number, lid, contact_name, type, text, media, whatsapp_id,
         quoted_whatsapp_id, message_at, webhook_request_id, call_id, label, label_date, label_by)
      select e.conversation_id, 'incoming', 'incoming', 'received', e.phone_number, e.lid, e.contact_name, e.type, e.text, e.media,
        e.whatsapp_id, e.quoted_whatsapp_id, e.message_at, p_request_id, private.last_call(e.conversation_id),
        e.label ->> 'value', (e.label ->> 'date')::date, case when e.label is not null then 'rule' end
      from (select x.*, private.customer_of(coalesce(x.phone_number, x.lid)) as conversation_id
              from unnest(v_events) with ordinality x where x.id is null) e
      order by e.ordinality
      returning conversation_id, coalesce(message_at, 'infinity') as at
    ), completed as (
      -- Stored already; this event knows more.
      update public.whatsapp_messages m set
        phone_number = coalesce(m.phone_number, e.phone_number),
        lid = coalesce(m.lid, e.lid),
        text = coalesce(m.text, e.text),
        contact_name = coalesce(m.contact_name, e.contact_name),
        media = coalesce(m.media, e.media),
        webhook_request_id = case when m.media is null and e.media is not null then p_request_id else m.webhook_request_id end,
        type = case when m.media is null and e.media is not null then e.type else m.type end,
        call_id = coalesce(m.call_id, private.last_call(m.conversation_id)),
        -- What staff have said of it stays.
        label = case when m.label_by is null then e.label ->> 'value' else m.label end,
        label_date = case when m.label_by is null then (e.label ->> 'date')::date else m.label_date end,
        label_by = coalesce(m.label_by, case when e.label is not null then 'rule' end)
      from unnest(v_events) e
      where m.id = e.id and e.says_more
      returning m.conversation_id, coalesce(m.message_at, e.message_at, m.created_at) as at
    )
    select conversation_id, max(at) as at from (table stored union all table completed) answers group by conversation_id
  loop
    perform private.mark_answered(a.conversation_id, a.at);
    v_changed := true;
  end loop;
  perform private.note_written(array(select distinct phone_number from unnest(v_events) where phone_number is not null));
  if exists (
    select from unnest(v_events) e join public.conversations c on c.id = private.customer_of(coalesce(e.phone_number, e.lid))
     where e.objection is not null or c.objected_at is not null) then
    -- One after the other: a bill after an objection means something else than one before it.
    foreach v_event in array v_events loop
      perform private.apply_objection(v_event) where v_event.id is null or v_event.objection is not null;
    end loop;
  end if;
  for v_event in select e.* from unnest(v_events) with ordinality e where e.code is not null order by e.ordinality loop
    perform private.apply_code(v_event);
  end loop;
  if exists (select from unnest(v_events) where repeats_media) then
    -- The webhook that brought a file keeps what leads to it; a repeat need not.
    perform private.forget_media_keys(p_request_id, array(select media from unnest(v_events) where repeats_media));
  end if;
  return v_changed;
end
$$;
comment on function private.apply_incoming is
  'Stores what customers have written, in the events'' order, each message once; all of them at once, because a webhook may bring thousands. No two of the events are of the same message.';
revoke execute on function private.apply_incoming from public;
