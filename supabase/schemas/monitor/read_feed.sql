-- A poll that finds nothing new looks into no table that grows.
--
-- Whatever changes a message, a conversation or a LID draws a number from the sequence private.changes, and a cursor
-- carries the number that stood when it was made, if no other transaction was under way then: if that number still
-- stands, nothing has begun since, and nothing that had begun before can have been committed since. What such a poll
-- has to say besides (what is queued, what is due and when) cannot have changed but for the time, so the cursor carries
-- it too.
--
-- For that three things are read in this order: the number, whether a transaction that may have drawn one is under way,
-- the snapshot. A transaction that drew a number before it was read either is still under way, and then this cursor
-- gets none, or has ended and is seen by the snapshot. A transaction holds the lock on its own id from before it can
-- write until after it is seen as ended; a snapshot alone does not say so, since it does not know those younger than
-- the last one to end. A function that is not VOLATILE has the snapshot of the statement that called it, so this one
-- is, although it writes nothing. (A crash may give a second time a number with which no change was committed; the next
-- one differs.) Whoever reads the feed has written nothing in the same transaction: its own number is in no snapshot.)
create or replace function public.read_feed(p_limit integer, p_after text default null) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_limit integer := least(greatest(coalesce(p_limit, 50), 1), 200);
  k private.poll_cursor;
  v_change bigint;
  v_pending private.pending;
  v_messages public.whatsapp_messages[] := array[]::public.whatsapp_messages[];
  v_conversations public.conversations[] := array[]::public.conversations[];
  v_deleted jsonb;
begin
  perform private.require_staff();
  k := private.parse_cursor(p_after);
  if current_setting('transaction_isolation') = 'read committed' then
    select last_value into v_change from private.changes;
  end if;
  if k.change = v_change then
    if (k.pending).queued_due_at <= now() then
      -- The hours may have ended since.
      k.pending.queued_due_at := private.next_sendable((select s from public.whatsapp_sender s), now());
    end if;
    if (k.pending).todo_at <= now() then
      k.pending.todo := private.todo_counts();
    end if;
    return private.monitor_state(k.pending) || jsonb_build_object('cursor', p_after, 'more', false,
      'messages', '[]'::jsonb, 'conversations', '[]'::jsonb, 'deleted', null, 'counts', null);
  end if;
  if k.to_snapshot is not null
     or exists (select from pg_catalog.pg_locks where locktype = 'transactionid' and mode = 'ExclusiveLock') then
    -- What has changed since an unfinished cursor's second snapshot is not looked at yet.
    v_change := null;
  end if;
  k.to_snapshot := coalesce(k.to_snapshot, pg_current_snapshot());
  if p_after is null then
    v_messages := array(select m from public.whatsapp_messages m order by m.id desc limit v_limit);
    v_conversations := array(
      select c from public.conversations c where c.merged_into is null order by c.last_at desc, c.id desc limit v_limit);
    k.message_xid := null;
    k.conversation_xid := null;
  else
    -- Of another cluster, or of a time that was lost when this one was restored: nothing would ever be new to it.
    if pg_snapshot_xmax(k.from_snapshot) > pg_snapshot_xmax(pg_current_snapshot()) then
      raise invalid_parameter_value using message = 'invalid cursor';
    end if;
    v_messages := private.changed_messages(k, v_limit + 1);
    v_conversations := private.changed_conversations(k, v_limit + 1);
    -- A place is kept if its table has more.
    k.message_xid := v_messages[v_limit + 1].changed_xid;
    k.conversation_xid := v_conversations[v_limit + 1].changed_xid;
    if k.message_xid is not null then k.message_xid := v_messages[v_limit].changed_xid; end if;
    if k.conversation_xid is not null then k.conversation_xid := v_conversations[v_limit].changed_xid; end if;
    k.message_id := v_messages[v_limit].id;
    k.conversation_id := v_conversations[v_limit].id;
    v_deleted := private.deleted_since(k);
  end if;
  v_pending := private.with_lights(private.read_pending(), k.pending);
  return private.monitor_state(v_pending) || jsonb_build_object(
    'cursor', private.format_cursor(k, v_change, v_pending),
    'more', k.message_xid is not null or k.conversation_xid is not null,
    'messages', coalesce((select jsonb_agg(private.feed_message(m) order by m.id desc) from unnest(v_messages[1:v_limit]) m), '[]'),
    'conversations', coalesce((select jsonb_agg(private.feed_conversation(c) order by c.last_at desc, c.id desc)
                                 from unnest(v_conversations[1:v_limit]) c), '[]'),
    'deleted', v_deleted,
    -- They can only have changed if a conversation has, or is gone.
    'counts', case when p_after is null or v_conversations <> '{}' or v_deleted is not null then private.conversation_counts() end);
end
$$;
comment on function public.read_feed is
  'The newest messages and conversations, or with p_after (a cursor of an earlier answer) what was added, changed or deleted since. Returns { cursor, more, messages, conversations, deleted: { messages, conversations } | null, counts, due, work, log, sender }.';
revoke execute on function public.read_feed from public, anon, authenticated, service_role;
grant execute on function public.read_feed to authenticated, service_role;
