create or replace function public.act_on_sender(p_action text) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_who text := private.require_staff();
  s public.whatsapp_sender;
begin
  select * into s from public.whatsapp_sender for update;
  if p_action = 'pause' then
    if s.paused_reason = 'staff' then return jsonb_build_object('error', 'not_possible', 'status', 'paused'); end if;
    update public.whatsapp_sender set
      paused_at = clock_timestamp(), paused_reason = 'staff', paused_code = 'staff', paused_message = v_who, paused_fingerprint = null, probe_at = null
     where id;
  elsif p_action = 'resume' then
    if s.paused_at is null and s.restricted_at is null then return jsonb_build_object('error', 'not_possible', 'status', 'running'); end if;
    -- What the button has shown: a restriction behind a pause is shown next, with what speaks against ending it.
    if s.paused_at is not null then
      perform private.resume_sender();
      update public.whatsapp_sender set probes = 0 where id;
    else
      perform private.end_restriction();
      update public.whatsapp_sender set resumed_at = guarded_from where id;
    end if;
  else
    raise invalid_parameter_value using message = 'unknown action';
  end if;
  insert into public.staff_actions (who, action, from_status, to_status)
  values (v_who, p_action, coalesce('paused: ' || s.paused_reason, case when s.restricted_at is not null then 'restricted' end, 'running'),
          case when p_action = 'pause' then 'paused: staff'
               when s.paused_at is not null and s.restricted_at is not null then 'restricted' else 'running' end);
  return jsonb_build_object('paused', p_action = 'pause');
end
$$;
comment on function public.act_on_sender is
  'pause, or resume: ends the pause, else the restriction. Returns { paused } or { error: not_possible, status }.';
revoke execute on function public.act_on_sender from public, anon, authenticated, service_role;
grant execute on function public.act_on_sender to authenticated, service_role;
