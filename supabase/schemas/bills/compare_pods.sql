create or replace function private.compare_pods(p_conversation_id bigint) returns void
language plpgsql set search_path = '' as $$
begin
  -- By what each bill says by itself, so that it does not matter which was read first.
  with pods as (
    select s.id, s.bill_id, s.pod, s.evidence -> 'pod' as said, b.confirmed_at is not null as confirmed,
        m.media_mime_type like 'image/%' as is_photo, r.rule,
        case r.compared when 'same' then false when 'another' then true else (s.evidence #>> '{pod,sure}')::boolean end as sure
      from public.whatsapp_messages m join public.bills b on b.message_id = m.id join public.bill_supplies s on s.bill_id = b.id
      cross join lateral (
        select regexp_replace(s.evidence #>> '{pod,rule}', ', (same|another) POD$', '') as rule,
               substring(s.evidence #>> '{pod,rule}' from ', (same|another) POD$') as compared) r
     where m.conversation_id = p_conversation_id and m.is_bill and s.pod is not null and s.evidence ? 'pod'
  ), known as (
    select id, pod from pods where sure or confirmed
  ), compared as (
    select x.*, case
        when exists (select from known k where k.id <> x.id and k.pod = x.pod) then case when not x.sure then 'same' end
        -- Of a photo, one character may be another.
        when x.sure and x.is_photo and exists (
          select from known k where k.id <> x.id and 1 = (
            select count(*) from generate_series(1, length(x.pod)) i where substr(k.pod, i, 1) <> substr(x.pod, i, 1))) then 'another' end as found
      from pods x where not x.confirmed
  ), changed as (
    update public.bill_supplies s
       set evidence = jsonb_set(s.evidence, '{pod}', c.said || jsonb_build_object(
         'rule', concat_ws(', ', c.rule, c.found || ' POD'), 'sure', c.sure <> (c.found is not null)))
      from compared c
     where s.id = c.id and c.said ->> 'rule' is distinct from concat_ws(', ', c.rule, c.found || ' POD')
    returning s.bill_id
  )
  -- The monitor shows them.
  update public.bills set state = state where id in (select bill_id from changed);
end
$$;
comment on function private.compare_pods is
  'A customer''s bills are held against each other: a POD that another one says as well becomes sure, and one that a photo says and that is but one character from another one''s is to be checked.';
revoke execute on function private.compare_pods from public;
