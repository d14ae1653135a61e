create or replace function private.case_year(p_conversation_id bigint) returns integer
language plpgsql stable set search_path = '' as $$
begin
  return private.last_year(coalesce(
    least(
      (select min(coalesce(k.call_start_time, k.call_end_time, k.created_at)) from public.cloudtalk_calls k
        where k.conversation_id = p_conversation_id),
      (select min(coalesce(m.message_at, m.created_at)) from public.whatsapp_messages m where m.conversation_id = p_conversation_id)),
    clock_timestamp()));
end
$$;
comment on function private.case_year is
  'The year of a case that has none yet: the last complete one before the customer''s first call or message.';
revoke execute on function private.case_year from public;
