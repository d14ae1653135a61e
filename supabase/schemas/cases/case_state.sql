create or replace function private.case_state(c public.conversations, f private.case_facts) returns text
language plpgsql stable set search_path = '' as $$
begin
  return case
    when c.declared_at is not null then 'declared'
    when f.files = 0 then 'none'
    when exists (select from unnest(f.months) m where m.state = 'covered')
     and not exists (select from unnest(f.months) m where m.state not in ('covered', 'not_due')) then 'complete'
    else 'open' end;
end
$$;
comment on function private.case_state is
  'none: no file; open; complete: every due month of every POD is covered; declared by staff.';
revoke execute on function private.case_state from public;
