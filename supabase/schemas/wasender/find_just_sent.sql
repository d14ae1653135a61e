create or replace function private.find_just_sent(p_text text, p_at timestamptz) returns bigint
language plpgsql stable set search_path = '' as $$
declare
  v_ids bigint[];
begin
  -- All asks have the same words, so only one that stands alone is proof.
  v_ids := array(
    select m.id from public.whatsapp_attempts a
      join public.whatsapp_messages m on m.id = a.message_id
     where a.id > (select max(id) - 20 from public.whatsapp_attempts)
       and a.claimed_at between coalesce(p_at, now()) - interval '2 minutes' and coalesce(p_at, now()) + interval '1 minute'
       and a.outcome is distinct from 'not_sent' and a.outcome is distinct from 'refused'
       and m.whatsapp_id is null and private.same_words(m.text, p_text) and private.may_have_left(m)
     group by m.id
     limit 2);
  return case when cardinality(v_ids) = 1 then v_ids[1] end;
end
$$;
comment on function private.find_just_sent is
  'The one message with these words that was handed over at about this time (UTC) and still has no WhatsApp id; null if there is none, or more than one.';
revoke execute on function private.find_just_sent from public;
