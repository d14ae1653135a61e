create or replace function private.restricted_until(s public.whatsapp_sender, p_conversation_id bigint, p_at timestamptz)
returns timestamptz
language plpgsql immutable set search_path = '' as $$
begin
  return case
    when s.restricted_at is null then null
    when s.restricted_until > p_at then s.restricted_until
    -- Its time is over: one message is tried, then, an hour later, one to another customer, and then none for 72 hours.
    when s.trial_at is null then null
    when s.trial_at + interval '1 hour' > p_at then s.trial_at + interval '1 hour'
    when s.trials < 2 and s.trial_conversation_id is distinct from p_conversation_id then null
    when s.trial_at + interval '73 hours' > p_at then s.trial_at + interval '73 hours'
  end;
end
$$;
comment on function private.restricted_until is
  'Until when a first contact to this customer is held because the number is restricted; null if it may go, perhaps as the one that is tried.';
revoke execute on function private.restricted_until from public;
