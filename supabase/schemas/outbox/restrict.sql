create or replace function private.restrict(p_hours integer) returns void
language plpgsql set search_path = '' as $$
begin
  update public.whatsapp_sender set
    restricted_at = coalesce(restricted_at, clock_timestamp()),
    restricted_until = clock_timestamp() + p_hours * interval '1 hour',
    trial_at = null, trial_message_id = null, trial_conversation_id = null, trials = 0,
    resumed_at = null
  where id;
  perform nextval('private.changes');
end
$$;
comment on function private.restrict is
  'First contacts are held for so many hours, then one is tried.';
revoke execute on function private.restrict from public;
