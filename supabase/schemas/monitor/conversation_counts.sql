create or replace function private.conversation_counts() returns jsonb
language plpgsql stable set search_path = '' as $$
begin
  return (
    select jsonb_build_object('all', count(*), 'waiting', count(*) filter (where state = 'waiting'),
      'answered', count(*) filter (where state = 'answered'), 'bill', count(*) filter (where state = 'bill'),
      'error', count(*) filter (where state = 'error'), 'check', count(*) filter (where state = 'check'),
      -- Few, with an index of their own.
      'objection', (
        select count(*) from public.conversations
         where merged_into is null and (objected_at is not null or objection_asked_at is not null)),
      'unread', coalesce(sum(unread), 0))
    from public.conversations where merged_into is null);
end
$$;
revoke execute on function private.conversation_counts from public;
