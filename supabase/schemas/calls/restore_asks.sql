create or replace function private.restore_asks(p_conversation_id bigint, p_since timestamptz default null) returns void
language plpgsql set search_path = '' as $$
begin
  update public.whatsapp_messages m
     set status = 'queued', cancelled_by = null, error_code = null, due_at = clock_timestamp(), queued_at = clock_timestamp()
    from public.cloudtalk_calls k
   where m.conversation_id = p_conversation_id and m.kind = 'ask' and m.status = 'cancelled' and m.cancelled_by = 'decision'
     and m.error_code in ('bill_already_received', 'bills_to_check')
     and case when p_since is null then m.created_at > clock_timestamp() - interval '1 day'
         else coalesce(k.call_end_time, k.call_start_time, k.created_at) >= p_since end
     -- What the call itself said of a bill stays.
     and k.id = m.call_id and k.should_send and not private.has_objected(m.phone_number) and m.id = (private.ask_of(k.id)).id;
  update public.whatsapp_attempts a set withdrawn = false
    from public.whatsapp_messages m
   where m.conversation_id = p_conversation_id and m.status in ('sending', 'unknown') and m.kind = 'ask'
     and a.lease_token = m.lease_token;
end
$$;
comment on function private.restore_asks is
  'The bill has not come after all: asks that were withdrawn for it wait again, those of the last day, or of calls since p_since.';
revoke execute on function private.restore_asks from public;
