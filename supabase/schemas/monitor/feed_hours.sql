create or replace function private.feed_hours() returns jsonb
language plpgsql stable set search_path = '' as $$
declare
  v_next timestamptz := private.next_open(now(), (select terms from private.terms));
begin
  return jsonb_build_object('open', coalesce(v_next = now(), false), 'next_at', nullif(v_next, now()));
end
$$;
comment on function private.feed_hours is
  'The sending hours as the monitor gets them: { open, next_at }; next_at is null while they are open, or if they never open.';
revoke execute on function private.feed_hours from public;
