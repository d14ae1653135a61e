create or replace function private.take_probe(s public.whatsapp_sender, p_fingerprint text, p_now timestamptz) returns boolean
language plpgsql set search_path = '' as $$
declare
  v_probes integer := case when s.paused_fingerprint is distinct from p_fingerprint then 0 else s.probes end;
begin
  if s.paused_reason = 'staff' or (s.probe_at > p_now and s.paused_fingerprint is not distinct from p_fingerprint) then
    return false;
  end if;
  update public.whatsapp_sender set
    paused_fingerprint = p_fingerprint,
    probes = v_probes + (s.paused_reason = 'configuration')::integer,
    -- The session may be back any moment. A key or subscription is mended by a person: 5 minutes, 10, 20, up to 6
    -- hours.
    probe_at = p_now + case s.paused_reason
      when 'session' then interval '30 seconds'
      else least(interval '6 hours', interval '5 minutes' * 2 ^ least(v_probes, 10)) end
   where id;
  return true;
end
$$;
comment on function private.take_probe is
  'A pause that is Wasender''s ends when Wasender says so: whether this caller is to ask now. One at a time, ever more rarely; another deployment or key at once.';
revoke execute on function private.take_probe from public;
