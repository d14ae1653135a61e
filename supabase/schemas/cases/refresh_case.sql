create or replace function private.refresh_case(p_conversation_id bigint, p_last boolean default false) returns void
language plpgsql set search_path = '' as $$
declare
  c public.conversations;
  f private.case_facts := private.read_case(p_conversation_id);
begin
  select * into c from public.conversations where id = p_conversation_id for update;
  update public.conversations set
    case_year = f.year,
    case_state = private.case_state(c, f),
    case_covered = case when f.months = '{}' then f.files
      else (select count(*) from unnest(f.months) m where m.state = 'covered') end,
    case_of = case when f.months <> '{}' then (select count(*) from unnest(f.months) m where m.state <> 'not_due') end,
    case_to_check = f.file_waits or exists (select from unnest(f.supplies) s where s.pending),
    case_missing = private.missing(f),
    case_history = private.accepts_history(),
    case_xid = case when p_last then pg_current_xact_id() end
  where id = p_conversation_id;
  perform private.refresh_reminder(p_conversation_id);
  perform private.refresh_todos(p_conversation_id);
end
$$;
comment on function private.refresh_case is
  'Derives what the list shows of a customer''s case. p_last: nothing of this transaction will change it any more.';
revoke execute on function private.refresh_case from public;
