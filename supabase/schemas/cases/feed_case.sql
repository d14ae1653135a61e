create or replace function private.feed_case(p_conversation_id bigint) returns jsonb
language plpgsql stable set search_path = '' set plan_cache_mode = force_generic_plan as $$
declare
  c public.conversations;
  f private.case_facts := private.read_case(p_conversation_id);
  v_pods private.case_pod[] := private.case_pods(f);
begin
  select * into c from public.conversations where id = p_conversation_id;
  return jsonb_build_object(
    'year', f.year, 'state', private.case_state(c, f),
    'covered', case when f.months = '{}' then f.files else (select count(*) from unnest(f.months) m where m.state = 'covered') end,
    'of', case when f.months <> '{}' then (select count(*) from unnest(f.months) m where m.state <> 'not_due') end,
    'pods', coalesce((
      select jsonb_agg(jsonb_build_object(
        'pod', p.pod, 'from', lower(p.supply), 'to', upper(p.supply) - 1,
        'months', (select jsonb_agg(jsonb_build_object('month', m.month, 'state', m.state, 'kwh', m.kwh, 'bills', m.bills) order by m.month)
                     from unnest(f.months) m where m.pod = p.pod),
        'kwh', p.kwh,
        'parts', coalesce((select jsonb_agg(jsonb_build_object(
            'bill', s.message_id, 'from', lower(s.period), 'to', upper(s.period) - 1, 'kwh', s.kwh) order by s.period, s.message_id)
          from unnest(p.parts) s), '[]')) order by p.pod)
      from unnest(v_pods) p), '[]'),
    'missing', private.missing(f),
    'warnings', private.case_warnings(p_conversation_id, f, v_pods),
    'declared', case when c.declared_at is not null then
      jsonb_build_object('at', c.declared_at, 'by', c.declared_by, 'reason', c.declared_reason) end,
    'text', private.missing_text(f),
    'ask_other_supplies', private.case_state(c, f) = 'complete' and not exists (
      select from public.todo_done d where d.conversation_id = c.id and d.todo = 'other_supplies'));
end
$$;
comment on function private.feed_case is
  'A customer''s case as the monitor gets it (Case in lib/supabase/cases/case.ts).';
revoke execute on function private.feed_case from public;
