create or replace function private.take_from_bill(p_page bigint) returns jsonb
language plpgsql set search_path = '' as $$
declare
  p public.bills;
  s public.bill_supplies;
  v_columns text[];
  v_taken jsonb;
begin
  select * into p from public.bills where id = p_page;
  if p.page_of is null then
    -- What a page says is of one supply, or it cannot be told of which.
    select to_jsonb(x) into v_taken from public.bill_supplies x
     where x.bill_id = p_page and (select count(*) from public.bill_supplies where bill_id = p_page) = 1;
    return v_taken;
  end if;
  select x.* into s from public.bill_supplies x join public.bills b on b.id = x.bill_id
   where x.bill_id = p.page_of and b.confirmed_at is null
     and x.evidence @? format('$.* ? (@.message_id == %s)', p.message_id)::jsonpath limit 1;
  if s.id is null then
    return null;
  end if;
  v_columns := array(select key from jsonb_each(s.evidence) where (value ->> 'message_id')::bigint = p.message_id);
  select jsonb_object_agg(key, value) into v_taken from jsonb_each(to_jsonb(s)) where key = any (v_columns);
  v_taken := v_taken || jsonb_build_object('evidence', (select jsonb_object_agg(key, value - 'message_id') from jsonb_each(s.evidence) where key = any (v_columns)));
  perform private.change_supply(s, (
    select jsonb_object_agg(c, case c when 'months' then '[]'::jsonb else 'null' end) from unnest(v_columns) c)
    || jsonb_build_object('evidence', s.evidence - v_columns));
  return v_taken;
end
$$;
comment on function private.take_from_bill is
  'What a page says, as columns of a supply with their evidence: its own, or what the bill has from it, which loses it. Null if nothing.';
revoke execute on function private.take_from_bill from public;
