create or replace function private.lids_to_resolve(p_now timestamptz) returns integer
language plpgsql stable set search_path = '' as $$
begin
  -- The chores count an attempt when they begin to ask. After one in vain the others need not wait any longer.
  return (
    select min(case l.attempts when 0 then 0 else 1000 end)
      from public.whatsapp_lids l
      join public.conversation_numbers n on n.address = l.lid
      join public.conversations c on c.id = n.conversation_id
     where l.phone_number is null and l.attempts < 2 and (l.attempts = 0 or l.updated_at > p_now - interval '10 seconds')
       and (c.objected_at is not null or c.objection_asked_at is not null));
end
$$;
comment on function private.lids_to_resolve is
  'Somebody whose number is not known yet has objected: Wasender is asked for the number before anything goes, since it may be one that waits. In how many milliseconds to claim again: 0 if it is to be asked, more if it is being asked; null if there is nobody.';
revoke execute on function private.lids_to_resolve from public;
