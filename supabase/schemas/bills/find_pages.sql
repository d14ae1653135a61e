create or replace function private.find_pages(b public.bills, m public.whatsapp_messages) returns void
language plpgsql set search_path = '' as $$
begin
  perform private.make_page(p.id, b.id)
     from public.bills p join public.whatsapp_messages w on w.id = p.message_id
    where w.conversation_id = m.conversation_id and w.is_bill and p.id <> b.id
      and private.may_be_page(p, w) and private.bill_of_page(w) = b.id;
end
$$;
comment on function private.find_pages is
  'Proposes as pages of a bill the photos that were read before it.';
revoke execute on function private.find_pages from public;
