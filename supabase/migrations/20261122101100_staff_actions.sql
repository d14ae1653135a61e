-- What staff may do by hand. Each action is kept with who did it; what the state machine forbids is refused.

create or replace function private.require_staff() returns text
language plpgsql stable set search_path = '' as $$
declare
  v_name text;
begin
  -- The signed-in person's name. PostgREST hands over the claims of a token that it has verified.
  if current_setting('role', true) in ('anon', 'authenticated') then
    select name into v_name from public.staff
     where user_id = (nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub')::uuid;
    if v_name is null then
      raise insufficient_privilege using message = 'This account is not staff.';
    end if;
    return v_name;
  end if;
  return 'sistema';
end
$$;
revoke execute on function private.require_staff from public;

create or replace function public.who_am_i() returns jsonb
language sql stable security definer set search_path = '' as $$
  select jsonb_build_object('name', private.require_staff(),
    'email', nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'email')
$$;
comment on function public.who_am_i is 'The signed-in person: { name, email }. Refused to an account that is not staff.';

create or replace function private.conversation_of(m public.whatsapp_messages) returns bigint
language sql stable set search_path = '' as $$
  select id from public.conversations where phone_number = m.phone_number
  union all
  select id from public.conversations
   where m.phone_number is null and lid = m.lid and phone_number is null and merged_into is null
  limit 1
$$;

create or replace function public.act_on_message(p_action text, p_message_id bigint) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_who text := private.require_staff();
  m public.whatsapp_messages;
  v_from text;
  v_to text;
begin
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
    update public.whatsapp_messages set status = 'cancelled', cancelled_by = v_who where id = m.id;
  end if;
  insert into public.staff_actions (who, action, conversation_id, message_id, from_status, to_status)
  values (v_who, p_action, private.conversation_of(m), m.id, v_from, v_to);
  return jsonb_build_object('message', jsonb_build_object('id', m.id, 'status', v_to));
end
$$;
comment on function public.act_on_message is
  'retry (failed), resend or give_up (unknown), cancel (queued). Returns { message: { id, status } } or { error: not_found | not_possible, status }.';

create or replace function public.act_on_sender(p_action text) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_who text := private.require_staff();
  s public.whatsapp_sender;
begin
  select * into s from public.whatsapp_sender for update;
  if p_action = 'pause' then
    if s.paused_reason = 'staff' then return jsonb_build_object('error', 'not_possible', 'status', 'paused'); end if;
    update public.whatsapp_sender set
      paused_at = clock_timestamp(), paused_reason = 'staff', paused_message = v_who, paused_fingerprint = null, probe_at = null;
  elsif p_action = 'resume' then
    if s.paused_at is null then return jsonb_build_object('error', 'not_possible', 'status', 'running'); end if;
    update public.whatsapp_sender set
      paused_at = null, paused_reason = null, paused_message = null, paused_fingerprint = null, probe_at = null;
  else
    raise invalid_parameter_value using message = 'unknown action';
  end if;
  insert into public.staff_actions (who, action, from_status, to_status)
  values (v_who, p_action, coalesce('paused: ' || s.paused_reason, 'running'),
          case p_action when 'pause' then 'paused: staff' else 'running' end);
  return jsonb_build_object('paused', p_action = 'pause');
end
$$;
comment on function public.act_on_sender is 'pause or resume. Returns { paused } or { error: not_possible, status }.';

create or replace function public.act_on_conversation(
  p_action text, p_conversation_id bigint, p_text text default null, p_client_id uuid default null
) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_who text := private.require_staff();
  c public.conversations;
  m public.whatsapp_messages;
begin
  select * into c from public.conversations where id = p_conversation_id and merged_into is null for update;
  if c.id is null then
    return jsonb_build_object('error', 'not_found');
  end if;
  if p_action = 'seen' then
    update public.conversations set
      seen_message_id = greatest(seen_message_id, coalesce(last_message_id, 0)), unread = 0
    where id = c.id and unread > 0;
    return jsonb_build_object('seen', true);
  elsif p_action in ('bill_set', 'bill_unset') then
    if (c.bill_at is not null) = (p_action = 'bill_set') then
      return jsonb_build_object('bill', c.bill_at is not null);
    end if;
    update public.conversations set
      bill_at = case p_action when 'bill_set' then clock_timestamp() end,
      bill_by = case p_action when 'bill_set' then v_who end
    where id = c.id;
    perform private.refresh_conversation(c.phone_number, c.lid);
    insert into public.staff_actions (who, action, conversation_id) values (v_who, p_action, c.id);
    return jsonb_build_object('bill', p_action = 'bill_set');
  elsif p_action = 'reply' then
    if c.phone_number is null then
      return jsonb_build_object('error', 'not_possible', 'status', 'no_number');
    end if;
    -- Before the asks that wait: somebody is talking to the customer. The key makes a second click harmless.
    insert into public.whatsapp_messages (direction, kind, status, phone_number, text, author, client_id, priority, due_at, call_id)
    values ('outgoing', 'reply', 'queued', c.phone_number, p_text, v_who, p_client_id, 10, clock_timestamp(),
            (select max(id) from public.cloudtalk_calls where phone_number = c.phone_number))
    on conflict (client_id) do nothing
    returning * into m;
    if m.id is null then
      select * into m from public.whatsapp_messages where client_id = p_client_id and phone_number = c.phone_number;
      if m.id is null then return jsonb_build_object('error', 'not_possible', 'status', 'client_id_used'); end if;
    else
      insert into public.staff_actions (who, action, conversation_id, message_id, to_status)
      values (v_who, 'reply', c.id, m.id, 'queued');
    end if;
    return jsonb_build_object('message', private.feed_message(m));
  end if;
  raise invalid_parameter_value using message = 'unknown action';
end
$$;
comment on function public.act_on_conversation is
  'reply (text, client_id: an idempotency key), bill_set, bill_unset, seen. Returns what it did or { error: not_found | not_possible, status }.';

revoke execute on function public.who_am_i, public.act_on_message, public.act_on_sender, public.act_on_conversation
  from public, anon, authenticated;
grant execute on function public.who_am_i, public.act_on_message, public.act_on_sender, public.act_on_conversation
  to authenticated, service_role;
revoke execute on all functions in schema private from public;
