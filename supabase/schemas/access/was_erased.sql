create or replace function private.was_erased(p_event jsonb) returns boolean
language plpgsql stable set search_path = '' as $$
begin
  return exists (select from private.erased_messages
                  where message_id in (p_event ->> 'whatsapp_id', p_event ->> 'wasender_id'));
end
$$;
revoke execute on function private.was_erased from public;
