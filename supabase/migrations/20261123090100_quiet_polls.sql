-- A poll that finds nothing new looks into no table that grows.
--
-- Whatever changes a message, a conversation or a LID draws a number from a sequence, and a cursor carries the number
-- that stood when it was made, if no other transaction was under way then: where that number still stands, nothing has
-- begun since, and nothing that had begun before can have been committed since. What such a poll has to say besides (what
-- is queued, what is due and when) cannot have changed but for the time, so the cursor carries it too.
--
-- For that three things are read in this order: the number, whether a transaction that may have drawn one is under way,
-- the snapshot. Whoever drew a number before it was read either is under way still, and then this cursor gets none, or has
-- ended and is seen by the snapshot. A transaction holds the lock on its own id from before it can write until after it is
-- seen as ended; a snapshot alone does not tell, since it does not know of those younger than the last one to end. A
-- function that is not VOLATILE has the snapshot of the statement that called it, so read_feed is one now, although it
-- writes nothing. (A crash may give a number that nobody's change was committed with a second time; the next one differs.)

-- What the app locks one after the other, in its order.
lock table public.whatsapp_lids, public.whatsapp_messages, public.conversations in share row exclusive mode;

create sequence if not exists private.changes;
comment on sequence private.changes is 'Drawn from by whatever changes a message, a conversation or a LID; see read_feed.';
-- Before its first number, a sequence's last_value is the same as with it.
select nextval('private.changes');

create or replace function private.note_change() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  perform nextval('private.changes');
  return null;
end
$$;
create or replace trigger whatsapp_messages_noted after insert or update or delete on public.whatsapp_messages
  for each row execute function private.note_change();
create or replace trigger whatsapp_messages_truncated after truncate on public.whatsapp_messages
  for each statement execute function private.note_change();
create or replace trigger conversations_noted after insert or update or delete on public.conversations
  for each row execute function private.note_change();
create or replace trigger whatsapp_lids_noted after insert or update or delete on public.whatsapp_lids
  for each row execute function private.note_change();

do $$
begin
  if to_regtype('private.pending') is null then
    create type private.pending as (
      queued bigint, queued_due_at timestamptz, media_due_at timestamptz, chore_due_at timestamptz, unknown_at timestamptz);
  end if;
end
$$;
comment on type private.pending is
  'What waits: how many messages are queued; when the first of them, of the files and of the chores is due; when the last message became unknown.';

create or replace function private.read_pending() returns private.pending
language plpgsql stable set search_path = '' as $$
declare
  p private.pending;
begin
  select count(*), min(due_at) into p.queued, p.queued_due_at from public.whatsapp_messages where status = 'queued';
  select min(media_due_at) into p.media_due_at from public.whatsapp_messages where media_state = 'pending';
  p.chore_due_at := least(
    (select min(lease_until) from public.whatsapp_messages where status = 'sending'),
    (select min(info_at) from public.whatsapp_messages where info_at is not null),
    (select min(ask_again_at) from public.whatsapp_lids where phone_number is null));
  select max(updated_at) into p.unknown_at from public.whatsapp_messages where status = 'unknown';
  return p;
end
$$;

create or replace function private.what_is_due(s public.whatsapp_sender, p private.pending) returns jsonb
language plpgsql stable set search_path = '' as $$
begin
  return jsonb_build_object(
    'outbox', coalesce(
      (s.paused_at is null and p.queued > 0 and greatest(p.queued_due_at, s.next_send_at) <= now())
      or p.chore_due_at <= now() or s.probe_at <= now()
      -- Evidence for what nobody knows may stand in Wasender's log, where that can be read.
      or (s.log_due_at <= now() and s.log_ok_at > now() - interval '1 day' and p.unknown_at > now() - interval '1 day'),
      false),
    'media', coalesce(p.media_due_at <= now() or s.media_sweep_at <= now(), false),
    'history', coalesce(s.reconcile_due_at <= now(), false));
end
$$;
comment on function private.what_is_due is 'Of what works after an answer: { outbox, media, history }.';

create or replace function public.outbox_due() returns boolean
language plpgsql stable security definer set search_path = '' as $$
declare
  s public.whatsapp_sender;
begin
  select * into s from public.whatsapp_sender;
  return private.what_is_due(s, private.read_pending()) @? '$.* ? (@ == true)';
end
$$;

drop function if exists private.monitor_state();
create or replace function private.monitor_state(p private.pending) returns jsonb
language plpgsql stable set search_path = '' as $$
declare
  s public.whatsapp_sender;
  v_work jsonb;
begin
  select * into s from public.whatsapp_sender;
  v_work := private.what_is_due(s, p);
  return jsonb_build_object(
    'due', v_work @? '$.* ? (@ == true)',
    'work', v_work,
    'log', jsonb_build_object('due', s.log_due_at <= now(), 'ok_at', s.log_ok_at, 'error', s.log_error),
    'sender', jsonb_build_object(
      'queued', p.queued,
      'next_send_at', case when p.queued > 0 and s.paused_at is null then greatest(s.next_send_at, p.queued_due_at) end,
      'paused', case when s.paused_at is not null then
        jsonb_build_object('reason', s.paused_reason, 'message', s.paused_message, 'since', s.paused_at) end,
      'session', s.session_status));
end
$$;

-- A cursor is "snapshot", "snapshot|number|pending", or where one answer did not hold everything "from~to~place~place".
drop function if exists public.read_feed(integer, text);
create function public.read_feed(p_limit integer, p_after text default null) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_limit integer := least(greatest(coalesce(p_limit, 50), 1), 200);
  v_change bigint;
  v_pending private.pending;
  v_from pg_snapshot;
  v_to pg_snapshot;
  v_places text[] := array['0.0', '0.0'];
  v_xid xid8;
  v_id bigint;
  v_messages public.whatsapp_messages[] := '{}';
  v_conversations public.conversations[] := '{}';
  v_more boolean := false;
begin
  perform private.require_staff();
  if current_setting('transaction_isolation') = 'read committed' then
    select last_value into v_change from private.changes;
  end if;
  begin
    if nullif(split_part(p_after, '|', 2), '')::bigint = v_change then
      return private.monitor_state(split_part(p_after, '|', 3)::private.pending) || jsonb_build_object(
        'cursor', p_after, 'more', false, 'messages', '[]'::jsonb, 'conversations', '[]'::jsonb, 'counts', null);
    end if;
  exception when data_exception then
    raise invalid_parameter_value using message = 'invalid cursor';
  end;
  if exists (select from pg_catalog.pg_locks where locktype = 'transactionid' and mode = 'ExclusiveLock') then
    v_change := null;
  end if;
  v_to := pg_current_snapshot();
  if p_after is null then
    v_messages := array(select m from public.whatsapp_messages m order by m.id desc limit v_limit);
    v_conversations := array(
      select c from public.conversations c where c.merged_into is null order by c.last_at desc, c.id desc limit v_limit);
  else
    begin
      v_from := split_part(split_part(p_after, '~', 1), '|', 1)::pg_snapshot;
      -- Of another cluster, or of a time that was lost when this one was restored: nothing would ever be new to it.
      if pg_snapshot_xmax(v_from) > pg_snapshot_xmax(v_to) then
        raise invalid_parameter_value using message = 'invalid cursor';
      end if;
      if p_after like '%~%' then
        -- What was changed since that snapshot is not looked at yet, so today's number must not stand for it.
        v_change := null;
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
  v_pending := private.read_pending();
  return private.monitor_state(v_pending) || jsonb_build_object(
    'cursor', case when v_more then concat_ws('~', v_from, v_to, v_places[1], v_places[2])
                   else concat_ws('|', v_to, v_change, case when v_change is not null then v_pending::text end) end,
    'more', v_more,
    'messages', coalesce((select jsonb_agg(private.feed_message(m) order by m.id desc) from unnest(v_messages) m), '[]'),
    'conversations', coalesce((select jsonb_agg(private.feed_conversation(c) order by c.last_at desc, c.id desc)
                                 from unnest(v_conversations) c), '[]'),
    -- They can only have changed where a conversation has.
    'counts', case when p_after is null or v_conversations <> '{}' then private.conversation_counts() end);
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
  return private.monitor_state(private.read_pending()) || jsonb_build_object(
    'cursor', pg_current_snapshot()::text,
    'conversations', coalesce((select jsonb_agg(private.feed_conversation(c) order by c.last_at desc, c.id desc)
                                 from unnest(v_rows) c), '[]'),
    'next', v_next,
    'counts', private.conversation_counts());
end
$$;

comment on function public.read_feed is
  'The newest messages and conversations, or with p_after (a cursor of an earlier answer) what was added or changed since. Returns { cursor, more, messages, conversations, counts, due, work, log, sender }.';
revoke execute on function public.read_feed from public, anon;
grant execute on function public.read_feed to authenticated, service_role;
