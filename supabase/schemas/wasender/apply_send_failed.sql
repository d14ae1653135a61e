create or replace function private.apply_send_failed(p_event jsonb) returns boolean
language plpgsql set search_path = '' as $$
declare
  v_id bigint;
begin
  -- Such an event names the number, and nothing else: it is about the last message that was handed over for it.
  select id into v_id from public.whatsapp_messages
   where direction = 'outgoing' and phone_number = p_event ->> 'phone_number'
     and whatsapp_id is null and status in ('sending', 'unknown', 'sent')
     and updated_at > clock_timestamp() - interval '1 day'
   order by id desc limit 1;
  if v_id is null then return false; end if;
  return private.advance_message(v_id, 'failed', 'delivery_failed', p_event ->> 'error');
end
$$;
revoke execute on function private.apply_send_failed from public;
