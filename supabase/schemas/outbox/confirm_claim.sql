create or replace function public.confirm_claim(p_lease_token uuid, p_interval_ms integer, p_exists boolean default null) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  s public.whatsapp_sender;
  m public.whatsapp_messages;
  h private.hold;
  v_now timestamptz;
begin
  perform private.authorize();
  select * into s from public.whatsapp_sender for update;
  select * into m from public.whatsapp_messages where lease_token = p_lease_token;
  perform private.lock_customers('{}', array[m.conversation_id]);
  select * into m from public.whatsapp_messages where id = m.id and lease_token = p_lease_token for update;
  v_now := clock_timestamp();
  update public.conversation_numbers set on_whatsapp = p_exists, checked_at = v_now
   where address = m.phone_number and p_exists is not null;
  if m.id is null or m.status <> 'sending' then
    return jsonb_build_object('go', false);
  end if;
  h := private.hold(m, v_now, private.without_waits(s));
  if p_exists is not false and (
    coalesce(h.reason, '') not in ('objection', 'superseded', 'bill', 'case', 'staff', 'restricted', 'hours')
    -- The one that is tried.
    or (h.reason = 'restricted' and s.trial_message_id = m.id)) then
    return jsonb_build_object('go', true);
  end if;
  perform private.forget_trial(m.id);
  update public.whatsapp_attempts set ended_at = v_now, outcome = case when p_exists is false then 'refused' else 'not_sent' end,
    code = case when p_exists is false then 'not_on_whatsapp' end
   where lease_token = p_lease_token;
  update public.whatsapp_messages set
    status = case when p_exists is false then 'failed' else 'queued' end,
    error_code = case when p_exists is false then 'not_on_whatsapp' end,
    attempts = attempts - 1, lease_token = null, lease_until = null, due_at = v_now
  where id = m.id;
  perform private.move_failed_ask(m.id);
  if h.final and p_exists is not false then
    perform private.withdraw(m.id, h.reason);
  end if;
  -- Asking for a number that does not exist is noticed by WhatsApp too: it uses up the slot. Else the slot is free again.
  update public.whatsapp_sender set
    slot_token = null,
    next_send_at = case when p_exists is false then v_now + p_interval_ms * interval '1 ms' else v_now end
  where id and slot_token = p_lease_token;
  return jsonb_build_object('go', false);
end
$$;
comment on function public.confirm_claim is
  'Whether the number of a claimed message is on WhatsApp (null: unknown), and, a moment before it is sent, whether the message may still go. Returns { go }; if it does not, it is settled.';
revoke execute on function public.confirm_claim from public, anon, authenticated, service_role;
grant execute on function public.confirm_claim to anon, service_role;
