create or replace function private.change_supply(s public.bill_supplies, p_columns jsonb) returns void
language plpgsql set search_path = '' as $$
begin
  delete from public.bill_supplies where id = s.id;
  insert into public.bill_supplies overriding system value
  select (jsonb_populate_record(s, p_columns)).*;
end
$$;
comment on function private.change_supply is
  'Changes some columns of a supply.';
revoke execute on function private.change_supply from public;
