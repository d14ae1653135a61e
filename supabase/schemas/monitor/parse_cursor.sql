create or replace function private.parse_cursor(p_cursor text) returns private.poll_cursor
language plpgsql immutable set search_path = '' as $$
declare
  k private.poll_cursor;
begin
  if p_cursor like '%~%' then
    -- "from~to~place~place": one answer did not hold everything.
    k.from_snapshot := split_part(p_cursor, '~', 1)::pg_snapshot;
    k.to_snapshot := split_part(p_cursor, '~', 2)::pg_snapshot;
    k.message_xid := nullif(split_part(split_part(p_cursor, '~', 3), '.', 1), '-')::xid8;
    k.message_id := nullif(split_part(split_part(p_cursor, '~', 3), '.', 2), '')::bigint;
    k.conversation_xid := nullif(split_part(split_part(p_cursor, '~', 4), '.', 1), '-')::xid8;
    k.conversation_id := nullif(split_part(split_part(p_cursor, '~', 4), '.', 2), '')::bigint;
  else
    -- "snapshot" or "snapshot|number|pending".
    k.from_snapshot := split_part(p_cursor, '|', 1)::pg_snapshot;
    k.change := nullif(split_part(p_cursor, '|', 2), '')::bigint;
    k.pending := nullif(split_part(p_cursor, '|', 3), '')::private.pending;
    k.message_xid := pg_snapshot_xmin(k.from_snapshot);
    k.message_id := 0;
    k.conversation_xid := k.message_xid;
    k.conversation_id := 0;
  end if;
  return k;
exception when data_exception then
  raise invalid_parameter_value using message = 'invalid cursor';
end
$$;
comment on function private.parse_cursor is
  'The parts of a cursor that read_feed gave. Fails with invalid_parameter_value if it is none.';
revoke execute on function private.parse_cursor from public;
