create or replace function private.bill_of_page(m public.whatsapp_messages) returns bigint
language plpgsql stable set search_path = '' as $$
declare
  v_at timestamptz := coalesce(m.message_at, m.created_at);
begin
  -- Page 1, with the POD, mostly comes first.
  return (
    select p.id from public.bills p join public.whatsapp_messages w on w.id = p.message_id
     where w.conversation_id = m.conversation_id and w.is_bill and w.id <> m.id and w.media_mime_type like 'image/%'
       and p.state = 'read' and p.page_of is null and p.duplicate_of is null
       and coalesce(w.message_at, w.created_at) between v_at - interval '10 minutes' and v_at + interval '10 minutes'
       and exists (select from public.bill_supplies s where s.bill_id = p.id and s.pod is not null)
     order by w.id > m.id, abs(w.id - m.id) limit 1);
end
$$;
comment on function private.bill_of_page is
  'The bill of which a photo without a POD may be a page: the same customer''s photo with one that came within ten minutes.';
revoke execute on function private.bill_of_page from public;
