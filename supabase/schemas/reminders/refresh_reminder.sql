create or replace function private.refresh_reminder(p_conversation_id bigint) returns void
language plpgsql set search_path = '' set plan_cache_mode = force_generic_plan as $$
declare
  c public.conversations;
  v_at timestamptz;
begin
  -- Off costs nothing more.
  if not exists (select from private.terms where reminders_since is not null) then
    return;
  end if;
  select * into c from public.conversations where id = p_conversation_id;
  if c.merged_into is null then
    v_at := (private.plan_reminder(c, clock_timestamp())).next_at;
  end if;
  update public.conversations set reminder_at = v_at where id = c.id and reminder_at is distinct from v_at;
end
$$;
comment on function private.refresh_reminder is
  'Derives when a customer''s next reminder is to be looked at.';
revoke execute on function private.refresh_reminder from public;
