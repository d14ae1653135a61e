create or replace function private.decide_waiting(m public.whatsapp_messages) returns public.whatsapp_messages
language plpgsql set search_path = '' as $$
declare
  t jsonb := (select terms -> 'ask' from private.terms);
  k public.cloudtalk_calls;
  v_reason text;
  v_text text;
begin
  if m.kind = 'ask' then
    select * into k from public.cloudtalk_calls where id = m.call_id;
    v_reason := case when k.id is null then 'eligible' else private.ask_reason(k, t) end;
    if v_reason <> 'eligible' then
      return private.withdraw(m.id, v_reason);
    end if;
    v_text := private.ask_text(m.conversation_id, t ->> 'text');
    if m.text <> v_text then
      update public.whatsapp_messages set text = v_text where id = m.id returning * into m;
    end if;
  end if;
  if m.kind = 'reminder' then
    m := private.recheck_reminder(m);
    if m.status is distinct from 'queued' then
      return m;
    end if;
  end if;
  if m.first_contact and not private.is_on_whatsapp(m.phone_number, clock_timestamp()) then
    update public.whatsapp_messages set status = 'failed', error_code = 'not_on_whatsapp', error = null where id = m.id
    returning * into m;
  end if;
  return m;
end
$$;
comment on function private.decide_waiting is
  'A message that is to be sent now is decided anew, and an ask gets the text of now; returns it, queued still or not.';
revoke execute on function private.decide_waiting from public;
