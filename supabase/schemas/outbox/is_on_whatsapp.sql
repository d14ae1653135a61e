create or replace function private.is_on_whatsapp(p_phone_number text, p_at timestamptz) returns boolean
language plpgsql stable set search_path = '' as $$
begin
  return (
    select on_whatsapp from public.conversation_numbers
     where address = p_phone_number and checked_at > p_at - interval '90 days');
end
$$;
comment on function private.is_on_whatsapp is
  'What Wasender has said of a number in the ninety days before that time; null if it was not asked, or did not know.';
revoke execute on function private.is_on_whatsapp from public;
