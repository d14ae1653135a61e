create or replace function private.read_case(p_conversation_id bigint) returns private.case_facts
language plpgsql stable set search_path = '' set plan_cache_mode = force_generic_plan as $$
declare
  f private.case_facts;
begin
  f.year := (select coalesce(case_year, private.case_year(id)) from public.conversations where id = p_conversation_id);
  f.supplies := private.case_bills(p_conversation_id);
  f.months := private.case_months(p_conversation_id, f.year, f.supplies);
  -- What was read neither waits nor needs to be asked whether it counts.
  select count(*) filter (
           where b.page_of is null and b.duplicate_of is null and (b.state = 'read' or private.counts_as_bill(m))),
         coalesce(bool_or(b.state is distinct from 'read' and private.file_waits(m)), false)
    into f.files, f.file_waits
    from public.whatsapp_messages m left join public.bills b on b.message_id = m.id
   where m.conversation_id = p_conversation_id and m.is_bill and b.state is distinct from 'not_a_bill';
  return f;
end
$$;
comment on function private.read_case is
  'All that is known of a customer''s case.';
revoke execute on function private.read_case from public;
