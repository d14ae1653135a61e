create or replace function private.pod_words(p_pods text[]) returns text
language plpgsql immutable set search_path = '' as $$
begin
  return case when cardinality(p_pods) > 1 then 'i POD ' else 'il POD ' end || private.joined(array(select '…' || right(p, 4) from unnest(p_pods) p));
end
$$;
comment on function private.pod_words is
  'PODs for a customer: "il POD …5678", "i POD …5678 e …9012".';
revoke execute on function private.pod_words from public;
