create or replace function private.find_by_words(p_phone_number text, p_text text, p_has_wasender_id boolean) returns bigint
language plpgsql stable set search_path = '' as $$
begin
  -- The oldest that fits, and first those of which nobody knows yet. One that waits to be sent a second time counts as well:
  -- its first attempt may be it.
  return (
    select m.id from public.whatsapp_messages m
     where m.direction = 'outgoing' and m.whatsapp_id is null and m.phone_number = p_phone_number
       and (m.wasender_id is null or not p_has_wasender_id)
       and (m.status in ('sending', 'unknown', 'sent', 'delivered', 'read')
            or (m.status = 'queued' and exists (
              select from public.whatsapp_attempts a where a.message_id = m.id and a.outcome = 'unknown')))
       and private.same_words(m.text, p_text)
     order by m.status = 'sending' desc, m.status = 'unknown' desc, m.status = 'queued' desc, m.id
     limit 1);
end
$$;
comment on function private.find_by_words is
  'A message of ours to this number, with these words, that has (or may have) left and that no WhatsApp id was joined to.';
revoke execute on function private.find_by_words from public;
