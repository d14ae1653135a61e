create or replace function private.addresses_of(p_phone_number text) returns text[]
language plpgsql stable set search_path = '' as $$
begin
  return array(
    select p_phone_number
    union select address from public.conversation_numbers where conversation_id = private.customer_of(p_phone_number)
    union select lid from public.whatsapp_lids where phone_number = p_phone_number);
end
$$;
comment on function private.addresses_of is
  'All numbers and LIDs of a customer, the given number in any case.';
revoke execute on function private.addresses_of from public;
