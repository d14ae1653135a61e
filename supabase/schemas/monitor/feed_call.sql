create or replace function private.feed_call(k public.cloudtalk_calls) returns jsonb
language plpgsql stable set search_path = '' as $$
begin
  return jsonb_build_object(
    'id', k.id,
    'at', coalesce(k.call_end_time, k.call_start_time, k.created_at),
    'direction', k.direction,
    'duration', k.duration,
    'talking_time', k.talking_time,
    'talked', k.talked,
    'agent_name', k.agent_name,
    'status', k.status,
    'call_result', k.call_result,
    'should_send', k.should_send,
    'reason', k.should_send_reason,
    'recording_url', k.recording_url,
    'code', private.call_code(k.call_uuid, k.call_id));
end
$$;
comment on function private.feed_call is
  'A call as the monitor gets it (in lib/supabase/monitor/read-thread.ts).';
revoke execute on function private.feed_call from public;
