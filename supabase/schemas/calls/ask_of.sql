create or replace function private.ask_of(p_call_id bigint) returns public.whatsapp_messages
language plpgsql stable set search_path = '' as $$
declare
  m public.whatsapp_messages;
begin
  select * into m from public.whatsapp_messages
   where call_id = p_call_id and kind = 'ask'
   order by status <> 'cancelled' desc, id desc limit 1;
  return m;
end
$$;
comment on function private.ask_of is
  'A call''s ask: the one that is not cancelled, else the last one that was.';
revoke execute on function private.ask_of from public;
