create or replace function private.confirm_objection(p_conversation_id bigint) returns void
language plpgsql set search_path = '' as $$
declare
  o public.objections;
  v_phone text;
  v_text text;
begin
  select * into o from public.objections where conversation_id = p_conversation_id order by id desc limit 1;
  -- Not days later, if the number becomes known then, or if WhatsApp brings an old message again.
  if o."by" is distinct from 'customer' or o.lifted_at is not null or o.at < clock_timestamp() - interval '1 day' or exists (
    select from public.whatsapp_messages
     where id = o.message_id and coalesce(message_at, created_at) < clock_timestamp() - interval '1 day') then
    return;
  end if;
  v_phone := private.reply_number(p_conversation_id);
  select case when terms ? 'objection_reply' then terms ->> 'objection_reply'
    else 'Va bene, non riceverà altri messaggi automatici da noi.' end into v_text from private.terms;
  if v_phone is not null and v_text is not null and not exists (
    select from public.whatsapp_messages where conversation_id = p_conversation_id and kind = 'confirmation') then
    insert into public.whatsapp_messages (conversation_id, direction, kind, status, phone_number, text, priority, due_at)
    values (p_conversation_id, 'outgoing', 'confirmation', 'queued', v_phone, v_text, 20, clock_timestamp());
  end if;
end
$$;
comment on function private.confirm_objection is
  'The one message that says that an objection was understood, once a customer, as soon as there is a number to write to.';
revoke execute on function private.confirm_objection from public;
