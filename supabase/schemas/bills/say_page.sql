create or replace function private.say_page(b public.bills, m public.whatsapp_messages, p_of bigint) returns text
language plpgsql set search_path = '' as $$
declare
  o public.bills;
begin
  select x.* into o from public.bills x join public.whatsapp_messages w on w.id = x.message_id
   where w.id = p_of and w.conversation_id = m.conversation_id;
  -- A page of a page, or of a repeat, is one of the bill itself.
  if coalesce(o.page_of, o.duplicate_of) <> b.id then
    select * into o from public.bills where id = coalesce(o.page_of, o.duplicate_of);
  end if;
  if o.id is null then
    return 'not_the_customers';
  elsif o.id = b.id or coalesce(o.page_of, o.duplicate_of) = b.id then
    return 'itself';
  elsif o.state in ('not_a_bill', 'waiting') then
    return o.state;
  end if;
  perform private.make_page(b.id, o.id);
  update public.bills set
    state = 'read', kind = case when o.kind = 'both' then o.kind else 'electricity' end, reason = null
  where id = b.id;
  return null;
end
$$;
comment on function private.say_page is
  'Staff say of which file of the same customer''s this one is a page. Returns why it is not possible, or null.';
revoke execute on function private.say_page from public;
