create or replace function private.case_warnings(p_conversation_id bigint, f private.case_facts, p_pods private.case_pod[]) returns jsonb
language plpgsql stable set search_path = '' set plan_cache_mode = force_generic_plan as $$
declare
  v_year daterange := daterange(make_date(f.year, 1, 1), make_date(f.year, 12, 31), '[]');
begin
  return private.holders_that_differ(p_conversation_id, f)
    || coalesce((
      select jsonb_agg(jsonb_build_object('code', 'domestic_use', 'pod', d.pod, 'bills', d.bills) order by d.pod)
        from (select s.pod, array_agg(distinct s.message_id) as bills from unnest(f.supplies) s
               where s.use = 'domestic' group by s.pod) d), '[]')
    || coalesce((
      select jsonb_agg(jsonb_build_object('code', 'gas_only', 'bills', array[m.id]) order by m.id)
        from public.whatsapp_messages m join public.bills b on b.message_id = m.id
       where m.conversation_id = p_conversation_id and m.is_bill and b.state = 'not_a_bill' and b.kind = 'gas' and b.duplicate_of is null), '[]')
    || coalesce((
      select jsonb_agg(jsonb_build_object('code', 'other_year', 'pod', s.pod, 'bills', array[s.message_id],
               'from', lower(s.period), 'to', upper(s.period) - 1) order by s.pod, s.period, s.message_id)
        from unnest(f.supplies) s where s.period is not null and not s.spans && v_year), '[]')
    || private.pods_shared(p_conversation_id, f)
    || coalesce((
      select jsonb_agg(jsonb_build_object('code', w.code, 'pod', p.pod, 'from', lower(w.days), 'to', upper(w.days) - 1)
               || case when w.bill is not null then jsonb_build_object('bills', array[w.bill]) else '{}' end
             order by p.pod, w.code desc, w.days)
        from unnest(p_pods) p
        cross join lateral (
          select 'overlap' as code, o as days, null::bigint as bill from unnest(p.overlapping) o
          union all select 'gap', g, null from unnest(p.gaps) g
          union all select 'crosses_year', x.period, x.message_id from unnest(p.crossing) x) w), '[]');
end
$$;
comment on function private.case_warnings is
  'What staff should know of a case: [{ code, … }], of a closed list of codes (WARNINGS in lib/supabase/cases/case.ts).';
revoke execute on function private.case_warnings from public;
