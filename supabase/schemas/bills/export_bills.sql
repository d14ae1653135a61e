create or replace function public.export_bills(p_conversation_id bigint default null) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
begin
  perform private.require_staff();
  return coalesce((
    select jsonb_agg(jsonb_build_object(
      'phone_number', private.phone_of(m.conversation_id), 'name', c.name, 'received_at', coalesce(m.message_at, m.created_at),
      'file_name', coalesce(m.media ->> 'fileName', m.media ->> 'title'), 'bill', to_jsonb(b), 'supply', to_jsonb(s))
      order by m.id desc, s.id)
    from (select x.* from public.bills x
           where p_conversation_id is null
              or x.message_id in (select id from public.whatsapp_messages where conversation_id = p_conversation_id and is_bill)
           order by x.message_id desc limit 20000) b
    join public.whatsapp_messages m on m.id = b.message_id
    join public.conversations c on c.id = m.conversation_id
    left join public.bill_supplies s on s.bill_id = b.id), '[]');
end
$$;
comment on function public.export_bills is
  'All bill files, or one customer''s, and what they say for a spreadsheet, one row a supply, newest first, at most 20,000 files.';
revoke execute on function public.export_bills from public, anon, authenticated, service_role;
grant execute on function public.export_bills to authenticated, service_role;
