create or replace function private.withdraw(p_message_id bigint, p_reason text) returns public.whatsapp_messages
language plpgsql set search_path = '' as $$
declare
  m public.whatsapp_messages;
begin
  update public.whatsapp_messages set
    status = 'cancelled', cancelled_by = 'decision', error = null,
    error_code = case p_reason when 'bill' then 'bill_already_received' when 'case' then 'case_complete' else p_reason end
  where id = p_message_id and status = 'queued'
  returning * into m;
  return m;
end
$$;
comment on function private.withdraw is
  'A queued message does not go: a rule says so. Returns it; null if it did not wait.';
revoke execute on function private.withdraw from public;
