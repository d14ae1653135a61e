create or replace function private.find_by_ids(p_whatsapp_id text, p_wasender_id text) returns bigint
language plpgsql stable set search_path = '' as $$
begin
  -- If its echo was taken for one typed on the phone, there are two: ours is the one that stays.
  return (
    select id from public.whatsapp_messages
     where direction = 'outgoing' and (whatsapp_id = p_whatsapp_id
       or (wasender_id = p_wasender_id and (whatsapp_id is null or p_whatsapp_id is null)))
     order by kind = 'manual', whatsapp_id = p_whatsapp_id desc nulls last limit 1);
end
$$;
comment on function private.find_by_ids is
  'The message that we have sent under one of these ids.';
revoke execute on function private.find_by_ids from public;
