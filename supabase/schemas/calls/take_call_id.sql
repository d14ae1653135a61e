create or replace function private.take_call_id(o public.cloudtalk_calls, c public.cloudtalk_calls) returns public.cloudtalk_calls
language plpgsql set search_path = '' as $$
declare
  v_calls bigint[];
  a public.whatsapp_messages;
begin
  if c.call_id is null or c.call_id is not distinct from o.call_id then
    return c;
  end if;
  update public.cloudtalk_calls set duplicate_of = o.id, updated_at = clock_timestamp()
   where duplicate_of is null and call_id = c.call_id and call_uuid is null and o.id is not null;
  if found then
    v_calls := array(select id from public.cloudtalk_calls where duplicate_of = o.id);
    select * into a from public.whatsapp_messages
     where call_id = any (v_calls) and kind = 'ask' and status not in ('queued', 'cancelled', 'failed')
     order by id limit 1;
    -- One ask stays: the one that has left, else the call's own.
    update public.whatsapp_messages set status = 'cancelled', cancelled_by = 'decision', error_code = 'duplicate_call'
     where kind = 'ask' and status = 'queued' and (call_id = any (v_calls) or (call_id = o.id and a.id is not null));
    update public.whatsapp_messages set call_id = o.id
     where id = a.id and not exists (
       select from public.whatsapp_messages own where own.call_id = o.id and own.kind = 'ask' and own.status <> 'cancelled');
  elsif exists (select from public.cloudtalk_calls where duplicate_of is null and call_id = c.call_id) then
    c.call_id := null;
  end if;
  return c;
end
$$;
comment on function private.take_call_id is
  'A call id that is new to a call (c, stored as o) may stand on another row. One without a uuid turns out to be this very call and is linked to it; one with a uuid of its own is another call, and the id stays there.';
revoke execute on function private.take_call_id from public;
