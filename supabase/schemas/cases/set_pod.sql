create or replace function private.set_pod(p_conversation_id bigint, p_pod text, p_change text, p_into text, p_who text) returns void
language plpgsql set search_path = '' as $$
begin
  insert into public.case_pods as k (conversation_id, pod, change, merged_into, by)
  values (p_conversation_id, p_pod, p_change, p_into, p_who)
  on conflict (conversation_id, pod) do update set
    change = excluded.change, merged_into = excluded.merged_into, by = excluded.by, at = clock_timestamp();
end
$$;
comment on function private.set_pod is
  'Staff say that a POD is one of the case (added), is none (removed), or was misread (into).';
revoke execute on function private.set_pod from public;
