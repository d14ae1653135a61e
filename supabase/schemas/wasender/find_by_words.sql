create or replace function private.find_by_words(p_phone_number text, p_text text, p_at timestamptz, p_has_wasender_id boolean)
returns bigint
language plpgsql stable set search_path = '' as $$
begin
  -- All asks of a customer have the same words: the one that was sent at that time, then those of which nobody knows
  -- yet.
  return (
    select m.id from public.whatsapp_messages m
     where m.direction = 'outgoing' and m.whatsapp_id is null and m.phone_number = p_phone_number
       and (m.wasender_id is null or not p_has_wasender_id)
       and private.same_words(m.text, p_text) and private.may_have_left(m)
     order by private.time_from_attempt(m.id, coalesce(p_at, now())), m.status = 'unknown' desc, m.id
     limit 1);
end
$$;
comment on function private.find_by_words is
  'A message of ours to this number, with these words, that has (or may have) left and that no WhatsApp id was joined to.';
revoke execute on function private.find_by_words from public;
