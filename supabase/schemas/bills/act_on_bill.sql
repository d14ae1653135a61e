create or replace function public.act_on_bill(
  p_action text, p_message_id bigint, p_of bigint default null, p_supplies jsonb default null
) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_who text := private.require_staff();
  m public.whatsapp_messages;
  b public.bills;
  v_from text;
  v_counted boolean;
  v_annual numeric;
  v_problem text;
begin
  perform private.lock_customers('{}', array(select conversation_id from public.whatsapp_messages where id = p_message_id));
  select * into m from public.whatsapp_messages where id = p_message_id and is_bill and media_state is not null for update;
  if m.id is null then
    return jsonb_build_object('error', 'not_found');
  end if;
  if p_action not in ('bill_confirm', 'bill_correct', 'bill_page', 'bill_reject') then
    raise invalid_parameter_value using message = 'unknown action';
  end if;
  v_counted := private.counts_as_bill(m);
  v_annual := private.annual_consumption(m.conversation_id);
  select * into b from public.bills where message_id = m.id for update;
  if p_action = 'bill_confirm' and (b.id is null or b.state = 'waiting') then
    return jsonb_build_object('error', 'not_possible', 'status', coalesce(b.state, m.media_state));
  end if;
  if b.id is null then
    -- It could not be fetched, and staff have seen it elsewhere.
    insert into public.bills (message_id) values (m.id) returning * into b;
  end if;
  v_from := b.state;
  v_problem := case p_action
    when 'bill_correct' then private.correct_bill(b, p_supplies, v_who)
    when 'bill_page' then private.say_page(b, m, p_of)
    when 'bill_reject' then private.reject_bill(b) end;
  if v_problem is not null then
    if b.reader_version is null and b.due_at is null and b.state = 'waiting' then
      delete from public.bills where id = b.id;
    end if;
    return jsonb_build_object('error', 'not_possible', 'status', v_problem);
  end if;
  update public.bills set confirmed_at = clock_timestamp(), confirmed_by = v_who, due_at = null, lease_token = null
   where id = b.id
  returning * into b;
  -- A repeat is what it repeats.
  update public.bills set state = b.state, kind = b.kind, reason = b.reason, due_at = null, lease_token = null
   where duplicate_of = b.id and confirmed_at is null;
  perform private.compare_pods(m.conversation_id);
  perform private.fill_annual_consumption(m.conversation_id, v_annual);
  if not private.counts_as_bill(m) then
    perform private.unmark_bill(m.conversation_id, not b.backlog);
  elsif not v_counted then
    perform private.mark_bill(m.conversation_id, clock_timestamp());
  end if;
  insert into public.staff_actions (who, action, conversation_id, message_id, from_status, to_status)
  values (v_who, p_action, m.conversation_id, m.id, v_from, b.state);
  return jsonb_build_object('bill', private.feed_bill(m));
end
$$;
comment on function public.act_on_bill is
  'bill_confirm (what was read is right), bill_correct (p_supplies, as lib/bills/bill.ts has them, replace it), bill_page (it is a page of the bill of message p_of), bill_reject (it is no electricity bill). Returns { bill } or { error: not_found | not_possible, status }.';
revoke execute on function public.act_on_bill from public, anon, authenticated, service_role;
grant execute on function public.act_on_bill to authenticated, service_role;
