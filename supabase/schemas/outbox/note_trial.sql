create or replace function private.note_trial(s public.whatsapp_sender, m public.whatsapp_messages, p_at timestamptz) returns void
language plpgsql set search_path = '' as $$
begin
  update public.whatsapp_sender set
    trials = case when s.trial_at + interval '73 hours' <= p_at then 1 else s.trials + 1 end,
    trial_at = p_at, trial_message_id = m.id, trial_conversation_id = m.conversation_id
  where id;
end
$$;
comment on function private.note_trial is
  'A first contact goes although the number is restricted: it is the one that is tried.';
revoke execute on function private.note_trial from public;
