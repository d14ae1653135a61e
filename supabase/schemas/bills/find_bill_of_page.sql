create or replace function private.find_bill_of_page(b public.bills, m public.whatsapp_messages) returns boolean
language plpgsql set search_path = '' as $$
declare
  v_bill bigint;
begin
  if private.may_be_page(b, m) then
    v_bill := private.bill_of_page(m);
  end if;
  if v_bill is null then
    return false;
  end if;
  perform private.make_page(b.id, v_bill);
  return true;
end
$$;
comment on function private.find_bill_of_page is
  'Whether a file is proposed as a page of a bill.';
revoke execute on function private.find_bill_of_page from public;
