create or replace function private.keep_terms(p_terms jsonb) returns void
language plpgsql set search_path = '' as $$
declare
  t private.terms;
begin
  select * into t from private.terms;
  if t.terms is not distinct from p_terms then
    return;
  end if;
  update private.terms set
    terms = p_terms, updated_at = clock_timestamp(),
    reminders_since = case when coalesce(p_terms -> 'reminders', 'null') <> 'null' then coalesce(reminders_since, clock_timestamp()) end
  where id;
  perform nextval('private.changes');
  if (t.terms -> 'reminders', t.terms #> '{case,deadline}') is distinct from (p_terms -> 'reminders', p_terms #> '{case,deadline}') then
    perform private.schedule_reminders();
  end if;
end
$$;
comment on function private.keep_terms is
  'The environment''s terms, as the function that has just started knows them.';
revoke execute on function private.keep_terms from public;
