create or replace function private.mark_bill(p_conversation_id bigint, p_at timestamptz) returns void
language plpgsql set search_path = '' as $$
begin
  update public.conversations set bill_at = p_at where id = p_conversation_id and bill_at is null;
  perform private.withdraw_asks(p_conversation_id);
  -- The mark decides the state, even if nothing else of the customer has changed.
  perform private.refresh_customer(p_conversation_id);
end
$$;
comment on function private.mark_bill is
  'A file that is a bill, or may be one, has come.';
revoke execute on function private.mark_bill from public;
