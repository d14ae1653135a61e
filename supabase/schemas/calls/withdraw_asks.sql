create or replace function private.withdraw_asks(p_conversation_id bigint) returns void
language plpgsql set search_path = '' as $$
begin
  update public.whatsapp_messages
     set status = 'cancelled', cancelled_by = 'decision', error_code = 'bill_already_received', error = null
   where conversation_id = p_conversation_id and status = 'queued' and kind = 'ask';
  -- What has begun to be sent is withdrawn if it comes back unsent: see settle_message.
  update public.whatsapp_attempts a set withdrawn = true
    from public.whatsapp_messages m
   where m.conversation_id = p_conversation_id and m.status in ('sending', 'unknown') and m.kind = 'ask'
     and a.lease_token = m.lease_token;
end
$$;
comment on function private.withdraw_asks is
  'The bill has come: what still waits to ask this customer for it is not sent.';
revoke execute on function private.withdraw_asks from public;
