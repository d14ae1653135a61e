create or replace function private.format_cursor(k private.poll_cursor, p_change bigint, p_pending private.pending) returns text
language plpgsql immutable set search_path = '' as $$
begin
  if k.message_xid is null and k.conversation_xid is null then
    return concat_ws('|', k.to_snapshot, p_change, case when p_change is not null then p_pending::text end);
  end if;
  return concat_ws('~', k.from_snapshot, k.to_snapshot,
    coalesce(k.message_xid || '.' || k.message_id, '-'), coalesce(k.conversation_xid || '.' || k.conversation_id, '-'));
end
$$;
comment on function private.format_cursor is
  'The text of a cursor, as parse_cursor reads it.';
revoke execute on function private.format_cursor from public;
