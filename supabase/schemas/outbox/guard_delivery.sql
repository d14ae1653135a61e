create or replace function private.guard_delivery(m public.whatsapp_messages) returns void
language plpgsql set search_path = '' as $$
begin
  if m.first_contact then
    -- Not waited for, as in guard_failure. That it was read is told next.
    perform from public.whatsapp_sender
     where coalesce(restricted_at, resumed_at) <= coalesce(m.sent_at, clock_timestamp()) for update skip locked;
    if found then
      perform private.end_restriction();
    end if;
  end if;
end
$$;
comment on function private.guard_delivery is
  'A message was delivered: if it is one that was tried while the number is restricted, that is over.';
revoke execute on function private.guard_delivery from public;
