create or replace function private.end_restriction() returns void
language plpgsql set search_path = '' as $$
begin
  update public.whatsapp_sender set
    restricted_at = null, restricted_until = null, trial_at = null, trial_message_id = null, trial_conversation_id = null,
    trials = 0, guarded_from = clock_timestamp(), resumed_at = null
  where id;
  perform nextval('private.changes');
end
$$;
comment on function private.end_restriction is
  'First contacts go again: one of them was delivered, or staff say so.';
revoke execute on function private.end_restriction from public;
