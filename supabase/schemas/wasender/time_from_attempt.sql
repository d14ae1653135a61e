create or replace function private.time_from_attempt(p_message_id bigint, p_at timestamptz) returns interval
language plpgsql stable set search_path = '' as $$
begin
  return (
    select min(greatest(a.claimed_at - p_at, p_at - a.claimed_at)) from public.whatsapp_attempts a
     where a.message_id = p_message_id and coalesce(a.outcome, 'unknown') in ('sent', 'unknown'));
end
$$;
comment on function private.time_from_attempt is
  'How far from this time (UTC) the nearest attempt was claimed that has sent the message or may have; null if there is none.';
revoke execute on function private.time_from_attempt from public;
