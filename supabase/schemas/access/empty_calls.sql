create or replace function private.empty_calls(p_ids bigint[], e private.erasures) returns integer
language plpgsql set search_path = '' as $$
declare
  v_count integer;
begin
  -- The call itself stays, for the statistics, and its ids, so that CloudTalk's telling of it again does not bring it
  -- back.
  execute format('
    update public.cloudtalk_calls set %s,
      call_uuid = case when call_uuid ~ any ($2) is not true then call_uuid end,
      call_id = case when call_id ~ any ($2) is not true then call_id end,
      cdr_id = case when cdr_id ~ any ($2) is not true then cdr_id end,
      should_send = false, should_send_reason = ''erased'', updated_at = clock_timestamp(),
      erased_hash = private.keyed_hash(coalesce(phone_number, $3))
     where id = any ($1)', private.all_null('public.cloudtalk_calls', array['webhook_request_id', 'duplicate_of', 'call_uuid',
       'call_id', 'cdr_id', 'duration', 'talking_time', 'talked', 'call_start_time', 'call_end_time',
       'electricity_bill_received_at', 'should_send', 'erased_hash']))
  using p_ids, private.erasure_patterns(e), e.phone_number;
  get diagnostics v_count = row_count;
  return v_count;
end
$$;
comment on function private.empty_calls is
  'Makes calls anonymous, because their customer is erased. Returns how many.';
revoke execute on function private.empty_calls from public;
