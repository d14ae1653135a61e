create or replace function private.find_original(b public.bills, m public.whatsapp_messages) returns boolean
language plpgsql set search_path = '' as $$
declare
  v_original bigint;
begin
  select o.id into v_original
    from public.bills o join public.whatsapp_messages w on w.id = o.message_id
   where w.conversation_id = m.conversation_id and w.is_bill and o.id <> b.id
     and o.state <> 'waiting' and o.page_of is null and o.duplicate_of is null
     and (w.media_sha256 = m.media_sha256
       or (exists (select from public.bill_supplies where bill_id = b.id) and not exists (
         select from public.bill_supplies s
          where s.bill_id = b.id and not exists (
            select from public.bill_supplies t
             where t.bill_id = o.id and (t.pod, t.period_from, t.period_to, t.invoice_number)
               = (s.pod, s.period_from, s.period_to, s.invoice_number)))))
   order by o.confirmed_at is null, w.media_sha256 = m.media_sha256 desc, o.id limit 1;
  if v_original is null then
    return false;
  end if;
  update public.bills set duplicate_of = v_original where id = b.id or duplicate_of = b.id;
  update public.bills set page_of = v_original where page_of = b.id and id <> v_original;
  delete from public.bill_supplies where bill_id = b.id;
  return true;
end
$$;
comment on function private.find_original is
  'Whether a bill repeats another one of the same customer''s: the same bytes, or for each supply the same POD, period and invoice.';
revoke execute on function private.find_original from public;
