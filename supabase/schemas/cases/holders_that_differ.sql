create or replace function private.holders_that_differ(p_conversation_id bigint, f private.case_facts) returns jsonb
language plpgsql stable set search_path = '' set plan_cache_mode = force_generic_plan as $$
declare
  v_farm text := private.holder_words((
    select company_name from public.cloudtalk_calls
     where conversation_id = p_conversation_id and company_name is not null order by id desc limit 1));
begin
  return coalesce((
    with holders as materialized (
      select h.holder, h.bills, private.holder_words(h.holder) as words
        from (select s.holder, count(*) as bills from unnest(f.supplies) s where s.holder is not null group by s.holder) h),
    ranked as (
      select h.words, rank() over (order by sum(h.bills) desc) as place from holders h where h.words is not null group by h.words),
    -- If nobody has told the farm's name, it is the one that most bills have; with a tie every holder is told.
    farm as (
      select coalesce(v_farm, (select case when count(*) = 1 then min(r.words) end from ranked r where r.place = 1)) as words),
    hashes as (
      select s.holder_hash from unnest(f.supplies) s join holders h on h.holder = s.holder join farm on farm.words = h.words
       where s.holder_hash is not null)
    select jsonb_agg(jsonb_build_object('code', 'holder_differs', 'pod', d.pod, 'holder', d.holder, 'bills', d.bills) order by d.pod, d.holder)
      from (select s.pod, min(s.holder) as holder, array_agg(distinct s.message_id) as bills
              from unnest(f.supplies) s join holders h on h.holder = s.holder cross join farm
             where h.words is not null and h.words is distinct from farm.words
               and not exists (select from hashes x where x.holder_hash = s.holder_hash)
             group by s.pod, h.words) d), '[]');
end
$$;
comment on function private.holders_that_differ is
  'The warnings holder_differs: bills in another name than the farm''s.';
revoke execute on function private.holders_that_differ from public;
