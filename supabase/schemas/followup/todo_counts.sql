create or replace function private.todo_counts() returns jsonb
language plpgsql stable set search_path = '' as $$
begin
  return (
    select jsonb_object_agg(l.todo, coalesce(n.items, 0))
      from unnest(array['questions', 'wrong_numbers', 'promises', 'bills', 'other_supplies', 'not_reachable', 'never_delivered', 'to_call'])
        as l (todo)
      left join (
        select t.todo, count(*) as items from private.todos t
         where t.due_at <= now() and (t.until is null or t.until > now()) group by t.todo) n on n.todo = l.todo);
end
$$;
comment on function private.todo_counts is
  'How many customers are on each worklist.';
revoke execute on function private.todo_counts from public;
