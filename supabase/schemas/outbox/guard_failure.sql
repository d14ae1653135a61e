create or replace function private.guard_failure(m public.whatsapp_messages, p_code text) returns void
language plpgsql set search_path = '' as $$
declare
  s public.whatsapp_sender;
  v_sent timestamptz := coalesce(m.sent_at, clock_timestamp());
begin
  -- Its lock comes before those that are held here: whoever has it is not waited for, and the next claim sees the failure.
  select * into s from public.whatsapp_sender for update skip locked;
  -- What was sent before is known: staff have resumed since, or it is restricted already.
  if s.id is null or v_sent < coalesce(s.restricted_at, s.guarded_from) then
    return;
  elsif s.restricted_at is not null then
    if m.first_contact then
      perform private.restrict(72);
    end if;
  elsif p_code = 'restricted' or (m.first_contact and (s.resumed_at is not null or private.guard_errors(s))) then
    perform private.restrict(24);
  end if;
end
$$;
comment on function private.guard_failure is
  'A message that Wasender had accepted failed: one error 463, or three first contacts in a row, restrict the number for 24 hours, as does one after staff have resumed; one that is tried while it is restricted, for 72.';
revoke execute on function private.guard_failure from public;
