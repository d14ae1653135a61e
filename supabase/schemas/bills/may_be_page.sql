create or replace function private.may_be_page(b public.bills, m public.whatsapp_messages) returns boolean
language plpgsql stable set search_path = '' as $$
begin
  return b.confirmed_at is null and b.page_of is null and b.duplicate_of is null
    and m.media_mime_type like 'image/%' and b.state in ('read', 'needs_eyes') and coalesce(b.reason, 'too_little') = 'too_little'
    and not exists (select from public.bill_supplies s where s.bill_id = b.id and s.pod is not null);
end
$$;
comment on function private.may_be_page is
  'Whether a file may be a page of another one: a photo without a POD that nobody has decided about.';
revoke execute on function private.may_be_page from public;
