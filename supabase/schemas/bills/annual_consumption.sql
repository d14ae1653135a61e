create or replace function private.annual_consumption(p_conversation_id bigint) returns numeric
language plpgsql stable set search_path = '' as $$
begin
  return (
    select sum(annual_kwh) from (
      select distinct on (s.pod) s.annual_kwh
        from public.whatsapp_messages m join public.bills b on b.message_id = m.id join public.bill_supplies s on s.bill_id = b.id
       where m.conversation_id = p_conversation_id and m.is_bill and b.confirmed_at is not null and s.annual_kwh is not null
       order by s.pod, coalesce(s.annual_to, s.issued_on, s.period_to) desc nulls last, b.id desc) newest);
end
$$;
comment on function private.annual_consumption is
  'The consumption of twelve months that a customer''s confirmed bills say, the newest of each POD, all PODs together, in kWh; null if none does.';
revoke execute on function private.annual_consumption from public;
