create or replace function private.bill_changed() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  -- The monitor's polls look for changed messages.
  update public.whatsapp_messages set media_pages = media_pages where id = new.message_id;
  return null;
end
$$;
comment on function private.bill_changed is
  'What a message''s file is has changed, and so what the monitor shows of the message.';
revoke execute on function private.bill_changed from public;
