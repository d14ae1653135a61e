create or replace function public.act_on_conversation(
  p_action text, p_conversation_id bigint, p_text text default null, p_client_id uuid default null,
  p_when text default 'now', p_despite_objection boolean default false
) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_who text := private.require_staff();
  c public.conversations;
  m public.whatsapp_messages;
  v_phone text;
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
    -- What a file says may be taken back; what staff say is not.
    if (p_action = 'bill_set' and c.bill_by is not null) or (p_action = 'bill_unset' and c.bill_at is null) then
      return jsonb_build_object('bill', c.bill_at is not null);
    end if;
    update public.conversations set
      bill_at = case p_action when 'bill_set' then coalesce(bill_at, clock_timestamp()) end,
      bill_by = case p_action when 'bill_set' then v_who end
    where id = c.id;
    if p_action = 'bill_set' then
      perform private.withdraw_asks(c.id);
    else
      perform private.restore_asks(c.id);
    end if;
    perform private.refresh_customer(c.id);
    insert into public.staff_actions (who, action, conversation_id) values (v_who, p_action, c.id);
    return jsonb_build_object('bill', p_action = 'bill_set');
  elsif p_action = 'reply' and c.objected_at is not null and not p_despite_objection then
    return jsonb_build_object('error', 'objection');
  elsif p_action = 'reply' then
    v_phone := private.reply_number(c.id);
    if v_phone is null then
      return jsonb_build_object('error', 'not_possible', 'status', 'no_number');
    end if;
    -- Before the asks that wait: a colleague is talking to the customer. The key makes a second click harmless.
    insert into public.whatsapp_messages
      (conversation_id, direction, kind, status, phone_number, text, author, client_id, priority, due_at, call_id,
       in_hours)
    values
      (c.id, 'outgoing', 'reply', 'queued', v_phone, p_text, v_who, p_client_id, 10, clock_timestamp(), private.last_call(c.id),
       p_when = 'hours')
    on conflict (client_id) do nothing
    returning * into m;
    if m.id is null then
      select * into m from public.whatsapp_messages where client_id = p_client_id and conversation_id = c.id;
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
  'reply (text, client_id: an idempotency key; p_when: now, or hours; to somebody who objected only with p_despite_objection), bill_set, bill_unset, seen. Returns what it did or { error: not_found | not_possible | objection, status }.';
revoke execute on function public.act_on_conversation from public, anon, authenticated, service_role;
grant execute on function public.act_on_conversation to authenticated, service_role;
