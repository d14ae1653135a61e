create or replace function public.read_conversations(
  p_limit integer, p_state text default null, p_q text default null, p_before text default null,
  p_objection boolean default null, p_undelivered boolean default null,
  p_case text default null, p_todo text default null, p_order text default 'newest'
) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  v_limit integer := least(greatest(p_limit, 1), 200);
  v_rows public.conversations[];
  v_next text;
begin
  perform private.require_staff();
  v_rows := array(select f from private.find_conversations(p_state, p_q, p_before, v_limit + 1, p_objection, p_undelivered, p_case, p_todo, p_order) f);
  if coalesce(array_length(v_rows, 1), 0) > v_limit then
    v_rows := v_rows[1:v_limit];
    v_next := case p_order
        when 'missing' then (v_rows[v_limit].case_of - v_rows[v_limit].case_covered)::text
        else v_rows[v_limit].last_at::text end || '~' || v_rows[v_limit].id;
  end if;
  return private.monitor_state(private.with_lights(private.read_pending(), null)) || jsonb_build_object(
    'cursor', pg_current_snapshot()::text,
    'conversations', coalesce((select jsonb_agg(private.feed_conversation(v_rows[i]) order by i)
                                 from generate_subscripts(v_rows, 1) i), '[]'),
    'next', v_next,
    'counts', private.conversation_counts());
end
$$;
comment on function public.read_conversations is
  'A page of the list, by state, search and worklist, in an order of private.find_conversations. Returns { cursor, conversations, next, counts, due, log, sender }.';
revoke execute on function public.read_conversations from public, anon, authenticated, service_role;
grant execute on function public.read_conversations to authenticated, service_role;
