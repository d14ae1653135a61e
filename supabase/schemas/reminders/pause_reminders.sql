create or replace function public.pause_reminders(p_conversation_id bigint, p_until text default null) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_who text := private.require_staff();
  c public.conversations;
begin
  perform private.lock_customers('{}', array[p_conversation_id]);
  update public.conversations set
    reminders_paused_until = case p_until when 'never' then 'infinity' else p_until::date end
  where id = p_conversation_id and merged_into is null
  returning * into c;
  if c.id is null then
    return jsonb_build_object('error', 'not_found');
  end if;
  insert into public.staff_actions (who, action, conversation_id, to_status) values (v_who, 'reminders', c.id, p_until);
  perform private.refresh_reminder(c.id);
  return jsonb_build_object('reminders', private.feed_reminders(c));
end
$$;
comment on function public.pause_reminders is
  'Staff want no reminders for a customer before a day (YYYY-MM-DD), never again (never), or have nothing against them (null). Returns { reminders } or { error: not_found }.';
revoke execute on function public.pause_reminders from public, anon, authenticated, service_role;
grant execute on function public.pause_reminders to authenticated, service_role;
