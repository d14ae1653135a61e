create or replace function private.todo_answers(c public.conversations) returns setof private.todos
language plpgsql stable set search_path = '' as $$
begin
  -- Answers have no labels yet.
  return;
end
$$;
comment on function private.todo_answers is
  'The worklists of what customers have answered: questions, wrong_numbers, promises.';
revoke execute on function private.todo_answers from public;
