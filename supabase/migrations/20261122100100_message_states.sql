-- Helpers that several functions share: who may call, keeping a webhook, locking a customer, moving states forward.

create or replace function private.authorize() returns void
language plpgsql stable set search_path = '' as $$
begin
  -- The grants say who may execute a function; this is the second lock on the same door.
  if current_setting('role', true) in ('anon', 'authenticated') then
    raise insufficient_privilege using message = 'This function is for the service role.';
  end if;
end
$$;

create or replace function private.keep_webhook(p_request jsonb, p_outcome text, p_detail text) returns bigint
language plpgsql set search_path = '' as $$
declare
  v_id bigint := (p_request #>> '{replay,id}')::bigint;
begin
  if v_id is not null then
    -- A stored webhook is read anew: its own row says what became of it, and what once told us something did so.
    update public.webhook_requests set
      outcome = case when outcome = 'accepted' then outcome else p_outcome end,
      outcome_detail = right(concat_ws('; ', outcome_detail,
        to_char(clock_timestamp() at time zone 'UTC', '"replayed" YYYY-MM-DD"T"HH24:MI:SS"Z"'), p_detail), 1000),
      body = coalesce(nullif(body, 'null'), p_request -> 'body'),
      event_type = coalesce(p_request ->> 'event_type', event_type)
    where id = v_id;
    return v_id;
  end if;
  insert into public.webhook_requests
    (source, method, path, url, headers, query, body, raw_body, ip_address, user_agent, event_type, outcome, outcome_detail)
  values (
    p_request ->> 'source', p_request ->> 'method', p_request ->> 'path', p_request ->> 'url',
    p_request -> 'headers', p_request -> 'query', p_request -> 'body', p_request ->> 'raw_body',
    p_request ->> 'ip_address', p_request ->> 'user_agent', p_request ->> 'event_type', p_outcome, p_detail)
  returning id into v_id;
  return v_id;
end
$$;
comment on function private.keep_webhook is
  'Stores a received webhook; the request has the shape of StoredRequest in lib/stored-request.ts. With replay: { id, outcome } it is that stored one.';

create or replace function private.lock_keys(variadic p_keys text[]) returns void
language plpgsql set search_path = '' as $$
declare
  v_key text;
begin
  -- Sorted, so that two transactions that share more than one key cannot wait for each other.
  for v_key in select distinct k from unnest(p_keys) as k where k is not null order by k loop
    perform pg_advisory_xact_lock(hashtextextended(v_key, 0));
  end loop;
end
$$;
comment on function private.lock_keys is
  'Until the end of the transaction, nobody else works on the same customer or call. The unique keys hold without it; with it, copies of a webhook queue up instead of failing.';

-- Without a search path of its own, so that PostgreSQL can put it in place of the call.
create or replace function private.status_rank(p_status text) returns integer
language sql immutable as $$
  select case p_status
    when 'queued' then 0 when 'sending' then 1 when 'unknown' then 2
    when 'sent' then 3 when 'delivered' then 4 when 'read' then 5
    when 'failed' then 9 when 'cancelled' then 9
  end
$$;

create or replace function private.advance_message(
  p_message_id bigint, p_status text, p_error text default null, p_whatsapp_id text default null, p_wasender_id text default null
) returns boolean
language plpgsql set search_path = '' as $$
declare
  m public.whatsapp_messages;
  t public.whatsapp_messages;
  v_status text;
begin
  -- Evidence about a message that has left: its ids, and a state that may only move forward. True if anything changed.
  select * into m from public.whatsapp_messages where id = p_message_id for update;
  for t in
    select * from public.whatsapp_messages
     where direction = 'outgoing' and id <> m.id and (whatsapp_id = p_whatsapp_id or wasender_id = p_wasender_id) for update
  loop
    if t.kind = 'manual' and m.kind <> 'manual' and t.phone_number is not distinct from m.phone_number then
      -- Its echo could not be told to be ours and was taken for one typed on the phone: the two are one.
      delete from public.whatsapp_messages where id = t.id;
      p_whatsapp_id := coalesce(p_whatsapp_id, t.whatsapp_id);
      p_wasender_id := coalesce(p_wasender_id, t.wasender_id);
      if private.status_rank(t.status) between private.status_rank(p_status) + 1 and 5 then p_status := t.status; end if;
    else
      -- The id is another message's.
      if t.whatsapp_id = p_whatsapp_id then p_whatsapp_id := null; end if;
      if t.wasender_id = p_wasender_id then p_wasender_id := null; end if;
    end if;
  end loop;
  if m.status = 'queued' and p_status <> 'failed' then
    -- Staff had it sent again after an attempt of unknown outcome, and now that attempt turns out to have arrived.
    update public.whatsapp_messages set status = 'unknown' where id = p_message_id;
    m.status := 'unknown';
  end if;
  v_status := m.status;
  if p_status = 'failed' then
    if m.status in ('sending', 'unknown', 'sent') then v_status := 'failed'; end if;
  elsif m.status in ('sending', 'unknown', 'sent', 'delivered', 'read')
        and private.status_rank(p_status) > private.status_rank(m.status) then
    v_status := p_status;
  elsif m.status = 'failed' and p_status in ('delivered', 'read') then
    -- It reached the customer after all: that is stronger than a report that it had not.
    v_status := p_status;
  end if;
  if v_status = m.status
     and (p_whatsapp_id is null or m.whatsapp_id is not null)
     and (p_wasender_id is null or m.wasender_id is not null) then
    return false;
  end if;
  update public.whatsapp_messages set
    status = v_status,
    error = case when v_status = m.status then error when v_status = 'failed' then coalesce(p_error, 'Wasender reported an error without saying which.') end,
    whatsapp_id = coalesce(whatsapp_id, p_whatsapp_id),
    wasender_id = coalesce(wasender_id, p_wasender_id),
    info_at = case when coalesce(whatsapp_id, p_whatsapp_id) is null and v_status <> 'failed' then
      coalesce(info_at, case when info_attempts = 0 then clock_timestamp() + interval '30 seconds' end) end,
    sent_at = case when v_status in ('sent', 'delivered', 'read') then coalesce(sent_at, clock_timestamp()) else sent_at end,
    delivered_at = case when v_status in ('delivered', 'read') then coalesce(delivered_at, clock_timestamp()) else delivered_at end,
    read_at = case when v_status = 'read' then coalesce(read_at, clock_timestamp()) else read_at end
  where id = p_message_id;
  return true;
end
$$;

create or replace function private.apply_receipts(p_message_id bigint) returns void
language plpgsql set search_path = '' as $$
declare
  m public.whatsapp_messages;
  r public.whatsapp_receipts;
begin
  -- States that came before the message had its ids.
  select * into m from public.whatsapp_messages where id = p_message_id;
  for r in
    delete from public.whatsapp_receipts
     where whatsapp_id = m.whatsapp_id or wasender_id = m.wasender_id
    returning *
  loop
    perform private.advance_message(m.id, r.status, r.error, r.whatsapp_id, r.wasender_id);
  end loop;
end
$$;

revoke execute on all functions in schema private from public;
