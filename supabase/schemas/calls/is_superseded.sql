create or replace function private.is_superseded(m public.whatsapp_messages) returns boolean
language plpgsql stable set search_path = '' as $$
begin
  -- By their calls' ends, of which free_until tells: one may have been queued again, or its call learned late.
  return m.kind = 'ask' and exists (
    select from public.whatsapp_messages a
     where a.conversation_id = m.conversation_id and a.status = 'queued' and a.kind = 'ask' and a.id <> m.id
       and (coalesce(a.free_until, '-infinity'), a.id) > (coalesce(m.free_until, '-infinity'), m.id));
end
$$;
comment on function private.is_superseded is
  'Whether an ask for a later call of the same customer waits too: then only that one goes.';
revoke execute on function private.is_superseded from public;
