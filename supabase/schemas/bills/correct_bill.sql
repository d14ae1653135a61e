create or replace function private.correct_bill(b public.bills, p_supplies jsonb, p_who text) returns text
language plpgsql set search_path = '' as $$
declare
  v_old jsonb := coalesce((
    select jsonb_agg(to_jsonb(s) order by s.id) from public.bill_supplies s where s.bill_id = coalesce(b.page_of, b.duplicate_of, b.id)), '[]');
  v_new jsonb := '[]';
  v_staff jsonb := jsonb_build_object('rule', 'staff', 'sure', true, 'by', p_who, 'at', clock_timestamp());
  v_before jsonb;
  x record;
begin
  for x in select value as supply, place from jsonb_array_elements(p_supplies) with ordinality s (value, place) loop
    -- The supply that it corrects: of the same POD, else at the same place.
    select coalesce(
      (select value from jsonb_array_elements(v_old) where value ->> 'pod' = x.supply ->> 'pod' limit 1), v_old -> (x.place::integer - 1), '{}')
    into v_before;
    v_new := v_new || jsonb_build_array(x.supply
      || case when not x.supply ? 'holder_id' and v_before -> 'holder' = x.supply -> 'holder'
           then jsonb_build_object('holder_hash', v_before -> 'holder_hash') else '{}' end
      || jsonb_build_object('evidence', (
        select coalesce(jsonb_object_agg(c.key,
          -- Where it is printed stays known if the value does.
          case when v_before -> c.key = c.value then coalesce(v_before #> array['evidence', c.key], '{}')
            else '{"page": null, "quote": "", "box": null}' end
          || jsonb_build_object('value', c.value, 'unit', case when c.key in ('kwh', 'kwh_f1', 'kwh_f2', 'kwh_f3', 'annual_kwh', 'months') then 'kWh'
               when c.key = 'power_kw' then 'kW' end)
          || v_staff), '{}')
        from jsonb_each(x.supply) c where c.value not in ('null', '[]') and c.key <> 'holder_id')));
  end loop;
  update public.bills set
    state = 'read', kind = case kind when 'both' then kind else 'electricity' end, reason = null, page_of = null, duplicate_of = null
  where id = b.id;
  perform private.save_supplies(b.id, v_new);
  return null;
end
$$;
comment on function private.correct_bill is
  'What staff say replaces what was read. Returns why it is not possible: never.';
revoke execute on function private.correct_bill from public;
