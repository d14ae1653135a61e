create or replace function private.refuse_erased_call(o public.cloudtalk_calls, n public.cloudtalk_calls, p_request jsonb)
returns jsonb
language plpgsql set search_path = '' as $$
begin
  if n.cdr_id is null then
    perform private.keep_webhook(private.without_content(p_request), 'ignored', 'erased');
  end if;
  return jsonb_build_object('duplicate', true, 'webhook', null, 'drain_in_ms', null, 'message', null,
    'call', jsonb_build_object('id', o.id, 'should_send', false, 'reason', 'erased'));
end
$$;
comment on function private.refuse_erased_call is
  'The customer was erased: neither the call nor the webhook brings back what is gone.';
revoke execute on function private.refuse_erased_call from public;
