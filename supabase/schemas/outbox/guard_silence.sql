create or replace function private.guard_silence(s public.whatsapp_sender, p_at timestamptz) returns boolean
language plpgsql stable set search_path = '' as $$
declare
  v_lost integer;
  v_since timestamptz;
begin
  select count(*) filter (where l.delivered_at is null), min(l.sent_at) into v_lost, v_since
    from (select delivered_at, sent_at from public.whatsapp_messages
           where first_contact and sent_at > s.guarded_from and sent_at < p_at - interval '30 minutes'
           order by sent_at desc limit 10) l
  having count(*) = 10;
  return coalesce(v_lost >= 8, false) and exists (
    select from public.whatsapp_messages
     where not first_contact and direction = 'outgoing' and delivered_at > v_since and sent_at > v_since);
end
$$;
comment on function private.guard_silence is
  'Of the last ten first contacts older than thirty minutes eight were not delivered, while other messages were.';
revoke execute on function private.guard_silence from public;
