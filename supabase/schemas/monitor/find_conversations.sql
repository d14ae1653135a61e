create or replace function private.find_conversations(
  p_state text, p_q text, p_before text, p_limit integer, p_objection boolean default null, p_undelivered boolean default null,
  p_case text default null, p_todo text default null, p_order text default 'newest'
)
returns setof public.conversations
language plpgsql stable set search_path = '' as $$
declare
  v_at timestamptz := timestamptz 'infinity';
  v_id bigint := 0;
  v_q text := nullif(btrim(p_q), '');
  v_like text;
  v_digits text;
  v_words tsquery;
  v_missing integer := -1;
  v_todo bigint[];
  v_undelivered constant bigint[] := case when p_undelivered is not null then array(select private.never_delivered()) end;
begin
  begin
    if p_before is not null then
      if p_order = 'missing' then
        v_missing := split_part(p_before, '~', 1)::integer;
      else
        v_at := split_part(p_before, '~', 1)::timestamptz;
      end if;
      v_id := split_part(p_before, '~', 2)::bigint;
    end if;
  exception when data_exception then
    raise invalid_parameter_value using message = 'invalid page';
  end;
  if p_order = 'missing' then
    return query
      select c.* from public.conversations c
       where c.merged_into is null and c.case_state = 'open' and c.case_of is not null
         and (c.case_of - c.case_covered, c.id) > (v_missing, v_id)
       order by c.case_of - c.case_covered, c.id limit p_limit;
    return;
  end if;
  if p_todo is not null then
    v_todo := array(
      select t.conversation_id from private.todos t
       where t.todo = p_todo and t.due_at <= now() and (t.until is null or t.until > now()));
    if v_q is null then
      -- From the worklist, which is short, to the customers.
      return query
        select c.* from unnest(v_todo) i join public.conversations c on c.id = i
         where c.merged_into is null and (p_state is null or c.state = p_state) and (c.last_at, c.id) < (v_at, v_id)
         order by c.last_at desc, c.id desc limit p_limit;
      return;
    end if;
  end if;
  if v_q is null then
    return query
      select c.* from public.conversations c
       where c.merged_into is null and (p_state is null or c.state = p_state)
       and (p_case is null or (p_case = 'to_check' and c.case_state = 'open' and c.case_to_check) or c.case_state = p_case)
       and (p_objection is null or (c.objected_at is not null or c.objection_asked_at is not null) = p_objection)
       and (p_undelivered is null or (c.id = any (v_undelivered)) = p_undelivered)
       and (c.last_at, c.id) < (v_at, v_id)
       order by c.last_at desc, c.id desc limit p_limit;
    return;
  end if;
  v_like := '%' || replace(replace(replace(v_q, '\', '\\'), '%', '\%'), '_', '\_') || '%';
  v_digits := regexp_replace(v_q, '[^0-9]', '', 'g');
  select to_tsquery('simple', string_agg(quote_literal(w) || ':*', ' & ')) into v_words
    from regexp_split_to_table(lower(v_q), '[^[:alnum:]]+') w where w <> '';
  return query
    select c.* from public.conversations c
     where c.merged_into is null and (p_state is null or c.state = p_state)
       and (p_case is null or (p_case = 'to_check' and c.case_state = 'open' and c.case_to_check) or c.case_state = p_case)
       and (p_objection is null or (c.objected_at is not null or c.objection_asked_at is not null) = p_objection)
       and (p_undelivered is null or (c.id = any (v_undelivered)) = p_undelivered)
       and (p_todo is null or c.id = any (v_todo))
       and (c.last_at, c.id) < (v_at, v_id)
       and (c.name ilike v_like
            or (length(v_digits) >= 3 and v_q !~ '[[:alpha:]]' and c.id in (
              select n.conversation_id from public.conversation_numbers n where n.address like '+%' || v_digits || '%'))
            or c.id in (select m.conversation_id from public.whatsapp_messages m
                         where to_tsvector('simple', left(coalesce(m.text, ''), 65536)) @@ v_words))
     order by c.last_at desc, c.id desc limit p_limit;
end
$$;
comment on function private.find_conversations is
  'Customers by state and search, who object or are to be decided about (p_objection), to whom something was sent that never arrived (p_undelivered, by private.never_delivered), who are on a worklist (p_todo), by the state of their case (p_case; to_check: open, and staff are to look at bills). p_order: newest; missing: the open cases of which PODs are known, those that lack the fewest months first.';
revoke execute on function private.find_conversations from public;
