create or replace function private.ask_text(p_conversation_id bigint, p_first text) returns text
language plpgsql stable set search_path = '' as $$
declare
  f private.case_facts := private.read_case(p_conversation_id);
begin
  -- Who has sent nothing yet gets the first text, also if staff know the PODs.
  return coalesce(case when f.files > 0 then private.missing_text(f) end, p_first);
end
$$;
comment on function private.ask_text is
  'What an ask says now: the first text (p_first), or, if bills have come, which months are missing.';
revoke execute on function private.ask_text from public;
