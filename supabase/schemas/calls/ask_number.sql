create or replace function private.ask_number(p_phone_number text) returns text
language plpgsql stable set search_path = '' as $$
begin
  return coalesce(
    (select n.address from public.conversation_numbers n
      where n.conversation_id = private.customer_of(p_phone_number) and n.known_by = 'staff'
        and private.is_on_whatsapp(p_phone_number, clock_timestamp()) is false
      order by n.created_at desc limit 1),
    p_phone_number);
end
$$;
comment on function private.ask_number is
  'To which number the ask for a call with this one goes: another one that staff know, if this one is not on WhatsApp.';
revoke execute on function private.ask_number from public;
