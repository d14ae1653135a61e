create or replace function private.erase_calls(e private.erasures, p_customers bigint[]) returns integer
language plpgsql set search_path = '' as $$
declare
  v_patterns text[] := private.erasure_patterns(e);
  v_columns text;
  v_count integer;
begin
  -- The call itself stays, for the statistics, and its ids, so that CloudTalk's telling of it again does not bring it
  -- back.
  select string_agg(format('%I = null', a.attname), ', ') into v_columns
    from pg_catalog.pg_attribute a
   where a.attrelid = 'public.cloudtalk_calls'::regclass and a.attnum > 0 and not a.attisdropped and not a.attnotnull
     and a.attname not in ('webhook_request_id', 'duplicate_of', 'call_uuid', 'call_id', 'cdr_id', 'duration', 'talking_time',
       'talked', 'call_start_time', 'call_end_time', 'electricity_bill_received_at', 'should_send', 'erased_hash');
  execute format('
    update public.cloudtalk_calls set %s,
      call_uuid = case when call_uuid ~ any ($2) is not true then call_uuid end,
      call_id = case when call_id ~ any ($2) is not true then call_id end,
      cdr_id = case when cdr_id ~ any ($2) is not true then cdr_id end,
      should_send = false, should_send_reason = ''erased'', updated_at = clock_timestamp(),
      erased_hash = private.keyed_hash(coalesce(phone_number, $3))
     where conversation_id = any ($1)
        or duplicate_of in (select id from public.cloudtalk_calls where conversation_id = any ($1))
        -- One whose number was not understood is nobody''s, and mentions it all the same.
        or (conversation_id is null and phone_number_raw is not null
          and concat_ws('' '', phone_number_raw, raw_data) ~ any ($2))', v_columns)
  using p_customers, v_patterns, e.phone_number;
  get diagnostics v_count = row_count;
  return v_count;
end
$$;
comment on function private.erase_calls is
  'Makes a customer''s calls anonymous. Returns how many.';
revoke execute on function private.erase_calls from public;
