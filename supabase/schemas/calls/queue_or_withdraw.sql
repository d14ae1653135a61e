create or replace function private.queue_or_withdraw(
  o public.cloudtalk_calls, c public.cloudtalk_calls, p_text text, p_request_id bigint
) returns public.whatsapp_messages
language plpgsql set search_path = '' as $$
declare
  m public.whatsapp_messages := private.ask_of(c.id);
  v_phone text := private.ask_number(c.phone_number);
begin
  -- One that was withdrawn comes back only when that is decided: a repeat decides nothing. Nor does one whose place a later
  -- call's has taken.
  if c.should_send and c.should_send_reason = 'eligible' and (m.id is null
     or (m.status = 'cancelled' and m.cancelled_by = 'decision' and m.error_code is distinct from 'superseded'
         and not coalesce(o.should_send, false))) then
    insert into public.whatsapp_messages
      (conversation_id, direction, kind, status, phone_number, contact_name, text, call_id, webhook_request_id, due_at,
       free_until, first_contact)
    values
      (c.conversation_id, 'outgoing', 'ask', 'queued', v_phone, coalesce(c.contact_name, c.customer_name), p_text, c.id,
       p_request_id, clock_timestamp(),
       coalesce(least(c.call_end_time, clock_timestamp()), clock_timestamp()) + interval '10 minutes', private.is_first_contact(v_phone))
    returning * into m;
    -- It takes the place of one that still waits for an earlier call, or a later call's keeps it.
    if exists (
      select from public.whatsapp_messages a
       where a.conversation_id = c.conversation_id and a.kind = 'ask' and a.status = 'queued' and a.id <> m.id) then
      perform private.withdraw(a.id, 'superseded') from public.whatsapp_messages a
       where a.conversation_id = c.conversation_id and a.status = 'queued' and private.is_superseded(a);
      select * into m from public.whatsapp_messages where id = m.id;
    end if;
  elsif not c.should_send and m.status = 'queued' then
    m := private.withdraw(m.id, c.should_send_reason);
  end if;
  return m;
end
$$;
comment on function private.queue_or_withdraw is
  'Gives a call (c, stored as o) its one ask if it is to have one now, or takes back one that still waits. Returns the call''s ask.';
revoke execute on function private.queue_or_withdraw from public;
