create or replace function private.join_echoes(p_lid text, p_phone_number text) returns void
language plpgsql set search_path = '' as $$
declare
  t public.whatsapp_messages;
  v_id bigint;
begin
  for t in
    select * from public.whatsapp_messages
     where lid = p_lid and phone_number = p_phone_number and direction = 'outgoing' and kind = 'manual' and whatsapp_id is not null
     order by id
  loop
    select m.id into v_id from public.whatsapp_messages m
     where m.direction = 'outgoing' and m.kind <> 'manual' and m.whatsapp_id is null and m.phone_number = p_phone_number
       and private.same_words(m.text, t.text) and private.may_have_left(m)
       and private.time_from_attempt(m.id, t.sent_at) < interval '10 minutes'
     order by private.time_from_attempt(m.id, t.sent_at), m.id limit 1;
    if v_id is not null then
      perform private.advance_message(v_id, t.status, 'delivery_failed', t.error, t.whatsapp_id, t.wasender_id);
    end if;
  end loop;
end
$$;
comment on function private.join_echoes is
  'Echoes under this LID that seemed typed on the phone, as long as its number was not known: those of our own messages become one with them.';
revoke execute on function private.join_echoes from public;
