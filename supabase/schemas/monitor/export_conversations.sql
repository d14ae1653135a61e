create or replace function public.export_conversations(
  p_state text default null, p_q text default null, p_objection boolean default null, p_undelivered boolean default null,
  p_case text default null, p_todo text default null
) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
begin
  perform private.require_staff();
  return coalesce((
    select jsonb_agg(jsonb_build_object(
      'phone_number', private.phone_of(c.id), 'name', c.name, 'state', c.state, 'last_at', c.last_at, 'unread', c.unread,
      'objected_at', c.objected_at, 'objection_reason', c.objection_reason, 'bill_at', c.bill_at, 'bill_by', c.bill_by,
      'case', jsonb_build_object('year', c.case_year, 'state', c.case_state, 'covered', c.case_covered, 'of', c.case_of,
        'missing', c.case_missing),
      'bills', coalesce((
        select jsonb_agg(jsonb_build_object('supplier', s.supplier, 'pod', s.pod, 'period_from', s.period_from, 'period_to', s.period_to,
            'kwh', s.kwh, 'power_kw', s.power_kw, 'confirmed', b.confirmed_at is not null) order by m.id desc, s.id)
          from public.whatsapp_messages m join public.bills b on b.message_id = m.id join public.bill_supplies s on s.bill_id = b.id
         where m.conversation_id = c.id and m.is_bill and m.media_state is not null), '[]'),
      'label', (
        select jsonb_build_object('value', l.label, 'date', l.label_date) from public.whatsapp_messages l
         where l.conversation_id = c.id and l.direction = 'incoming' and l.label <> 'other' order by l.id desc limit 1),
      'last_text', (select left(l.text, 500) from public.whatsapp_messages l where l.id = c.last_message_id),
      'last_call_at', (select coalesce(k.call_end_time, k.call_start_time, k.created_at) from public.cloudtalk_calls k
                        where k.conversation_id = c.id order by k.id desc limit 1),
      'todo', private.feed_todos(c.id),
      'company_name', (select k.company_name from public.cloudtalk_calls k
                        where k.conversation_id = c.id and k.company_name is not null order by k.id desc limit 1)))
    from private.find_conversations(p_state, p_q, null, 20000, p_objection, p_undelivered, p_case, p_todo) c), '[]');
end
$$;
comment on function public.export_conversations is
  'The list by state and search for a spreadsheet, newest first, at most 20,000.';
revoke execute on function public.export_conversations from public, anon, authenticated, service_role;
grant execute on function public.export_conversations to authenticated, service_role;
