create or replace function private.never_delivered() returns setof bigint
language plpgsql stable set search_path = '' as $$
begin
  return query
    select m.conversation_id from public.whatsapp_messages m
     where m.status = 'sent' and m.sent_at between now() - interval '30 days' and now() - interval '48 hours';
end
$$;
comment on function private.never_delivered is
  'For each message of the last thirty days that WhatsApp has not brought to the telephone for 48 hours: whose it is.';
revoke execute on function private.never_delivered from public;
