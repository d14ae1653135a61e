create or replace function private.refuse_erased() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  -- Wasender's log mentions them too.
  if exists (select from private.erased_messages where message_id in (new.whatsapp_id, new.wasender_id)) then
    return null;
  end if;
  return new;
end
$$;
revoke execute on function private.refuse_erased from public;
