create or replace function public.write_reminder_texts(p_texts text[]) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_who text := private.require_staff();
begin
  delete from public.reminder_texts where p_texts[step] is null;
  insert into public.reminder_texts (step, text, by)
  select s, p_texts[s], v_who from generate_series(1, 3) s where p_texts[s] is not null
  on conflict (step) do update set text = excluded.text, by = excluded.by, at = excluded.at
  where reminder_texts.text <> excluded.text;
  insert into public.staff_actions (who, action) values (v_who, 'reminder_texts');
  return jsonb_build_object('texts', (select jsonb_agg(private.reminder_template(s) order by s) from generate_series(1, 3) s));
end
$$;
comment on function public.write_reminder_texts is
  'What the three reminders say from now on; null: what is built in. Returns { texts }.';
revoke execute on function public.write_reminder_texts from public, anon, authenticated, service_role;
grant execute on function public.write_reminder_texts to authenticated, service_role;
