create or replace function private.case_bills(p_conversation_id bigint) returns private.case_bill[]
language plpgsql stable set search_path = '' set plan_cache_mode = force_generic_plan as $$
begin
  return array(
    with printed as (
      select m.id as message_id, s, b.confirmed_at is not null as confirmed, coalesce(p.merged_into, s.pod) as pod,
             coalesce(b.confirmed_at is not null or p.merged_into is not null or r.change = 'added'
               or (s.evidence #>> '{pod,sure}')::boolean, false) and s.pod is not null as pod_counts,
             case when s.period_from <= s.period_to then daterange(s.period_from, s.period_to, '[]') end as period,
             b.confirmed_at is not null or coalesce(
               (s.evidence #>> '{period_from,sure}')::boolean and (s.evidence #>> '{period_to,sure}')::boolean, false) as period_counts,
             s.kwh is not null and (b.confirmed_at is not null or coalesce((s.evidence #>> '{kwh,sure}')::boolean, false)) as kwh_counts,
             case when s.replaces_from <= s.replaces_to and (b.confirmed_at is not null or coalesce(
               (s.evidence #>> '{replaces_from,sure}')::boolean and (s.evidence #>> '{replaces_to,sure}')::boolean, false))
               then daterange(s.replaces_from, s.replaces_to, '[]') end as replaces,
             b.confirmed_at is not null or coalesce((s.evidence #>> '{months,sure}')::boolean, false) as months_count
        from public.whatsapp_messages m
        join public.bills b on b.message_id = m.id
        join public.bill_supplies s on s.bill_id = b.id
        left join public.case_pods p on p.conversation_id = m.conversation_id and p.pod = s.pod
        left join public.case_pods r on r.conversation_id = m.conversation_id and r.pod = coalesce(p.merged_into, s.pod)
       where m.conversation_id = p_conversation_id and m.is_bill
         and b.state = 'read' and b.page_of is null and b.duplicate_of is null and r.change is distinct from 'removed'),
    ranked as (
      select p.*, p.pod_counts and p.period_counts and p.period is not null as counts, row_number() over (
               order by p.confirmed desc, p.pod_counts and p.period_counts desc, p.kwh_counts desc,
                 (p.s).invoice_number is null, (p.s).kwh is null, (p.s).id) as place
        from printed p),
    -- The same bill, sent twice and not known as a repeat: the better one stands for both.
    once as (
      select r.* from ranked r where not exists (
        select from ranked o
         where o.place < r.place and o.pod = r.pod and o.period = r.period
           and case when (o.s).invoice_number is null or (r.s).invoice_number is null
             then ((o.s).kwh = (r.s).kwh or (o.s).kwh is null or (r.s).kwh is null)
              and ((o.s).supplier = (r.s).supplier or (o.s).supplier is null or (r.s).supplier is null)
             else (o.s).invoice_number = (r.s).invoice_number end))
    select row(
      o.message_id, (o.s).id, o.pod, o.pod_counts, o.period,
      case when o.period is not null then datemultirange(o.period) + coalesce(datemultirange(o.replaces), '{}') end,
      o.counts, (o.s).kwh, o.kwh_counts, o.replaces,
      -- A correction replaces what was billed before it; of two corrections the later one.
      exists (
        select from once n
         where n.pod = o.pod and n.counts and (n.s).id <> (o.s).id and n.replaces && o.period
           and case when o.replaces && n.replaces then (n.s).issued_on > (o.s).issued_on
             else coalesce((n.s).issued_on >= (o.s).issued_on, true) end),
      (o.s).months, o.pod_counts and o.months_count, o.confirmed,
      not o.confirmed and not (o.counts and (o.kwh_counts or (o.s).kwh is null)),
      (o.s).use, (o.s).holder, (o.s).holder_hash, (o.s).issued_on, (o.s).supplier, (o.s).invoice_number)::private.case_bill
    from once o order by o.pod, o.period, o.place);
end
$$;
comment on function private.case_bills is
  'What a customer''s bills say, each once: not of files that were rejected, of pages, of repeats, of PODs that staff removed.';
revoke execute on function private.case_bills from public;
