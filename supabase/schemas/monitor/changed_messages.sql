create or replace function private.changed_messages(k private.poll_cursor, p_limit integer) returns public.whatsapp_messages[]
language plpgsql stable set search_path = '' as $$
begin
  return array(
    select m from public.whatsapp_messages m
     -- One row comparison decides at which place the index begins: a second condition beside it would not.
     where (m.changed_xid, m.id) > (k.message_xid, k.message_id) and m.changed_xid < pg_snapshot_xmax(k.to_snapshot)
       and not pg_visible_in_snapshot(m.changed_xid, k.from_snapshot) and pg_visible_in_snapshot(m.changed_xid, k.to_snapshot)
     order by m.changed_xid, m.id limit p_limit);
end
$$;
comment on function private.changed_messages is
  'The messages whose last change is in the second snapshot of a cursor and not in its first, from its place on.';
revoke execute on function private.changed_messages from public;
