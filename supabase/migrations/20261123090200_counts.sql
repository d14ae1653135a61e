-- How many conversations are in which state, without counting them at every poll that brings news.
--
-- Each change of a conversation's state or of what is unread in it leaves a difference here; the counts are their sum. No
-- row of it is anybody's to wait for: now and then whoever adds one replaces those that are there by their sum, leaving out
-- what another does at the same moment.

create table if not exists private.count_differences (
  id bigint generated always as identity primary key,
  state text not null,
  conversations integer not null,
  unread integer not null
);
comment on table private.count_differences is 'Added up by state: how many conversations the monitor lists, and what is unread in them.';
alter table private.count_differences enable row level security;

create or replace function private.add_up_differences() returns void
language plpgsql set search_path = '' as $$
begin
  with gone as (
    delete from private.count_differences
     where id in (select id from private.count_differences order by id limit 10000 for update skip locked)
    returning state, conversations, unread
  )
  insert into private.count_differences (state, conversations, unread)
  select state, sum(conversations), sum(unread) from gone
   group by state having sum(conversations) <> 0 or sum(unread) <> 0;
end
$$;

create or replace function private.count_conversation() returns trigger
language plpgsql security definer set search_path = '' as $$
declare
  v_id bigint;
begin
  -- A change of state is two differences, a change of what is unread is one.
  with added as (
    insert into private.count_differences (state, conversations, unread)
    select d.state, sum(d.conversations), sum(d.unread)
      from (select old.state, -1 as conversations, -old.unread as unread where tg_op <> 'INSERT' and old.merged_into is null
            union all
            select new.state, 1, new.unread where tg_op <> 'DELETE' and new.merged_into is null) d
     group by d.state having sum(d.conversations) <> 0 or sum(d.unread) <> 0
    returning id
  )
  select id into v_id from added where id % 128 = 0;
  if found then
    perform private.add_up_differences();
  end if;
  return null;
end
$$;
create or replace trigger conversations_counted after insert or delete on public.conversations
  for each row execute function private.count_conversation();
create or replace trigger conversations_recounted after update on public.conversations
  for each row when ((old.state, old.unread, old.merged_into is null) is distinct from (new.state, new.unread, new.merged_into is null))
  execute function private.count_conversation();

create or replace function private.forget_differences() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  delete from private.count_differences;
  return null;
end
$$;
create or replace trigger conversations_truncated after truncate on public.conversations
  for each statement execute function private.forget_differences();

create or replace function private.recount_conversations() returns void
language plpgsql set search_path = '' as $$
begin
  -- Nobody changes one between what is counted here and what the triggers add.
  lock table public.conversations in share row exclusive mode;
  delete from private.count_differences;
  insert into private.count_differences (state, conversations, unread)
  select state, count(*), sum(unread) from public.conversations where merged_into is null group by state;
end
$$;
comment on function private.recount_conversations is 'For the SQL editor, after maintenance without triggers.';
select private.recount_conversations();

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
      'unread', coalesce(sum(unread), 0))
    from private.count_differences);
end
$$;

revoke execute on all functions in schema private from public;
