create or replace function private.save_supplies(p_bill_id bigint, p_supplies jsonb) returns void
language plpgsql set search_path = '' as $$
begin
  delete from public.bill_supplies where bill_id = p_bill_id;
  -- The holder's tax code ends here.
  insert into public.bill_supplies overriding user value
  select (jsonb_populate_record(null::public.bill_supplies,
    '{"months": [], "evidence": {}}'
    || (select coalesce(jsonb_object_agg(key, value), '{}') from jsonb_each(s.value) where value <> 'null') || jsonb_build_object('bill_id', p_bill_id, 'holder_hash',
      coalesce(private.keyed_hash(upper(regexp_replace(s.value ->> 'holder_id', '[^[:alnum:]]', '', 'g'))), s.value ->> 'holder_hash')))).*
    from jsonb_array_elements(p_supplies) with ordinality s (value, place)
   order by s.place;
end
$$;
comment on function private.save_supplies is
  'Replaces what a bill says. holder_id, a tax code or VAT number, becomes holder_hash.';
revoke execute on function private.save_supplies from public;
