create or replace function private.pods_shared(p_conversation_id bigint, f private.case_facts) returns jsonb
language plpgsql stable set search_path = '' set plan_cache_mode = force_generic_plan as $$
begin
  return coalesce((
    select jsonb_agg(jsonb_build_object('code', 'pod_shared', 'pod', x.pod, 'conversations', x.others) order by x.pod)
      from (
        select p.pod, array_agg(distinct o.conversation_id order by o.conversation_id) as others
          from (select distinct pod from unnest(f.months)) p
          cross join lateral (
            select m.conversation_id
              from public.bill_supplies s
              join public.bills b on b.id = s.bill_id and b.state = 'read' and b.page_of is null and b.duplicate_of is null
              join public.whatsapp_messages m on m.id = b.message_id
             where s.pod = p.pod
               and not exists (select from public.case_pods c
                                where c.conversation_id = m.conversation_id and c.pod = s.pod and (c.change = 'removed' or c.merged_into is not null))
            union
            -- Misread there, and merged into this one.
            select c.conversation_id from public.case_pods c where c.pod = p.pod and c.change = 'added') o
         where o.conversation_id <> p_conversation_id
         group by p.pod) x), '[]');
end
$$;
comment on function private.pods_shared is
  'The warnings pod_shared: PODs that are in another customer''s case as well.';
revoke execute on function private.pods_shared from public;
