create or replace function public.act_on_case(
  p_action text, p_conversation_id bigint default null, p_year integer default null, p_pod text default null, p_into text default null,
  p_from date default null, p_to date default null, p_reason text default null, p_message_id bigint default null
) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_who text := private.require_staff();
  c public.conversations;
  v_done jsonb;
  v_problem text;
begin
  if p_action not in ('case_year', 'case_pod_add', 'case_pod_remove', 'case_pod_merge', 'case_supply', 'case_months', 'case_declare',
                      'case_reopen') then
    raise invalid_parameter_value using message = 'unknown action';
  end if;
  if p_action = 'case_months' then
    v_done := public.act_on_bill('bill_correct', p_message_id, null,
      jsonb_build_array(jsonb_build_object('pod', p_pod, 'period_from', p_from, 'period_to', p_to)));
    if v_done ? 'error' then
      return v_done;
    end if;
    return jsonb_build_object('case', private.feed_case((select conversation_id from public.whatsapp_messages where id = p_message_id)));
  end if;
  select * into c from public.conversations where id = p_conversation_id and merged_into is null for update;
  if c.id is null then
    return jsonb_build_object('error', 'not_found');
  end if;
  case p_action
    when 'case_year' then
      if p_year not between private.case_year(c.id) - 4 and private.last_year(clock_timestamp()) then
        v_problem := 'year';
      else
        update public.conversations set case_year = p_year, case_year_by = v_who where id = c.id;
      end if;
    when 'case_pod_add' then
      perform private.set_pod(c.id, p_pod, 'added', null, v_who);
    when 'case_pod_remove' then
      perform private.set_pod(c.id, p_pod, 'removed', null, v_who);
    when 'case_pod_merge' then
      v_problem := private.merge_pod(c.id, p_pod, p_into, v_who);
    when 'case_supply' then
      insert into public.case_pods (conversation_id, pod, supply_from, supply_to, by) values (c.id, p_pod, p_from, p_to, v_who)
      on conflict (conversation_id, pod) do update set
        supply_from = excluded.supply_from, supply_to = excluded.supply_to, by = excluded.by, at = clock_timestamp();
    when 'case_declare' then
      update public.conversations set declared_at = clock_timestamp(), declared_by = v_who, declared_reason = p_reason where id = c.id;
    else
      update public.conversations set declared_at = null, declared_by = null, declared_reason = null where id = c.id;
  end case;
  if v_problem is not null then
    return jsonb_build_object('error', 'not_possible', 'status', v_problem);
  end if;
  perform private.refresh_case(c.id);
  insert into public.staff_actions (who, action, conversation_id) values (v_who, p_action, c.id);
  return jsonb_build_object('case', private.feed_case(c.id));
end
$$;
comment on function public.act_on_case is
  'case_year (p_year), case_pod_add, case_pod_remove (p_pod), case_pod_merge (p_pod was misread: it is p_into), case_supply (p_pod, p_from, p_to: when it began and ended), case_declare (p_reason), case_reopen; case_months: the file of p_message_id is a bill of p_pod, p_from to p_to. Returns { case } or { error: not_found | not_possible, status }.';
revoke execute on function public.act_on_case from public, anon, authenticated, service_role;
grant execute on function public.act_on_case to authenticated, service_role;
