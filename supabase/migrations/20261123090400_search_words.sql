-- A text of any length can be stored, and its first 65,536 characters (WhatsApp's own limit) are searched.
--
-- The words of a text may take 1 MB at most. Many different ones took more, so that the index refused the message and its
-- webhook could never be recorded. A character takes four bytes, and a compound word or an address is kept whole and in
-- parts: 65,536 characters stay below half of that limit.

-- First what locks most, so that nobody who reads in between can be waited for in a circle.
drop index if exists public.whatsapp_messages_text_idx;
create index if not exists whatsapp_messages_words_idx
  on public.whatsapp_messages using gin (to_tsvector('simple', left(coalesce(text, ''), 65536)));

-- As it was, but for the words that the index has.
create or replace function private.find_conversations(p_state text, p_q text, p_before text, p_limit integer)
returns setof public.conversations
language plpgsql stable set search_path = '' as $$
declare
  v_at timestamptz := 'infinity';
  v_id bigint := 0;
  v_q text := nullif(btrim(p_q), '');
  v_like text;
  v_digits text;
  v_words tsquery;
begin
  begin
    if p_before is not null then
      v_at := split_part(p_before, '~', 1)::timestamptz;
      v_id := split_part(p_before, '~', 2)::bigint;
    end if;
  exception when data_exception then
    raise invalid_parameter_value using message = 'invalid page';
  end;
  if v_q is null then
    return query
      select c.* from public.conversations c
       where c.merged_into is null and (p_state is null or c.state = p_state) and (c.last_at, c.id) < (v_at, v_id)
       order by c.last_at desc, c.id desc limit p_limit;
    return;
  end if;
  v_like := '%' || replace(replace(replace(v_q, '\', '\\'), '%', '\%'), '_', '\_') || '%';
  v_digits := regexp_replace(v_q, '[^0-9]', '', 'g');
  select to_tsquery('simple', string_agg(quote_literal(w) || ':*', ' & ')) into v_words
    from regexp_split_to_table(lower(v_q), '[^[:alnum:]]+') w where w <> '';
  return query
    select c.* from public.conversations c
     where c.merged_into is null and (p_state is null or c.state = p_state) and (c.last_at, c.id) < (v_at, v_id)
       and (c.name ilike v_like
            or (length(v_digits) >= 3 and v_q !~ '[[:alpha:]]' and c.phone_number like '%' || v_digits || '%')
            or c.phone_number in (select m.phone_number from public.whatsapp_messages m
                                   where to_tsvector('simple', left(coalesce(m.text, ''), 65536)) @@ v_words))
     order by c.last_at desc, c.id desc limit p_limit;
end
$$;

-- As it was, but it also returns the webhook's id, which the log line names and npm run replay takes.
create or replace function public.record_wasender_webhook(p_request jsonb, p_events jsonb) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  e jsonb;
  v_changed boolean := false;
  v_outcome text;
  v_request_id bigint;
begin
  perform private.authorize();
  perform private.lock_keys(variadic (
    select coalesce(array_agg(k), '{}') from (
      select 'customer:' || (x ->> 'phone_number') from jsonb_array_elements(p_events) x
      union select 'message:' || (x ->> 'whatsapp_id') from jsonb_array_elements(p_events) x
    ) t (k)));
  -- Of messages that were erased nothing is brought back, whoever tells of them, and nothing kept.
  if exists (select from jsonb_array_elements(p_events) x where private.was_erased(x)) then
    p_request := private.without_content(p_request);
    p_events := coalesce((select jsonb_agg(x) from jsonb_array_elements(p_events) x where not private.was_erased(x)), '[]');
  end if;
  v_request_id := private.keep_webhook(p_request, 'accepted', null);
  for e in select jsonb_array_elements(p_events) loop
    v_changed := case e ->> 'kind'
      when 'incoming' then private.apply_incoming(e, v_request_id)
      when 'outgoing' then private.apply_outgoing(e, v_request_id)
      when 'status' then private.apply_status(e)
      when 'send_failed' then private.apply_send_failed(e)
      when 'session' then private.apply_session(e ->> 'status')
    end or v_changed;
  end loop;
  if not v_changed then
    update public.webhook_requests set outcome = 'duplicate'
     where id = v_request_id and p_request #>> '{replay,outcome}' is distinct from 'accepted';
  end if;
  return jsonb_build_object('duplicate', not v_changed, 'webhook', v_request_id);
end
$$;
comment on function public.record_wasender_webhook is
  'Stores a Wasender webhook and applies its events (lib/wasender/event.ts). Returns { duplicate, webhook }: whether nothing was new, and its id.';

revoke execute on all functions in schema private from public;
