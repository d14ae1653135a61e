create or replace function private.unmark_bill(p_conversation_id bigint, p_ask_again boolean) returns void
language plpgsql set search_path = '' as $$
begin
  -- What staff marked stays marked.
  update public.conversations set bill_at = null
   where id = p_conversation_id and bill_at is not null and bill_by is null and not exists (
     select from public.whatsapp_messages m
      where m.conversation_id = p_conversation_id and m.is_bill and private.counts_as_bill(m));
  if not found then
    return;
  end if;
  if p_ask_again then
    perform private.restore_asks(p_conversation_id, private.open_days_ago(5, clock_timestamp()));
  end if;
  perform private.refresh_customer(p_conversation_id);
end
$$;
comment on function private.unmark_bill is
  'A file turned out to be no bill: if no other one of the customer''s counts, none has come. p_ask_again: an ask that was withdrawn for it returns, if its call is not older than five open days.';
revoke execute on function private.unmark_bill from public;
