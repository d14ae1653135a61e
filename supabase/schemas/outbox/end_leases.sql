create or replace function private.end_leases(p_now timestamptz) returns void
language plpgsql set search_path = '' as $$
begin
  -- What the attempt did is unknown, and an attempt with an unknown outcome is never repeated.
  with gone as (
    select m.id from public.whatsapp_messages m join public.conversations c on c.id = m.conversation_id
     where m.status = 'sending' and m.lease_until < p_now
       for update of c, m skip locked
  ), expired as (
    update public.whatsapp_messages m set status = 'unknown', error_code = 'lease_expired', error = null
      from gone where m.id = gone.id
    returning m.lease_token
  )
  update public.whatsapp_attempts a set ended_at = p_now, outcome = 'unknown', code = 'lease_expired'
    from expired e where a.lease_token = e.lease_token and a.ended_at is null;
end
$$;
comment on function private.end_leases is
  'Messages whose function died while it was sending them become unknown.';
revoke execute on function private.end_leases from public;
