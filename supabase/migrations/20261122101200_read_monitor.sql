-- What the monitor reads, as the signed-in person: the list, a thread, and what has changed since the last poll.
--
-- The cursor is a snapshot (pg_current_snapshot): the next read returns exactly the rows whose last change that snapshot
-- did not see, so a transaction that commits late is never missed, and nothing is locked to make it so. (A serial number
-- for each change would need every writer to wait for the one before it.) A read that did not fit carries, besides the
-- snapshot it started from, the one it is filling up to and the places it has reached in the two tables:
-- "from~to~xid.id~xid.id", where a place is "-" once its table is done.

create or replace function private.feed_message(m public.whatsapp_messages) returns jsonb
language sql stable set search_path = '' as $$
  select jsonb_build_object(
    'id', m.id, 'conversation_id', private.conversation_of(m), 'direction', m.direction, 'kind', m.kind,
    'phone_number', m.phone_number, 'contact_name', m.contact_name, 'type', m.type, 'text', m.text, 'status', m.status,
    'error', m.error, 'author', m.author,
    'media', case when m.media is not null then jsonb_build_object(
      'state', null, 'file_name', coalesce(m.media ->> 'fileName', m.media ->> 'title'), 'mime_type', m.media ->> 'mimetype',
      'size', m.media -> 'fileLength', 'pages', m.media -> 'pageCount', 'error', null) end,
    'message_at', coalesce(m.message_at, m.sent_at), 'created_at', m.created_at, 'updated_at', m.updated_at, 'call_id', m.call_id)
$$;

create or replace function private.feed_conversation(c public.conversations) returns jsonb
language sql stable set search_path = '' as $$
  select jsonb_build_object(
    'id', c.id, 'phone_number', c.phone_number, 'name', c.name, 'state', c.state,
    'last', (select jsonb_build_object('direction', l.direction, 'type', l.type, 'text', left(l.text, 200), 'status', l.status)
               from public.whatsapp_messages l where l.id = c.last_message_id),
    'last_at', c.last_at, 'unread', c.unread, 'bill_at', c.bill_at, 'bill_by', c.bill_by, 'merged_into', c.merged_into)
$$;

-- In PL/pgSQL, which keeps the plan: a function in SQL that has a search path of its own is planned at every call.
create or replace function private.monitor_state() returns jsonb
language plpgsql stable set search_path = '' as $$
declare
  s public.whatsapp_sender;
  v_queued bigint;
  v_due timestamptz;
begin
  select * into s from public.whatsapp_sender;
  select count(*), min(due_at) into v_queued, v_due from public.whatsapp_messages where status = 'queued';
  return jsonb_build_object(
    'due', public.outbox_due(),
    'log', jsonb_build_object('due', s.log_due_at <= now(), 'ok_at', s.log_ok_at, 'error', s.log_error),
    'sender', jsonb_build_object(
      'queued', v_queued,
      'next_send_at', case when v_queued > 0 and s.paused_at is null then greatest(s.next_send_at, v_due) end,
      'paused', case when s.paused_at is not null then
        jsonb_build_object('reason', s.paused_reason, 'message', s.paused_message, 'since', s.paused_at) end,
      'session', s.session_status));
end
$$;

create or replace function private.conversation_counts() returns jsonb
language plpgsql stable set search_path = '' as $$
begin
  return (
    select jsonb_build_object(
      'all', count(*), 'waiting', count(*) filter (where state = 'waiting'), 'answered', count(*) filter (where state = 'answered'),
      'bill', count(*) filter (where state = 'bill'), 'error', count(*) filter (where state = 'error'),
      'check', count(*) filter (where state = 'check'), 'unread', coalesce(sum(unread), 0))
    from public.conversations where merged_into is null);
end
$$;

create or replace function public.read_feed(p_limit integer, p_after text default null) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  v_limit integer := least(greatest(coalesce(p_limit, 50), 1), 200);
  v_to pg_snapshot := pg_current_snapshot();
  v_from pg_snapshot;
  v_places text[] := array['0.0', '0.0'];
  v_xid xid8;
  v_id bigint;
  v_messages public.whatsapp_messages[] := '{}';
  v_conversations public.conversations[] := '{}';
  v_more boolean := false;
begin
  perform private.require_staff();
  if p_after is null then
    v_messages := array(select m from public.whatsapp_messages m order by m.id desc limit v_limit);
    v_conversations := array(
      select c from public.conversations c where c.merged_into is null order by c.last_at desc, c.id desc limit v_limit);
  else
    begin
      v_from := split_part(p_after, '~', 1)::pg_snapshot;
      if p_after like '%~%' then
        v_to := split_part(p_after, '~', 2)::pg_snapshot;
        v_places := array[split_part(p_after, '~', 3), split_part(p_after, '~', 4)];
      end if;
      if v_places[1] <> '-' then
        v_xid := split_part(v_places[1], '.', 1)::xid8;
        v_id := split_part(v_places[1], '.', 2)::bigint;
        -- Where the index is to begin: a second condition beside the row comparison would not move that.
        if v_xid < pg_snapshot_xmin(v_from) then v_xid := pg_snapshot_xmin(v_from); v_id := 0; end if;
        v_messages := array(
          select m from public.whatsapp_messages m
           where (m.changed_xid, m.id) > (v_xid, v_id) and m.changed_xid < pg_snapshot_xmax(v_to)
             and not pg_visible_in_snapshot(m.changed_xid, v_from) and pg_visible_in_snapshot(m.changed_xid, v_to)
           order by m.changed_xid, m.id limit v_limit + 1);
      end if;
      if v_places[2] <> '-' then
        v_xid := split_part(v_places[2], '.', 1)::xid8;
        v_id := split_part(v_places[2], '.', 2)::bigint;
        if v_xid < pg_snapshot_xmin(v_from) then v_xid := pg_snapshot_xmin(v_from); v_id := 0; end if;
        v_conversations := array(
          select c from public.conversations c
           where (c.changed_xid, c.id) > (v_xid, v_id) and c.changed_xid < pg_snapshot_xmax(v_to)
             and not pg_visible_in_snapshot(c.changed_xid, v_from) and pg_visible_in_snapshot(c.changed_xid, v_to)
           order by c.changed_xid, c.id limit v_limit + 1);
      end if;
    exception when data_exception then
      raise invalid_parameter_value using message = 'invalid cursor';
    end;
    v_places := array['-', '-'];
    if coalesce(array_length(v_messages, 1), 0) > v_limit then
      v_messages := v_messages[1:v_limit];
      v_places[1] := concat(v_messages[v_limit].changed_xid, '.', v_messages[v_limit].id);
    end if;
    if coalesce(array_length(v_conversations, 1), 0) > v_limit then
      v_conversations := v_conversations[1:v_limit];
      v_places[2] := concat(v_conversations[v_limit].changed_xid, '.', v_conversations[v_limit].id);
    end if;
    v_more := v_places <> array['-', '-'];
  end if;
  return private.monitor_state() || jsonb_build_object(
    'cursor', case when v_more then concat_ws('~', v_from, v_to, v_places[1], v_places[2]) else v_to::text end,
    'more', v_more,
    'messages', coalesce((select jsonb_agg(private.feed_message(m) order by m.id desc) from unnest(v_messages) m), '[]'),
    'conversations', coalesce((select jsonb_agg(private.feed_conversation(c) order by c.last_at desc, c.id desc)
                                 from unnest(v_conversations) c), '[]'),
    -- They can only have changed where a conversation has.
    'counts', case when p_after is null or v_conversations <> '{}' then private.conversation_counts() end);
end
$$;
comment on function public.read_feed is
  'The newest messages and conversations, or with p_after (a cursor of an earlier answer) what was added or changed since. Returns { cursor, more, messages, conversations, counts, due, log, sender }.';

create or replace function private.find_conversations(p_state text, p_q text, p_before text, p_limit integer)
returns setof public.conversations
language plpgsql stable set search_path = '' as $$
declare
  v_at timestamptz := 'infinity';
  v_id bigint := 0;
  v_q text := nullif(btrim(p_q), '');
  v_like text;
  v_digits text;
  v_words tsquery;
begin
  begin
    if p_before is not null then
      v_at := split_part(p_before, '~', 1)::timestamptz;
      v_id := split_part(p_before, '~', 2)::bigint;
    end if;
  exception when data_exception then
    raise invalid_parameter_value using message = 'invalid page';
  end;
  if v_q is null then
    return query
      select c.* from public.conversations c
       where c.merged_into is null and (p_state is null or c.state = p_state) and (c.last_at, c.id) < (v_at, v_id)
       order by c.last_at desc, c.id desc limit p_limit;
    return;
  end if;
  v_like := '%' || replace(replace(replace(v_q, '\', '\\'), '%', '\%'), '_', '\_') || '%';
  v_digits := regexp_replace(v_q, '[^0-9]', '', 'g');
  select to_tsquery('simple', string_agg(quote_literal(w) || ':*', ' & ')) into v_words
    from regexp_split_to_table(lower(v_q), '[^[:alnum:]]+') w where w <> '';
  return query
    select c.* from public.conversations c
     where c.merged_into is null and (p_state is null or c.state = p_state) and (c.last_at, c.id) < (v_at, v_id)
       and (c.name ilike v_like
            or (length(v_digits) >= 3 and v_q !~ '[[:alpha:]]' and c.phone_number like '%' || v_digits || '%')
            or c.phone_number in (select m.phone_number from public.whatsapp_messages m
                                   where to_tsvector('simple', coalesce(m.text, '')) @@ v_words))
     order by c.last_at desc, c.id desc limit p_limit;
end
$$;

create or replace function public.read_conversations(
  p_limit integer, p_state text default null, p_q text default null, p_before text default null
) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  v_limit integer := least(greatest(p_limit, 1), 200);
  v_rows public.conversations[];
  v_next text;
begin
  perform private.require_staff();
  v_rows := array(select f from private.find_conversations(p_state, p_q, p_before, v_limit + 1) f);
  if coalesce(array_length(v_rows, 1), 0) > v_limit then
    v_rows := v_rows[1:v_limit];
    v_next := concat(v_rows[v_limit].last_at, '~', v_rows[v_limit].id);
  end if;
  return private.monitor_state() || jsonb_build_object(
    'cursor', pg_current_snapshot()::text,
    'conversations', coalesce((select jsonb_agg(private.feed_conversation(c) order by c.last_at desc, c.id desc)
                                 from unnest(v_rows) c), '[]'),
    'next', v_next,
    'counts', private.conversation_counts());
end
$$;
comment on function public.read_conversations is
  'A page of the list, newest first, by state and search. Returns { cursor, conversations, next, counts, due, log, sender }.';

create or replace function public.read_thread(p_conversation_id bigint, p_limit integer, p_before bigint default null) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  c public.conversations;
  v_limit integer := least(greatest(p_limit, 1), 200);
  v_rows public.whatsapp_messages[];
begin
  perform private.require_staff();
  select * into c from public.conversations where id = p_conversation_id;
  if c.id is null then
    return jsonb_build_object('error', 'not_found');
  end if;
  if c.phone_number is not null then
    v_rows := array(select m from public.whatsapp_messages m
                     where m.phone_number = c.phone_number and (p_before is null or m.id < p_before)
                     order by m.id desc limit v_limit + 1);
  else
    v_rows := array(select m from public.whatsapp_messages m
                     where m.lid = c.lid and m.phone_number is null and (p_before is null or m.id < p_before)
                     order by m.id desc limit v_limit + 1);
  end if;
  return jsonb_build_object(
    'conversation', private.feed_conversation(c),
    'messages', coalesce((select jsonb_agg(private.feed_message(m) order by m.id desc) from unnest(v_rows[1:v_limit]) m), '[]'),
    'more', coalesce(array_length(v_rows, 1), 0) > v_limit,
    'bills', private.feed_bills(c),
    'calls', coalesce((
      select jsonb_agg(jsonb_build_object(
        'id', k.id, 'at', coalesce(k.call_end_time, k.call_start_time, k.created_at), 'direction', k.direction,
        'duration', k.duration, 'talking_time', k.talking_time, 'agent_name', k.agent_name, 'status', k.status,
        'call_result', k.call_result, 'should_send', k.should_send, 'reason', k.should_send_reason,
        'recording_url', k.recording_url) order by k.id desc)
      from (select * from public.cloudtalk_calls
             where phone_number = c.phone_number and duplicate_of is null order by id desc limit 50) k), '[]'),
    'actions', coalesce((
      select jsonb_agg(jsonb_build_object('id', a.id, 'at', a.at, 'who', a.who, 'action', a.action, 'message_id', a.message_id)
                       order by a.id desc)
      from (select * from public.staff_actions where conversation_id = c.id order by id desc limit 100) a), '[]'));
end
$$;
comment on function public.read_thread is
  'A conversation with its newest messages (before p_before), calls and what staff did. Returns { conversation, messages, more, bills, calls, actions } or { error: not_found }.';

create or replace function public.export_conversations(p_state text default null, p_q text default null) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
begin
  perform private.require_staff();
  return coalesce((
    select jsonb_agg(jsonb_build_object(
      'phone_number', c.phone_number, 'name', c.name, 'state', c.state, 'last_at', c.last_at, 'unread', c.unread,
      'bill_at', c.bill_at, 'bill_by', c.bill_by,
      'last_text', (select left(l.text, 500) from public.whatsapp_messages l where l.id = c.last_message_id),
      'last_call_at', (select coalesce(k.call_end_time, k.call_start_time, k.created_at) from public.cloudtalk_calls k
                        where k.phone_number = c.phone_number order by k.id desc limit 1),
      'company_name', (select k.company_name from public.cloudtalk_calls k
                        where k.phone_number = c.phone_number and k.company_name is not null order by k.id desc limit 1)))
    from private.find_conversations(p_state, p_q, null, 20000) c), '[]');
end
$$;
comment on function public.export_conversations is 'The list by state and search for a spreadsheet, newest first, at most 20,000.';

revoke execute on all functions in schema private from public;
revoke execute on function public.read_feed, public.read_conversations, public.read_thread, public.export_conversations
  from public, anon, authenticated;
grant execute on function public.read_feed, public.read_conversations, public.read_thread, public.export_conversations
  to authenticated, service_role;
