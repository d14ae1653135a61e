create or replace function private.bill_came() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  if new.media_state = 'stored' then
    insert into public.bills (message_id, due_at) values (new.id, clock_timestamp()) on conflict (message_id) do nothing;
  end if;
  -- Staff may remove the mark: only the next file sets it again.
  perform private.mark_bill(new.conversation_id, new.created_at);
  return null;
end
$$;
comment on function private.bill_came is
  'A bill file has come, or was stored: then it is read.';
revoke execute on function private.bill_came from public;
