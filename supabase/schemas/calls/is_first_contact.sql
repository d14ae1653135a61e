create or replace function private.is_first_contact(p_phone_number text) returns boolean
language plpgsql stable set search_path = '' as $$
begin
  return not exists (
    select from public.conversation_numbers where address = p_phone_number and written_at is not null);
end
$$;
comment on function private.is_first_contact is
  'Whether an automatic message to this number is a first contact: it has never written to us.';
revoke execute on function private.is_first_contact from public;
