create or replace function private.missing(f private.case_facts) returns jsonb
language plpgsql stable set search_path = '' as $$
begin
  return coalesce((
    select jsonb_agg(jsonb_build_object('pod', p.pod, 'months', p.months) order by p.pod)
      from (select m.pod, jsonb_agg(m.month order by m.month) as months from unnest(f.months) m
             where m.state in ('missing', 'known') group by m.pod) p), '[]');
end
$$;
comment on function private.missing is
  'What is missing of a case: [{ pod, months }]. The only place that decides it: the monitor, the text, the CSV, reminders and the asking rule ask here.';
revoke execute on function private.missing from public;
