create or replace function private.identify_incoming(p_events jsonb, p_request_id bigint) returns private.incoming[]
language plpgsql set search_path = '' as $$
declare
  -- With the word itself, any index of incoming messages would do while the table is small, and that plan is kept.
  v_direction text := 'incoming';
  v_events private.incoming[];
  p record;
begin
  -- Of a message's events one may know the LID and another one the number.
  v_events := array(
    select row(
        coalesce(m.phone_number, e.phone_number), coalesce(m.lid, e.lid), e.contact_name, e.type, e.text, nullif(e.media, 'null'),
        e.whatsapp_id, e.quoted_whatsapp_id, e.message_at, m.id,
        (m.phone_number is null and e.phone_number is not null)
          or (m.lid is null and e.lid is not null)
          or (m.text is null and e.text is not null)
          or (m.contact_name is null and e.contact_name is not null)
          or (m.media is null and e.media <> 'null'),
        m.media is not null and e.media <> 'null' and p_request_id is distinct from m.webhook_request_id,
        case when m.text is null then e.objection end,
        case when m.text is null then nullif(e.label, 'null') end,
        case when m.text is null then lower(e.code) end
      )::private.incoming
      from jsonb_populate_recordset(null::private.incoming, p_events) with ordinality e
      left join public.whatsapp_messages m on m.direction = v_direction and m.whatsapp_id = e.whatsapp_id
     order by e.ordinality);
  for p in select distinct lid, phone_number from unnest(v_events) where lid is not null loop
    if p.phone_number is null then
      insert into public.whatsapp_lids (lid) values (p.lid) on conflict do nothing;
    else
      perform private.learn_lid(p.lid, p.phone_number);
    end if;
  end loop;
  v_events := array(
    select row(
        coalesce(e.phone_number, l.phone_number), e.lid, e.contact_name, e.type, e.text, e.media,
        e.whatsapp_id, e.quoted_whatsapp_id, e.message_at, e.id, e.says_more or l.phone_number is not null, e.repeats_media,
        e.objection, e.label, e.code
      )::private.incoming
      from unnest(v_events) with ordinality e
      left join public.whatsapp_lids l on l.lid = e.lid and e.phone_number is null
     order by e.ordinality);
  for p in
    select distinct phone_number, lid from unnest(v_events) where private.customer_of(coalesce(phone_number, lid)) is null
  loop
    perform private.make_customer(p.phone_number, p.lid, 'message');
  end loop;
  return v_events;
end
$$;
comment on function private.identify_incoming is
  'Whose messages these events are of, and which of them are stored: learns their LIDs and makes their customers.';
revoke execute on function private.identify_incoming from public;
