create or replace function private.find_by_words(p_phone_number text, p_text text, p_has_wasender_id boolean) returns bigint
language plpgsql stable set search_path = '' as $$
begin
  -- The oldest that fits, and first those whose outcome is unknown.
  return (
    select m.id from public.whatsapp_messages m
     where m.direction = 'outgoing' and m.whatsapp_id is null and m.phone_number = p_phone_number
       and (m.wasender_id is null or not p_has_wasender_id)
       and private.same_words(m.text, p_text) and private.may_have_left(m)
     order by m.status = 'sending' desc, m.status = 'unknown' desc, m.status in ('queued', 'cancelled') desc, m.id
     limit 1);
end
$$;
comment on function private.find_by_words is
  'A message of ours to this number, with these words, that has (or may have) left and that no WhatsApp id was joined to.';
revoke execute on function private.find_by_words from public;
