create or replace function private.feed_bill(m public.whatsapp_messages) returns jsonb
language plpgsql stable set search_path = '' as $$
declare
  b public.bills;
begin
  if not m.is_bill then
    return null;
  end if;
  select * into b from public.bills where message_id = m.id;
  if b.id is null then
    return null;
  end if;
  return jsonb_build_object(
    'id', b.id, 'message_id', b.message_id, 'state', b.state, 'kind', b.kind, 'reason', b.reason, 'reader_version', b.reader_version,
    'page_of', b.page_of, 'page_of_message', (select message_id from public.bills where id = b.page_of),
    'duplicate_of', b.duplicate_of, 'duplicate_of_message', (select message_id from public.bills where id = b.duplicate_of),
    'confirmed_at', b.confirmed_at, 'confirmed_by', b.confirmed_by, 'waits', private.file_waits(m),
    'supplies', coalesce((select jsonb_agg(to_jsonb(s) order by s.id) from public.bill_supplies s where s.bill_id = b.id), '[]'));
end
$$;
comment on function private.feed_bill is
  'What a file is and says, as the monitor gets it (Bill in lib/supabase/bills/bill.ts); null if it is none that was stored.';
revoke execute on function private.feed_bill from public;
