create or replace function private.mentions_query(p_table text, e private.erasures) returns text
language plpgsql stable set search_path = '' as $$
declare
  v_patterns text[] := private.erasure_patterns(e);
begin
  -- An id that is a number stands in a document without quotation marks.
  select v_patterns || ('(^|[^0-9])(' || string_agg(i, '|') || ')($|[^0-9])') into v_patterns
    from unnest(e.call_ids) i where i ~ '^[0-9]{8,}$' having count(*) > 0;
  -- Of other ids there are as many as messages, so they are found as whole strings by a hash, which takes as long for
  -- thousands as for one. A short one might be anything. offset 0: the words are made once for both.
  return format('
    select t.id, w.words ~ any (%L)
             or exists (select from unnest(string_to_array(w.words, ''"'')) i where i = any ($3) and length(i) >= 8) as found
      from public.%I t cross join lateral (select %s as words offset 0) w
     where t.id > $1 and %s
     order by t.id limit $2',
    coalesce(v_patterns, private.erasure_patterns(e)), p_table, private.all_words(format('public.%I', p_table)),
    case p_table when 'cloudtalk_calls' then 't.conversation_id is null' else 'true' end);
end
$$;
comment on function private.mentions_query is
  'A query for the next rows of a table, { id, found }: after the id $1, at most $2, and found if one mentions the customer''s numbers, LIDs or any of the ids $3.';
revoke execute on function private.mentions_query from public;
