-- What the monitor shows: messages, and the state of the sender.
--
-- The cursor is a snapshot (pg_current_snapshot): the next read returns exactly the rows whose last change that snapshot
-- did not see, so a transaction that commits late is never missed, and nothing is locked to make it so. (A serial number
-- for each change would need every writer to wait for the one before it.) A page that is full carries, besides the
-- snapshot it started from, the one it is filling up to and the place it has reached: "from~to~xid.id".

create or replace function private.feed_message(m public.whatsapp_messages) returns jsonb
language sql stable set search_path = '' as $$
  select jsonb_build_object(
    'id', m.id,
    'direction', m.direction,
    'kind', m.kind,
    'phone_number', m.phone_number,
    'contact_name', m.contact_name,
    'type', m.type,
    'text', m.text,
    'status', m.status,
    'error', m.error,
    'message_at', coalesce(m.message_at, m.sent_at),
    'created_at', m.created_at,
    'updated_at', m.updated_at,
    'call_id', m.call_id)
$$;

create or replace function private.sender_state() returns jsonb
language sql stable set search_path = '' as $$
  select jsonb_build_object(
    'queued', q.queued,
    'next_send_at', case when q.queued > 0 and s.paused_at is null then greatest(s.next_send_at, q.due_at) end,
    'paused', case when s.paused_at is not null then
      jsonb_build_object('reason', s.paused_reason, 'message', s.paused_message, 'since', s.paused_at) end,
    'session', s.session_status)
  from public.whatsapp_sender s,
    lateral (select count(*) as queued, min(due_at) as due_at from public.whatsapp_messages where status = 'queued') q
$$;

create or replace function public.read_feed(p_limit integer, p_after text default null) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  v_limit integer := least(greatest(coalesce(p_limit, 50), 1), 200);
  v_to pg_snapshot := pg_current_snapshot();
  v_from pg_snapshot;
  v_xid xid8;
  v_id bigint;
  v_rows public.whatsapp_messages[];
  v_more boolean := false;
  v_cursor text;
begin
  perform private.authorize();
  if p_after is null then
    v_rows := array(select m from public.whatsapp_messages m order by m.id desc limit v_limit);
    v_cursor := v_to::text;
  else
    begin
      v_from := split_part(p_after, '~', 1)::pg_snapshot;
      if p_after like '%~%' then
        v_to := split_part(p_after, '~', 2)::pg_snapshot;
        v_xid := split_part(split_part(p_after, '~', 3), '.', 1)::xid8;
        v_id := split_part(split_part(p_after, '~', 3), '.', 2)::bigint;
      end if;
    exception when data_exception then
      raise invalid_parameter_value using message = 'invalid cursor';
    end;
    v_rows := array(
      select m from public.whatsapp_messages m
       where m.changed_xid >= greatest(v_xid, pg_snapshot_xmin(v_from))
         and m.changed_xid < pg_snapshot_xmax(v_to)
         and (v_xid is null or (m.changed_xid, m.id) > (v_xid, v_id))
         and not pg_visible_in_snapshot(m.changed_xid, v_from)
         and pg_visible_in_snapshot(m.changed_xid, v_to)
       order by m.changed_xid, m.id
       limit v_limit + 1);
    v_more := coalesce(array_length(v_rows, 1), 0) > v_limit;
    if v_more then
      v_rows := v_rows[1:v_limit];
      v_cursor := concat(v_from, '~', v_to, '~', v_rows[v_limit].changed_xid, '.', v_rows[v_limit].id);
    else
      v_cursor := v_to::text;
    end if;
  end if;
  return jsonb_build_object(
    'cursor', v_cursor,
    'more', v_more,
    'due', public.outbox_due(),
    'log', (select jsonb_build_object('due', log_due_at <= now(), 'ok_at', log_ok_at, 'error', log_error)
              from public.whatsapp_sender),
    'messages', coalesce((select jsonb_agg(private.feed_message(r) order by r.id desc) from unnest(v_rows) r), '[]'),
    'sender', private.sender_state());
end
$$;
comment on function public.read_feed is
  'The newest messages, or with p_after (a cursor of an earlier answer) what was added or changed since. Returns { cursor, more, due, log, messages, sender }.';

revoke execute on all functions in schema private from public;
revoke execute on function public.read_feed from public, anon, authenticated;
grant execute on function public.read_feed to service_role;
