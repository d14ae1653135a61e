create or replace function private.conversation_counts() returns jsonb
language plpgsql stable set search_path = '' as $$
begin
  return (
    select jsonb_build_object('all', count(*), 'waiting', count(*) filter (where state = 'waiting'),
      'answered', count(*) filter (where state = 'answered'), 'bill', count(*) filter (where state = 'bill'),
      'error', count(*) filter (where state = 'error'), 'check', count(*) filter (where state = 'check'),
      'complete', count(*) filter (where case_state in ('complete', 'declared')), 'unread', coalesce(sum(unread), 0))
    from public.conversations where merged_into is null);
end
$$;
revoke execute on function private.conversation_counts from public;
