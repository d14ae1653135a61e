create or replace function private.changed_conversations(k private.poll_cursor, p_limit integer) returns public.conversations[]
language plpgsql stable set search_path = '' as $$
begin
  return array(
    select c from public.conversations c
     where (c.changed_xid, c.id) > (k.conversation_xid, k.conversation_id) and c.changed_xid < pg_snapshot_xmax(k.to_snapshot)
       and not pg_visible_in_snapshot(c.changed_xid, k.from_snapshot) and pg_visible_in_snapshot(c.changed_xid, k.to_snapshot)
     order by c.changed_xid, c.id limit p_limit);
end
$$;
comment on function private.changed_conversations is
  'As changed_messages.';
revoke execute on function private.changed_conversations from public;
