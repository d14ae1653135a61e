create or replace function private.make_page(p_page bigint, p_bill bigint) returns void
language plpgsql set search_path = '' as $$
declare
  v_said jsonb := private.take_from_bill(p_page);
begin
  update public.bills set page_of = p_bill, duplicate_of = null where id = p_page;
  -- Its own pages are the bill's as well.
  update public.bills set page_of = p_bill where page_of = p_page and id <> p_bill;
  delete from public.bill_supplies where bill_id = p_page;
  if v_said is not null then
    perform private.add_to_bill(p_bill, v_said, (select message_id from public.bills where id = p_page));
  end if;
end
$$;
comment on function private.make_page is
  'A file becomes a page of a bill: what it says belongs to that.';
revoke execute on function private.make_page from public;
