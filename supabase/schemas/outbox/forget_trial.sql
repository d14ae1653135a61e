create or replace function private.forget_trial(p_message_id bigint) returns void
language plpgsql set search_path = '' as $$
begin
  update public.whatsapp_sender set
    trials = trials - 1,
    trial_at = case when trials > 1 then trial_at end,
    trial_message_id = null,
    trial_conversation_id = case when trials > 1 then trial_conversation_id end
  where id and trial_message_id = p_message_id;
end
$$;
comment on function private.forget_trial is
  'What was to be tried was not sent: it has shown nothing. The caller holds the sender''s row.';
revoke execute on function private.forget_trial from public;
