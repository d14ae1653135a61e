create or replace function private.feed_hold(m public.whatsapp_messages) returns jsonb
language plpgsql stable set search_path = '' as $$
declare
  s public.whatsapp_sender;
  h private.hold;
begin
  if m.status <> 'queued' then
    return null;
  end if;
  select * into s from public.whatsapp_sender;
  h := private.hold(m, now(), s);
  return case when h.reason is not null then jsonb_build_object('reason', h.reason, 'until', h.until) end;
end
$$;
comment on function private.feed_hold is
  'Why a queued message waits, as the monitor gets it: { reason, until } | null.';
revoke execute on function private.feed_hold from public;
