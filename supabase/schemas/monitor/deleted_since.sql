create or replace function private.deleted_since(k private.poll_cursor) returns jsonb
language plpgsql stable set search_path = '' as $$
begin
  return (
    select jsonb_build_object(
      'messages', coalesce(jsonb_agg(d.row_id) filter (where d.kind = 'message'), '[]'),
      'conversations', coalesce(jsonb_agg(d.row_id) filter (where d.kind = 'conversation'), '[]'))
    from private.deleted_rows d
    where d.changed_xid >= pg_snapshot_xmin(k.from_snapshot)
      and not pg_visible_in_snapshot(d.changed_xid, k.from_snapshot) and pg_visible_in_snapshot(d.changed_xid, k.to_snapshot)
    having count(*) > 0);
end
$$;
comment on function private.deleted_since is
  'The ids of messages and conversations that were deleted between the snapshots of a cursor; null if there are none.';
revoke execute on function private.deleted_since from public;
