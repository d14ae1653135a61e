create or replace function private.decide_ask(o public.cloudtalk_calls, c public.cloudtalk_calls, p_ask jsonb)
returns public.cloudtalk_calls
language plpgsql set search_path = '' as $$
declare
  m public.whatsapp_messages;
begin
  -- Decided for a new call, and again if something that the decision rests on has changed: a mere repeat, hours later,
  -- must not find that a cooldown has passed. Once an ask was handed to WhatsApp, or staff cancelled it, nothing is
  -- left to decide; calls of the previous system were asked by it.
  if o.id is not null then
    if o.should_send_reason = 'legacy' or
      (c.phone_number, c.stated_should_send, c.talked, c.stated_bill_received) is not distinct from
      (o.phone_number, o.stated_should_send, o.talked, o.stated_bill_received) then
      return c;
    end if;
    m := private.ask_of(o.id);
    if m.id is not null and m.status <> 'queued' and m.cancelled_by is distinct from 'decision' then
      return c;
    end if;
  end if;
  c.should_send_reason := private.ask_reason(c, p_ask);
  c.should_send := c.should_send_reason = 'eligible';
  return c;
end
$$;
comment on function private.decide_ask is
  'Sets should_send and its reason on a call (c, stored as o) if that is to be decided now.';
revoke execute on function private.decide_ask from public;
