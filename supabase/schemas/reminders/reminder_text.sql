create or replace function private.reminder_text(c public.conversations, p_step integer) returns text
language plpgsql stable set search_path = '' as $$
declare
  f private.case_facts := private.read_case(c.id);
  v_deadline date := (select (terms #>> '{case,deadline}')::date from private.terms);
begin
  return private.fill_template(private.reminder_template(p_step), jsonb_build_object(
    'nome', c.name,
    'mancano', private.missing_words(f),
    'anno', f.year,
    'scadenza', extract(day from v_deadline) || ' ' || private.month_words(array[extract(month from v_deadline)::integer], true)
      || ' ' || extract(year from v_deadline)));
end
$$;
comment on function private.reminder_text is
  'What a reminder of this step says to a customer now.';
revoke execute on function private.reminder_text from public;
