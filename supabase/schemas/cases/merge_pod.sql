create or replace function private.merge_pod(p_conversation_id bigint, p_from text, p_into text, p_who text) returns text
language plpgsql set search_path = '' as $$
begin
  if p_from = p_into then
    return 'itself';
  elsif exists (
    select from public.case_pods where conversation_id = p_conversation_id and pod = p_into and (merged_into is not null or change = 'removed')) then
    return 'not_in_case';
  end if;
  perform private.set_pod(p_conversation_id, p_from, null, p_into, p_who);
  -- What was merged into it before goes along.
  update public.case_pods set merged_into = p_into where conversation_id = p_conversation_id and merged_into = p_from;
  -- Staff have named it.
  insert into public.case_pods (conversation_id, pod, change, by) values (p_conversation_id, p_into, 'added', p_who)
  on conflict (conversation_id, pod) do update set change = 'added';
  return null;
end
$$;
comment on function private.merge_pod is
  'A POD was misread: what bills say of it is of another one. Returns why it is not possible, or null.';
revoke execute on function private.merge_pod from public;
