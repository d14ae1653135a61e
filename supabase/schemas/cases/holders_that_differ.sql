create or replace function private.holders_that_differ(p_conversation_id bigint, f private.case_facts) returns jsonb
language plpgsql stable set search_path = '' as $$
declare
  v_farm text := private.holder_words((
    select company_name from public.cloudtalk_calls
     where conversation_id = p_conversation_id and company_name is not null order by id desc limit 1));
  v_hashes text[];
begin
  -- If nobody has told the farm's name, it is the one that most bills have; with a tie every holder is told.
  if v_farm is null then
    select case when count(*) = 1 then min(words) end into v_farm from (
      select h.words, rank() over (order by count(*) desc) as place
        from (select private.holder_words(s.holder) as words from unnest(f.supplies) s) h
       where h.words is not null group by h.words) ranked where place = 1;
  end if;
  v_hashes := array(
    select distinct s.holder_hash from unnest(f.supplies) s
     where s.holder_hash is not null and private.holder_words(s.holder) = v_farm);
  return coalesce((
    select jsonb_agg(jsonb_build_object('code', 'holder_differs', 'pod', d.pod, 'holder', d.holder, 'bills', d.bills) order by d.pod, d.holder)
      from (select s.pod, min(s.holder) as holder, array_agg(distinct s.message_id) as bills
              from unnest(f.supplies) s cross join lateral private.holder_words(s.holder) as words
             where words is distinct from v_farm and words is not null and (s.holder_hash is null or s.holder_hash <> all (v_hashes))
             group by s.pod, words) d), '[]');
end
$$;
comment on function private.holders_that_differ is
  'The warnings holder_differs: bills in another name than the farm''s.';
revoke execute on function private.holders_that_differ from public;
