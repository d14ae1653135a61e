create or replace function private.conversation_counts() returns jsonb
language plpgsql stable set search_path = '' as $$
begin
  return (
    select jsonb_build_object(
      'all', coalesce(sum(conversations), 0),
      'waiting', coalesce(sum(conversations) filter (where state = 'waiting'), 0),
      'answered', coalesce(sum(conversations) filter (where state = 'answered'), 0),
      'bill', coalesce(sum(conversations) filter (where state = 'bill'), 0),
      'error', coalesce(sum(conversations) filter (where state = 'error'), 0),
      'check', coalesce(sum(conversations) filter (where state = 'check'), 0),
      -- Few, with an index of their own.
      'objection', (
        select count(*) from public.conversations
         where merged_into is null and (objected_at is not null or objection_asked_at is not null)),
      -- Those that are finished: complete, or declared so.
      'complete', coalesce(sum(conversations) filter (where case_state in ('complete', 'declared')), 0),
      'unread', coalesce(sum(unread), 0))
    -- Grouped first: each conversation's state is compared once.
    from (select state, case_state, count(*) as conversations, sum(unread) as unread
            from public.conversations where merged_into is null group by state, case_state) s);
end
$$;
revoke execute on function private.conversation_counts from public;
