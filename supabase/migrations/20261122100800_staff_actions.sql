-- What staff may do by hand. Each action is kept with who did it; what the state machine forbids is refused.

create or replace function public.act_on_message(p_action text, p_message_id bigint, p_who text) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  m public.whatsapp_messages;
  v_from text;
  v_to text;
begin
  perform private.authorize();
  -- The sender's row first, as claim_message does: a message that is cancelled is not being claimed.
  perform from public.whatsapp_sender for update;
  select * into m from public.whatsapp_messages where id = p_message_id and direction = 'outgoing' for update;
  if m.id is null then
    return jsonb_build_object('error', 'not_found');
  end if;
  select a.from_status, a.to_status into v_from, v_to
    from (values ('retry', 'failed', 'queued'), ('resend', 'unknown', 'queued'),
                 ('give_up', 'unknown', 'cancelled'), ('cancel', 'queued', 'cancelled')) as a (action, from_status, to_status)
   where a.action = p_action;
  if v_from is null then
    raise invalid_parameter_value using message = 'unknown action';
  end if;
  if m.status <> v_from or (v_to = 'queued' and (m.phone_number is null or m.text is null or m.kind = 'manual')) then
    return jsonb_build_object('error', 'not_possible', 'status', m.status);
  end if;
  if v_to = 'queued' then
    update public.whatsapp_messages set
      status = 'queued', attempts = 0, due_at = clock_timestamp(), lease_token = null, lease_until = null,
      -- A new message at Wasender: it will have ids of its own.
      wasender_id = null, whatsapp_id = null, info_at = null, info_attempts = 0
    where id = m.id;
  else
    update public.whatsapp_messages set status = 'cancelled', cancelled_by = p_who where id = m.id;
  end if;
  insert into public.staff_actions (who, action, message_id, from_status, to_status)
  values (p_who, p_action, m.id, v_from, v_to);
  return jsonb_build_object('message', jsonb_build_object('id', m.id, 'status', v_to));
end
$$;
comment on function public.act_on_message is
  'retry (failed), resend or give_up (unknown), cancel (queued). Returns { message: { id, status } } or { error: not_found | not_possible, status }.';

create or replace function public.act_on_sender(p_action text, p_who text) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  s public.whatsapp_sender;
begin
  perform private.authorize();
  select * into s from public.whatsapp_sender for update;
  if p_action = 'pause' then
    if s.paused_reason = 'staff' then return jsonb_build_object('error', 'not_possible', 'status', 'paused'); end if;
    update public.whatsapp_sender set
      paused_at = clock_timestamp(), paused_reason = 'staff', paused_message = p_who, paused_fingerprint = null, probe_at = null;
  elsif p_action = 'resume' then
    if s.paused_at is null then return jsonb_build_object('error', 'not_possible', 'status', 'running'); end if;
    update public.whatsapp_sender set
      paused_at = null, paused_reason = null, paused_message = null, paused_fingerprint = null, probe_at = null;
  else
    raise invalid_parameter_value using message = 'unknown action';
  end if;
  insert into public.staff_actions (who, action, from_status, to_status)
  values (p_who, p_action, coalesce('paused: ' || s.paused_reason, 'running'), case p_action when 'pause' then 'paused: staff' else 'running' end);
  return jsonb_build_object('paused', p_action = 'pause');
end
$$;
comment on function public.act_on_sender is 'pause or resume. Returns { paused } or { error: not_possible, status }.';

revoke execute on function public.act_on_message, public.act_on_sender from public, anon, authenticated;
grant execute on function public.act_on_message, public.act_on_sender to service_role;
