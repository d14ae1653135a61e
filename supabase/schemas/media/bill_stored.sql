create or replace function private.bill_stored() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  -- Staff may remove the mark: only the next file sets it again.
  update public.conversations set bill_at = new.created_at where id = new.conversation_id and bill_at is null;
  perform private.withdraw_asks(new.conversation_id);
  -- The mark decides the state, even if nothing else of the customer has changed.
  perform private.refresh_customer(new.conversation_id);
  return null;
end
$$;
comment on function private.bill_stored is
  'A bill file has come.';
revoke execute on function private.bill_stored from public;
