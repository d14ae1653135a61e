create or replace function private.apply_receipts(p_message_id bigint) returns void
language plpgsql set search_path = '' as $$
declare
  m public.whatsapp_messages;
  r public.whatsapp_receipts;
begin
  select * into m from public.whatsapp_messages where id = p_message_id;
  for r in
    delete from public.whatsapp_receipts
     where whatsapp_id = m.whatsapp_id or wasender_id = m.wasender_id
    returning *
  loop
    perform private.advance_message(m.id, r.status, coalesce(r.code, 'delivery_failed'), r.error, r.whatsapp_id, r.wasender_id);
  end loop;
end
$$;
comment on function private.apply_receipts is
  'Applies states that came before the message had its ids.';
revoke execute on function private.apply_receipts from public;
