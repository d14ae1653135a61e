create or replace function private.read_case(p_conversation_id bigint) returns private.case_facts
language plpgsql stable set search_path = '' as $$
declare
  f private.case_facts;
begin
  f.year := (select coalesce(case_year, private.case_year(id)) from public.conversations where id = p_conversation_id);
  f.supplies := private.case_bills(p_conversation_id);
  f.months := private.case_months(p_conversation_id, f.year, f.supplies);
  select count(*) filter (where b.id is null or (b.page_of is null and b.duplicate_of is null)), coalesce(bool_or(private.file_waits(m)), false)
    into f.files, f.file_waits
    from public.whatsapp_messages m left join public.bills b on b.message_id = m.id
   where m.conversation_id = p_conversation_id and m.is_bill and private.counts_as_bill(m);
  return f;
end
$$;
comment on function private.read_case is
  'All that is known of a customer''s case.';
revoke execute on function private.read_case from public;
