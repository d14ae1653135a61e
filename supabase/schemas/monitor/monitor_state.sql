create or replace function private.monitor_state(p private.pending) returns jsonb
language plpgsql stable set search_path = '' as $$
declare
  s public.whatsapp_sender;
  v_work jsonb;
begin
  select * into s from public.whatsapp_sender;
  v_work := private.what_is_due(s, p);
  return jsonb_build_object(
    'due', (v_work - 'bills') @? '$.* ? (@ == true)',
    'work', v_work,
    'log', jsonb_build_object('due', s.log_due_at <= now(), 'ok_at', s.log_ok_at, 'error', s.log_error),
    'todo', p.todo,
    'sender', jsonb_build_object(
      'queued', p.queued,
      'next_send_at', case when s.paused_at is null and p.queued_due_at is not null then greatest(s.next_send_at, p.queued_due_at) end,
      'paused', case
        when s.paused_at is not null then jsonb_build_object('reason', s.paused_reason, 'code', s.paused_code,
          'message', s.paused_message, 'since', s.paused_at, 'until', null)
        when s.restricted_at is not null then jsonb_build_object('reason', 'restricted', 'code', 'restricted',
          'message', null, 'since', s.restricted_at, 'until', private.restricted_until(s, null, now())) end,
      'hours', private.feed_hours(),
      'lights', jsonb_build_object('first_contacts', p.first_contacts, 'answered', p.answered, 'undelivered', p.undelivered),
      'session', s.session_status));
end
$$;
revoke execute on function private.monitor_state from public;
