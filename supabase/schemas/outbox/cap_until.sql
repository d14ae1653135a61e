create or replace function private.cap_until(p_at timestamptz, p_terms jsonb) returns timestamptz
language plpgsql stable set search_path = '' as $$
declare
  v_cap integer := (p_terms ->> 'first_contacts_per_day')::integer;
  v_day timestamptz := date_trunc('day', p_at, 'Europe/Rome');
begin
  if v_cap is null then
    return null;
  end if;
  -- An index each. What may have been sent counts too.
  if v_cap > (select count(*) from public.whatsapp_messages where first_contact and sent_at >= v_day)
    + (select count(*) from public.whatsapp_messages where status = 'sending' and first_contact and sent_at is null)
    + (select count(*) from public.whatsapp_messages
        where status = 'unknown' and first_contact and sent_at is null and updated_at >= v_day) then
    return null;
  end if;
  return private.next_open((date_trunc('day', p_at at time zone 'Europe/Rome') + interval '1 day') at time zone 'Europe/Rome', p_terms);
end
$$;
comment on function private.cap_until is
  'When the next first contact may go if today''s (Europe/Rome) are used up; null if there are some left.';
revoke execute on function private.cap_until from public;
