set check_function_bodies = off;

set lock_timeout = '5s';

alter table public.conversation_numbers
  drop constraint "conversation_numbers_known_by_check";

alter table public.staff_actions
  drop constraint "staff_actions_action_check";

drop function private.find_conversations(text, text, text, integer, boolean, boolean, text);

drop function public.export_conversations(text, text, boolean, boolean, text);

drop function public.read_conversations(integer, text, text, text, boolean, boolean, text);

create table private.todos (
  conversation_id bigint not null,
  todo text not null,
  reason text not null,
  at timestamptz not null,
  due_at timestamptz not null,
  until timestamptz,
  date date,
  message_id bigint,
  primary key (conversation_id, todo),
  constraint todos_todo_check check (todo in
    ('questions', 'wrong_numbers', 'promises', 'bills', 'other_supplies', 'not_reachable', 'never_delivered', 'to_call'))
);
comment on table private.todos is
  'The worklists: what staff are to do, at most one item of a list for each customer. Derived, by private.todo_items.';
comment on column private.todos.reason is 'Why, as a code: lib/supabase/followup/todo.ts.';
comment on column private.todos.at is 'When that happened: once staff have said that it is done, only something later makes an item.';
comment on column private.todos.due_at is 'From when on it is in the list: time alone makes some items.';
comment on column private.todos.until is 'Until when it is; null: until it is done.';
comment on column private.todos.date is 'What was promised until when.';
comment on column private.todos.message_id is 'The message that it is about.';
create index todos_todo_idx on private.todos (todo, due_at) include (until);
create index todos_due_at_idx on private.todos (due_at);
alter table private.todos enable row level security;
revoke all on table private.todos from public;

create table private.written_codes (
  message_id bigint primary key,
  code text not null,
  conversation_id bigint,
  constraint written_codes_code_check check (code ~ '^[0-9a-z]{8}$')
);
comment on table private.written_codes is
  'Messages with the code of a call (private.call_code), and whose call it is.';
comment on column private.written_codes.conversation_id is
  'The call''s customer; null while the call has not come. If the message is another customer''s, staff decide whether the two are one.';
create index written_codes_code_idx on private.written_codes (code) where conversation_id is null;
create index written_codes_conversation_id_idx on private.written_codes (conversation_id);
alter table private.written_codes enable row level security;
revoke all on table private.written_codes from public;

create table public.todo_done (
  conversation_id bigint not null,
  todo text not null,
  at timestamptz not null default clock_timestamp(),
  by text not null,
  primary key (conversation_id, todo),
  constraint todo_done_todo_check check (todo in
    ('questions', 'wrong_numbers', 'promises', 'bills', 'other_supplies', 'not_reachable', 'never_delivered', 'to_call'))
);
comment on table public.todo_done is
  'What staff have done for a customer, and when last: until then nothing of that worklist is left to do.';
comment on column public.todo_done.todo is 'The worklist: see private.todos.';
comment on column public.todo_done.by is 'Who of the staff.';
alter table public.todo_done enable row level security;
revoke all on table public.todo_done from public, anon, authenticated, service_role;
grant select, insert, update, delete on table public.todo_done to service_role;

alter table public.whatsapp_messages
  add column "label" text;

alter table public.whatsapp_messages
  add column "label_date" date;

alter table public.whatsapp_messages
  add column "label_by" text;

alter type private.incoming add attribute "label" jsonb cascade;

alter type private.incoming add attribute "code" text cascade;

alter type private.pending add attribute "todo" jsonb cascade;

alter type private.pending add attribute "todo_at" timestamp with time zone cascade;

create or replace function private.apply_code(e private.incoming) returns void
language plpgsql set search_path = '' as $$
declare
  v_customers bigint[] := private.customers_of_code(e.code);
  v_message_id bigint;
begin
  select id into v_message_id from public.whatsapp_messages where direction = 'incoming' and whatsapp_id = e.whatsapp_id;
  if cardinality(v_customers) = 0 then
    insert into private.written_codes (message_id, code) values (v_message_id, e.code) on conflict do nothing;
  elsif cardinality(v_customers) = 1 then
    perform private.join_by_code(v_message_id, e.code, v_customers[1]);
  end if;
end
$$;
comment on function private.apply_code is
  'What the code of a call in a customer''s message means. One that fits no call waits for it; one that fits two says nothing.';
revoke execute on function private.apply_code from public;

create or replace function private.apply_incoming(p_events jsonb, p_request_id bigint) returns boolean
language plpgsql set search_path = '' as $$
declare
  v_events private.incoming[] := private.identify_incoming(p_events, p_request_id);
  v_changed boolean := false;
  a record;
  v_event private.incoming;
begin
  for a in
    with stored as (
      insert into public.whatsapp_messages
        (conversation_id, direction, kind, status, phone_number, lid, contact_name, type, text, media, whatsapp_id,
         quoted_whatsapp_id, message_at, webhook_request_id, call_id, label, label_date, label_by)
      select e.conversation_id, 'incoming', 'incoming', 'received', e.phone_number, e.lid, e.contact_name, e.type, e.text, e.media,
        e.whatsapp_id, e.quoted_whatsapp_id, e.message_at, p_request_id, private.last_call(e.conversation_id),
        e.label ->> 'value', (e.label ->> 'date')::date, case when e.label is not null then 'rule' end
      from (select x.*, private.customer_of(coalesce(x.phone_number, x.lid)) as conversation_id
              from unnest(v_events) with ordinality x where x.id is null) e
      order by e.ordinality
      returning conversation_id, coalesce(message_at, 'infinity') as at
    ), completed as (
      -- Stored already; this event knows more.
      update public.whatsapp_messages m set
        phone_number = coalesce(m.phone_number, e.phone_number),
        lid = coalesce(m.lid, e.lid),
        text = coalesce(m.text, e.text),
        contact_name = coalesce(m.contact_name, e.contact_name),
        media = coalesce(m.media, e.media),
        webhook_request_id = case when m.media is null and e.media is not null then p_request_id else m.webhook_request_id end,
        type = case when m.media is null and e.media is not null then e.type else m.type end,
        call_id = coalesce(m.call_id, private.last_call(m.conversation_id)),
        -- What staff have said of it stays.
        label = case when m.label_by is null then e.label ->> 'value' else m.label end,
        label_date = case when m.label_by is null then (e.label ->> 'date')::date else m.label_date end,
        label_by = coalesce(m.label_by, case when e.label is not null then 'rule' end)
      from unnest(v_events) e
      where m.id = e.id and e.says_more
      returning m.conversation_id, coalesce(m.message_at, e.message_at, m.created_at) as at
    )
    select conversation_id, max(at) as at from (table stored union all table completed) answers group by conversation_id
  loop
    perform private.mark_answered(a.conversation_id, a.at);
    v_changed := true;
  end loop;
  perform private.note_written(array(select distinct phone_number from unnest(v_events) where phone_number is not null));
  if exists (
    select from unnest(v_events) e join public.conversations c on c.id = private.customer_of(coalesce(e.phone_number, e.lid))
     where e.objection is not null or c.objected_at is not null) then
    -- One after the other: a bill after an objection means something else than one before it.
    foreach v_event in array v_events loop
      perform private.apply_objection(v_event) where v_event.id is null or v_event.objection is not null;
    end loop;
  end if;
  for v_event in select e.* from unnest(v_events) with ordinality e where e.code is not null order by e.ordinality loop
    perform private.apply_code(v_event);
  end loop;
  if exists (select from unnest(v_events) where repeats_media) then
    -- The webhook that brought a file keeps what leads to it; a repeat need not.
    perform private.forget_media_keys(p_request_id, array(select media from unnest(v_events) where repeats_media));
  end if;
  return v_changed;
end
$$;
comment on function private.apply_incoming is
  'Stores what customers have written, in the events'' order, each message once; all of them at once, because a webhook may bring thousands. No two of the events are of the same message.';
revoke execute on function private.apply_incoming from public;

create or replace function private.ask_number(p_phone_number text) returns text
language plpgsql stable set search_path = '' as $$
begin
  return coalesce(
    (select n.address from public.conversation_numbers n
      where n.conversation_id = private.customer_of(p_phone_number) and n.known_by = 'staff'
        and private.is_on_whatsapp(p_phone_number, clock_timestamp()) is false
      order by n.created_at desc limit 1),
    p_phone_number);
end
$$;
comment on function private.ask_number is
  'To which number the ask for a call with this one goes: another one that staff know, if this one is not on WhatsApp.';
revoke execute on function private.ask_number from public;

create or replace function private.call_code(p_call_uuid text, p_call_id text) returns text
language plpgsql immutable set search_path = '' as $$
declare
  -- The index cloudtalk_calls_code_idx has the same expression. The history's ids, which are numbers, begin alike.
  v_code text := left(regexp_replace(
    coalesce(p_call_uuid, case when p_call_id !~ '^[0-9]+$' then p_call_id end), '[^0-9A-Za-z]', '', 'g'), 8);
begin
  return case when length(v_code) = 8 then v_code end;
end
$$;
comment on function private.call_code is
  'The code by which a customer who writes first names a call: the first eight letters or digits of its id; null if there are fewer.';
revoke execute on function private.call_code from public;

create or replace function private.customers_of_code(p_code text, p_but bigint default null) returns bigint[]
language plpgsql stable set search_path = '' as $$
begin
  return array(
    select k.conversation_id from public.cloudtalk_calls k
     where k.duplicate_of is null
       and lower(left(regexp_replace(
         coalesce(k.call_uuid, case when k.call_id !~ '^[0-9]+$' then k.call_id end), '[^0-9A-Za-z]', '', 'g'), 8)) = p_code
       and k.created_at > clock_timestamp() - interval '90 days' and k.id is distinct from p_but
     limit 2);
end
$$;
comment on function private.customers_of_code is
  'The customers of the calls of ninety days that have this code (lower case), one for each call, at most two; p_but: not of this call. A call without a number has null.';
revoke execute on function private.customers_of_code from public;

create or replace function private.feed_call(k public.cloudtalk_calls) returns jsonb
language plpgsql stable set search_path = '' as $$
begin
  return jsonb_build_object(
    'id', k.id,
    'at', coalesce(k.call_end_time, k.call_start_time, k.created_at),
    'direction', k.direction,
    'duration', k.duration,
    'talking_time', k.talking_time,
    'talked', k.talked,
    'agent_name', k.agent_name,
    'status', k.status,
    'call_result', k.call_result,
    'should_send', k.should_send,
    'reason', k.should_send_reason,
    'recording_url', k.recording_url,
    'code', private.call_code(k.call_uuid, k.call_id));
end
$$;
comment on function private.feed_call is
  'A call as the monitor gets it (in lib/supabase/monitor/read-thread.ts).';
revoke execute on function private.feed_call from public;

create or replace function private.feed_codes(p_conversation_id bigint) returns jsonb
language plpgsql stable set search_path = '' as $$
begin
  return coalesce((
    select jsonb_agg(jsonb_build_object('message_id', w.message_id, 'code', w.code,
        'conversation', jsonb_build_object('id', c.id, 'name', c.name, 'phone_number', private.phone_of(c.id))) order by w.message_id)
      from private.written_codes w
      join public.whatsapp_messages m on m.id = w.message_id
      join public.conversations c on c.id = w.conversation_id
     where m.conversation_id = p_conversation_id and w.conversation_id <> p_conversation_id), '[]');
end
$$;
comment on function private.feed_codes is
  'Codes of other customers'' calls that this one has written, as long as staff have not decided about them.';
revoke execute on function private.feed_codes from public;

create or replace function private.feed_conversation(c public.conversations) returns jsonb
language plpgsql stable set search_path = '' as $$
begin
  return jsonb_build_object(
    'id', c.id, 'phone_number', private.phone_of(c.id), 'name', c.name, 'state', c.state,
    'last', (select jsonb_build_object('direction', l.direction, 'type', l.type, 'text', left(l.text, 200), 'status', l.status)
               from public.whatsapp_messages l where l.id = c.last_message_id),
    'last_at', c.last_at, 'unread', c.unread,
    'case', jsonb_build_object('year', c.case_year, 'state', c.case_state, 'covered', c.case_covered, 'of', c.case_of), 'bill_at', c.bill_at, 'bill_by', c.bill_by, 'merged_into', c.merged_into,
    'objection', case when c.objected_at is not null then
      jsonb_build_object('at', c.objected_at, 'by', c.objected_by, 'reason', c.objection_reason) end,
    'objection_asked', c.objection_asked_at is not null,
    'todo', private.feed_todos(c.id));
end
$$;
comment on function private.feed_conversation is
  'A customer as the monitor gets it (FeedConversation in lib/supabase/monitor/feed.ts).';
revoke execute on function private.feed_conversation from public;

create or replace function private.feed_message(m public.whatsapp_messages) returns jsonb
language plpgsql stable set search_path = '' as $$
begin
  return jsonb_build_object(
    'id', m.id, 'conversation_id', m.conversation_id, 'direction', m.direction, 'kind', m.kind,
    'phone_number', m.phone_number, 'contact_name', m.contact_name, 'type', m.type, 'text', m.text, 'status', m.status,
    'error_code', m.error_code, 'error', m.error, 'author', m.author, 'hold', private.feed_hold(m),
    'media', case when m.media is not null then jsonb_build_object(
      -- For staff, a deleted file is one that is not available.
      'state', case m.media_state when 'deleted' then 'failed' else m.media_state end,
      'file_name', coalesce(m.media ->> 'fileName', m.media ->> 'title'),
      'mime_type', coalesce(m.media_mime_type, m.media ->> 'mimetype'),
      'size', coalesce(to_jsonb(m.media_size), m.media -> 'fileLength'),
      'pages', coalesce(to_jsonb(m.media_pages), m.media -> 'pageCount'),
      'error', case m.media_state when 'deleted' then 'deleted' else m.media_error end) end,
    'bill', private.feed_bill(m),
    'label', case when m.label is not null then
      jsonb_build_object('value', m.label, 'date', m.label_date, 'by', m.label_by) end,
    'message_at', coalesce(m.message_at, m.sent_at), 'created_at', m.created_at, 'updated_at', m.updated_at, 'call_id', m.call_id);
end
$$;
comment on function private.feed_message is
  'A message as the monitor gets it (FeedMessage in lib/supabase/monitor/feed.ts).';
revoke execute on function private.feed_message from public;

create or replace function private.feed_todos(p_conversation_id bigint) returns jsonb
language plpgsql stable set search_path = '' as $$
begin
  return coalesce((
    select jsonb_agg(jsonb_build_object(
      'todo', t.todo, 'reason', t.reason, 'at', nullif(t.at, '-infinity'), 'date', t.date, 'message_id', t.message_id,
      'text', case when t.todo in ('questions', 'wrong_numbers', 'promises') then
        (select left(m.text, 200) from public.whatsapp_messages m where m.id = t.message_id) end) order by t.todo)
      from private.todos t
     where t.conversation_id = p_conversation_id and t.due_at <= now() and (t.until is null or t.until > now())), '[]');
end
$$;
comment on function private.feed_todos is
  'A customer''s items of the worklists as the monitor gets them, with why they are there.';
revoke execute on function private.feed_todos from public;

create or replace function private.find_conversations(
  p_state text, p_q text, p_before text, p_limit integer, p_objection boolean default null, p_undelivered boolean default null,
  p_case text default null, p_todo text default null
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
  v_todo bigint[];
  v_undelivered constant bigint[] := case when p_undelivered is not null then array(select private.never_delivered()) end;
begin
  begin
    if p_before is not null then
      v_at := split_part(p_before, '~', 1)::timestamptz;
      v_id := split_part(p_before, '~', 2)::bigint;
    end if;
  exception when data_exception then
    raise invalid_parameter_value using message = 'invalid page';
  end;
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
  'Customers by state and search, who object or are to be decided about (p_objection), to whom something was sent that never arrived (p_undelivered, by private.never_delivered), who are on a worklist (p_todo), by the state of their case (p_case; to_check: open, and staff are to look at bills).';
revoke execute on function private.find_conversations from public;

create or replace function private.identify_incoming(p_events jsonb, p_request_id bigint) returns private.incoming[]
language plpgsql set search_path = '' as $$
declare
  -- With the word itself, any index of incoming messages would do while the table is small, and that plan is kept.
  v_direction text := 'incoming';
  v_events private.incoming[];
  p record;
begin
  -- Of a message's events one may know the LID and another one the number.
  v_events := array(
    select row(
        coalesce(m.phone_number, e.phone_number), coalesce(m.lid, e.lid), e.contact_name, e.type, e.text, nullif(e.media, 'null'),
        e.whatsapp_id, e.quoted_whatsapp_id, e.message_at, m.id,
        (m.phone_number is null and e.phone_number is not null)
          or (m.lid is null and e.lid is not null)
          or (m.text is null and e.text is not null)
          or (m.contact_name is null and e.contact_name is not null)
          or (m.media is null and e.media <> 'null'),
        m.media is not null and e.media <> 'null' and p_request_id is distinct from m.webhook_request_id,
        case when m.text is null then e.objection end,
        case when m.text is null then nullif(e.label, 'null') end,
        case when m.text is null then lower(e.code) end
      )::private.incoming
      from jsonb_populate_recordset(null::private.incoming, p_events) with ordinality e
      left join public.whatsapp_messages m on m.direction = v_direction and m.whatsapp_id = e.whatsapp_id
     order by e.ordinality);
  for p in select distinct lid, phone_number from unnest(v_events) where lid is not null loop
    if p.phone_number is null then
      insert into public.whatsapp_lids (lid) values (p.lid) on conflict do nothing;
    else
      perform private.learn_lid(p.lid, p.phone_number);
    end if;
  end loop;
  v_events := array(
    select row(
        coalesce(e.phone_number, l.phone_number), e.lid, e.contact_name, e.type, e.text, e.media,
        e.whatsapp_id, e.quoted_whatsapp_id, e.message_at, e.id, e.says_more or l.phone_number is not null, e.repeats_media,
        e.objection, e.label, e.code
      )::private.incoming
      from unnest(v_events) with ordinality e
      left join public.whatsapp_lids l on l.lid = e.lid and e.phone_number is null
     order by e.ordinality);
  for p in
    select distinct phone_number, lid from unnest(v_events) where private.customer_of(coalesce(phone_number, lid)) is null
  loop
    perform private.make_customer(p.phone_number, p.lid, 'message');
  end loop;
  return v_events;
end
$$;
comment on function private.identify_incoming is
  'Whose messages these events are of, and which of them are stored: learns their LIDs and makes their customers.';
revoke execute on function private.identify_incoming from public;

create or replace function private.is_known(p_conversation_id bigint) returns boolean
language plpgsql stable set search_path = '' as $$
begin
  return exists (select from public.cloudtalk_calls where conversation_id = p_conversation_id)
      or exists (select from public.conversation_numbers
                  where conversation_id = p_conversation_id and known_by in ('call', 'staff', 'legacy'))
      or exists (select from public.whatsapp_messages
                  where conversation_id = p_conversation_id and direction = 'outgoing' and kind <> 'confirmation');
end
$$;
comment on function private.is_known is
  'Whether we know who this is: there was a call, or we have written. Somebody who has only written to us may be anybody.';
revoke execute on function private.is_known from public;

create or replace function private.join_by_code(p_message_id bigint, p_code text, p_customer bigint) returns void
language plpgsql set search_path = '' as $$
declare
  m public.whatsapp_messages;
  v_phones text[];
begin
  select * into m from public.whatsapp_messages where id = p_message_id;
  if p_customer is null then
    return;
  end if;
  insert into private.written_codes (message_id, code, conversation_id) values (m.id, p_code, p_customer)
  on conflict (message_id) do update set conversation_id = excluded.conversation_id;
  if p_customer = m.conversation_id then
    return;
  elsif private.is_known(m.conversation_id) then
    -- An accountant writes for three farms: the thread shows it.
    update public.conversations set updated_at = clock_timestamp() where id = m.conversation_id;
  else
    if m.phone_number is null then
      -- Who has one number writes from that one.
      v_phones := array(select address from public.conversation_numbers where conversation_id = p_customer and left(address, 1) = '+');
      perform private.note_written(v_phones) where cardinality(v_phones) = 1;
    end if;
    update public.conversation_numbers set known_by = 'code' where conversation_id = m.conversation_id;
    perform private.merge_customers(greatest(m.conversation_id, p_customer), least(m.conversation_id, p_customer));
  end if;
end
$$;
comment on function private.join_by_code is
  'Somebody has written with the code of this customer''s call: if nobody knows who it is, it is the customer; else staff decide. The caller holds the locks of both.';
revoke execute on function private.join_by_code from public;

create or replace function private.lock_call(n public.cloudtalk_calls) returns void
language plpgsql set search_path = '' as $$
declare
  v_numbers text[];
  v_code text := lower(private.call_code(n.call_uuid, n.call_id));
begin
  perform private.lock_keys('call:' || n.call_uuid, 'call:' || n.call_id, 'address:' || n.phone_number, 'code:' || v_code);
  -- What the ids lead to may be another customer's.
  select array_agg(k.phone_number) into v_numbers
    from public.cloudtalk_calls k
   where k.duplicate_of is null and (k.call_uuid = n.call_uuid or k.call_id = n.call_id or k.cdr_id = n.call_id);
  perform private.lock_customers(n.phone_number || v_numbers, array(
    -- Whoever waits for this call, having written with its code.
    select m.conversation_id from private.written_codes w join public.whatsapp_messages m on m.id = w.message_id
     where w.code = v_code and w.conversation_id is null));
end
$$;
comment on function private.lock_call is
  'Locks everything that a report of this call may change.';
revoke execute on function private.lock_call from public;

create or replace function private.lock_events(p_events jsonb) returns void
language plpgsql set search_path = '' as $$
declare
  v_addresses text[];
  v_ids text[];
  v_conversations bigint[];
  v_codes text[];
begin
  -- A failure may restrict the sender, a delivery end its restriction.
  if p_events @? '$[*] ? (@.kind == "session" || @.kind == "send_failed" || @.status == "failed")'
     or exists (select from public.whatsapp_sender where restricted_at is not null) then
    perform from public.whatsapp_sender for update;
  end if;
  v_codes := array(select distinct lower(e ->> 'code') from jsonb_array_elements(p_events) e where e ->> 'code' is not null);
  select array_agg(distinct a) filter (where a is not null), array_agg(distinct i) filter (where i is not null)
    into v_addresses, v_ids
    from jsonb_array_elements(p_events) e,
      lateral (values (e ->> 'phone_number', e ->> 'whatsapp_id'), (e ->> 'lid', e ->> 'wasender_id')) as x (a, i);
  perform private.lock_keys(variadic array(
    select 'address:' || a from unnest(v_addresses) a union all select 'message:' || i from unnest(v_ids) i
    union all select 'code:' || c from unnest(v_codes) c));
  -- A message may be another customer's than its event says: its echo came under a LID whose number is not known yet.
  v_conversations := array(
    select conversation_id from public.whatsapp_messages
     where (direction in ('incoming', 'outgoing') and whatsapp_id = any (v_ids)) or wasender_id = any (v_ids)
    union all
    select m.conversation_id
      from jsonb_array_elements(p_events) e
      left join public.whatsapp_lids l on l.lid = e ->> 'lid'
      join public.whatsapp_messages m on m.id = private.find_just_sent(e ->> 'text', (e ->> 'message_at')::timestamptz)
     where e ->> 'kind' = 'outgoing' and e ->> 'phone_number' is null and l.phone_number is null
    union all
    select u from unnest(v_codes) c cross join lateral unnest(private.customers_of_code(c)) u where u is not null);
  perform private.lock_customers(v_addresses, v_conversations);
end
$$;
comment on function private.lock_events is
  'Locks everything that these events may change.';
revoke execute on function private.lock_events from public;

create or replace function private.make_customer(p_phone_number text, p_lid text, p_known_by text) returns bigint
language plpgsql set search_path = '' as $$
declare
  v_id bigint := private.customer_of(p_phone_number);
  v_other bigint := private.customer_of(p_lid);
  v_new boolean := v_id is null and v_other is null;
begin
  if v_new then
    insert into public.conversations default values returning id into v_id;
  elsif v_id is null then
    v_id := v_other;
  elsif v_other <> v_id and private.is_known(v_id) and exists (
    select from public.conversation_numbers where address = p_lid and known_by = 'code') then
    -- Whoever wrote with the code of another customer's call turns out to be somebody that we know: staff decide.
    perform private.take_back_lid(p_lid, v_other, v_id);
  elsif v_other <> v_id then
    -- The older one stays: lock_customers says why.
    perform private.merge_customers(greatest(v_id, v_other), least(v_id, v_other));
    v_id := least(v_id, v_other);
  end if;
  if p_phone_number is not null or p_lid is not null then
    insert into public.conversation_numbers (address, conversation_id, known_by)
    select a.address, v_id, a.known_by
      from (values (p_phone_number, p_known_by), (p_lid, case when p_phone_number is null then p_known_by else 'lid' end))
        as a (address, known_by)
     where a.address is not null
    on conflict (address) do nothing;
    if found then
      -- The list shows the number.
      if not v_new then
        update public.conversations set updated_at = clock_timestamp() where id = v_id;
      end if;
      perform private.recall_objection(v_id, p_phone_number, p_lid);
    end if;
  end if;
  return v_id;
end
$$;
comment on function private.make_customer is
  'The conversation of a number, of a LID, or of both, which then are the same customer''s: made if there is none, made one if there were two. The caller holds the keys of both.';
revoke execute on function private.make_customer from public;

create or replace function private.merge_customers(p_from bigint, p_into bigint) returns void
language plpgsql set search_path = '' as $$
declare
  f public.conversations;
  i public.conversations;
  v_answered_at timestamptz;
begin
  perform private.lock_customers('{}', array[p_from, p_into]);
  select * into f from public.conversations where id = p_from;
  select * into i from public.conversations where id = p_into;
  -- The bill that the one has sent is what waits to be asked of the other.
  if f.bill_at is null <> (i.bill_at is null) then
    perform private.withdraw_asks(case when f.bill_at is null then f.id else i.id end);
  end if;
  update public.conversation_numbers set conversation_id = p_into where conversation_id = p_from;
  update public.whatsapp_messages set conversation_id = p_into where conversation_id = p_from;
  update public.cloudtalk_calls set conversation_id = p_into where conversation_id = p_from;
  update public.objections set conversation_id = p_into where conversation_id = p_from;
  update public.staff_actions set conversation_id = p_into where conversation_id = p_from;
  update private.written_codes w set conversation_id = p_into where conversation_id = p_from;
  insert into public.todo_done as d (conversation_id, todo, at, by)
  select p_into, todo, at, by from public.todo_done where conversation_id = p_from
  on conflict (conversation_id, todo) do update set at = excluded.at, by = excluded.by where d.at < excluded.at;
  delete from public.todo_done where conversation_id = p_from;
  delete from private.todos where conversation_id = p_from;
  insert into public.case_pods (conversation_id, pod, change, merged_into, supply_from, supply_to, by, at)
  select p_into, pod, change, k.merged_into, supply_from, supply_to, by, at from public.case_pods k where conversation_id = p_from
  on conflict (conversation_id, pod) do nothing;
  delete from public.case_pods where conversation_id = p_from;
  update public.conversations set merged_into = p_into, unread = 0 where id = p_from;
  update public.conversations set
    -- What was not read stays unread.
    seen_message_id = case
      when f.unread > 0 then least(seen_message_id, f.seen_message_id)
      when unread = 0 then greatest(seen_message_id, f.seen_message_id)
      else seen_message_id end,
    bill_at = coalesce(bill_at, f.bill_at),
    bill_by = case when bill_at is null then f.bill_by else bill_by end,
    case_year = case
      when case_year_by is not null then case_year
      when f.case_year_by is not null then f.case_year
      else least(case_year, f.case_year) end,
    case_year_by = coalesce(case_year_by, f.case_year_by),
    declared_at = coalesce(declared_at, f.declared_at),
    declared_by = case when declared_at is null then f.declared_by else declared_by end,
    declared_reason = case when declared_at is null then f.declared_reason else declared_reason end,
    objected_at = coalesce(objected_at, f.objected_at),
    objected_by = case when objected_at is null then f.objected_by else objected_by end,
    objection_reason = case when objected_at is null then f.objection_reason else objection_reason end,
    objection_asked_at = coalesce(objection_asked_at, f.objection_asked_at)
  where id = p_into;
  if coalesce(f.objected_at, i.objected_at) is not null then
    perform private.withdraw_automatic(p_into);
  end if;
  select max(coalesce(m.message_at, m.created_at)) into v_answered_at
    from public.whatsapp_messages m where m.conversation_id = p_into and m.direction = 'incoming';
  if v_answered_at is not null then
    perform private.mark_answered(p_into, v_answered_at);
  end if;
  perform private.refresh_case(p_into);
end
$$;
comment on function private.merge_customers is
  'Two conversations turn out to be one customer''s: the second, older one gets all that the first has.';
revoke execute on function private.merge_customers from public;

create or replace function private.monitor_state(p private.pending) returns jsonb
language plpgsql stable set search_path = '' as $$
declare
  s public.whatsapp_sender;
  v_work jsonb;
begin
  select * into s from public.whatsapp_sender;
  v_work := private.what_is_due(s, p);
  return jsonb_build_object(
    'due', (v_work - 'bills') @? '$.* ? (@ == true)',
    'work', v_work,
    'log', jsonb_build_object('due', s.log_due_at <= now(), 'ok_at', s.log_ok_at, 'error', s.log_error),
    'todo', p.todo,
    'sender', jsonb_build_object(
      'queued', p.queued,
      'next_send_at', case when s.paused_at is null and p.queued_due_at is not null then greatest(s.next_send_at, p.queued_due_at) end,
      'paused', case
        when s.paused_at is not null then jsonb_build_object('reason', s.paused_reason, 'code', s.paused_code,
          'message', s.paused_message, 'since', s.paused_at, 'until', null)
        when s.restricted_at is not null then jsonb_build_object('reason', 'restricted', 'code', 'restricted',
          'message', null, 'since', s.restricted_at, 'until', private.restricted_until(s, null, now())) end,
      'hours', private.feed_hours(),
      'lights', jsonb_build_object('first_contacts', p.first_contacts, 'answered', p.answered, 'undelivered', p.undelivered),
      'session', s.session_status));
end
$$;
revoke execute on function private.monitor_state from public;

create or replace function private.move_ask(p_conversation_id bigint, p_phone_number text, p_who text) returns public.whatsapp_messages
language plpgsql set search_path = '' as $$
declare
  a public.whatsapp_messages;
  m public.whatsapp_messages;
begin
  select * into a from public.whatsapp_messages
   where conversation_id = p_conversation_id and kind = 'ask' and status <> 'cancelled' order by id desc limit 1;
  if a.status in ('queued', 'failed') and a.phone_number <> p_phone_number and not private.has_objected(p_phone_number) then
    update public.whatsapp_messages set status = 'cancelled', cancelled_by = p_who where id = a.id;
    insert into public.whatsapp_messages
      (conversation_id, direction, kind, status, phone_number, contact_name, text, call_id, webhook_request_id, due_at, free_until,
       first_contact)
    values
      (a.conversation_id, 'outgoing', 'ask', 'queued', p_phone_number, a.contact_name, a.text, a.call_id, a.webhook_request_id,
       clock_timestamp(), a.free_until, private.is_first_contact(p_phone_number))
    returning * into m;
  end if;
  return m;
end
$$;
comment on function private.move_ask is
  'A customer''s ask that was not sent is cancelled, and this number gets it. Returns the new one; null if there was none to move.';
revoke execute on function private.move_ask from public;

create or replace function private.move_failed_ask(p_message_id bigint) returns void
language plpgsql set search_path = '' as $$
begin
  perform private.move_ask(m.conversation_id, n.address, coalesce(s.who, 'decision'))
     from public.whatsapp_messages m
     cross join lateral (
       select address from public.conversation_numbers
        where conversation_id = m.conversation_id and known_by = 'staff' and created_at > coalesce(m.queued_at, m.created_at)
        order by created_at desc limit 1) n
     left join lateral (
       select who from public.staff_actions
        where conversation_id = m.conversation_id and action = 'second_number' order by id desc limit 1) s on true
    where m.id = p_message_id and m.kind = 'ask' and m.status = 'failed';
end
$$;
comment on function private.move_failed_ask is
  'An ask has failed: if staff entered another number while it was on its way, that one gets it.';
revoke execute on function private.move_failed_ask from public;

create or replace function private.queue_or_withdraw(
  o public.cloudtalk_calls, c public.cloudtalk_calls, p_text text, p_request_id bigint
) returns public.whatsapp_messages
language plpgsql set search_path = '' as $$
declare
  m public.whatsapp_messages := private.ask_of(c.id);
  v_phone text := private.ask_number(c.phone_number);
begin
  -- One that was withdrawn comes back only when that is decided: a repeat decides nothing. Nor does one whose place a later
  -- call's has taken.
  if c.should_send and c.should_send_reason = 'eligible' and (m.id is null
     or (m.status = 'cancelled' and m.cancelled_by = 'decision' and m.error_code is distinct from 'superseded'
         and not coalesce(o.should_send, false))) then
    insert into public.whatsapp_messages
      (conversation_id, direction, kind, status, phone_number, contact_name, text, call_id, webhook_request_id, due_at,
       free_until, first_contact)
    values
      (c.conversation_id, 'outgoing', 'ask', 'queued', v_phone, coalesce(c.contact_name, c.customer_name), p_text, c.id,
       p_request_id, clock_timestamp(),
       coalesce(least(c.call_end_time, clock_timestamp()), clock_timestamp()) + interval '10 minutes', private.is_first_contact(v_phone))
    returning * into m;
    -- It takes the place of one that still waits for an earlier call, or a later call's keeps it.
    if exists (
      select from public.whatsapp_messages a
       where a.conversation_id = c.conversation_id and a.kind = 'ask' and a.status = 'queued' and a.id <> m.id) then
      perform private.withdraw(a.id, 'superseded') from public.whatsapp_messages a
       where a.conversation_id = c.conversation_id and a.status = 'queued' and private.is_superseded(a);
      select * into m from public.whatsapp_messages where id = m.id;
    end if;
  elsif not c.should_send and m.status = 'queued' then
    m := private.withdraw(m.id, c.should_send_reason);
  end if;
  return m;
end
$$;
comment on function private.queue_or_withdraw is
  'Gives a call (c, stored as o) its one ask if it is to have one now, or takes back one that still waits. Returns the call''s ask.';
revoke execute on function private.queue_or_withdraw from public;

create or replace function private.refresh_case(p_conversation_id bigint, p_last boolean default false) returns void
language plpgsql set search_path = '' as $$
declare
  c public.conversations;
  f private.case_facts := private.read_case(p_conversation_id);
begin
  select * into c from public.conversations where id = p_conversation_id for update;
  update public.conversations set
    case_year = f.year,
    case_state = private.case_state(c, f),
    case_covered = case when f.months = '{}' then f.files
      else (select count(*) from unnest(f.months) m where m.state = 'covered') end,
    case_of = case when f.months <> '{}' then (select count(*) from unnest(f.months) m where m.state <> 'not_due') end,
    case_to_check = f.file_waits or exists (select from unnest(f.supplies) s where s.pending),
    case_missing = private.missing(f),
    case_history = private.accepts_history(),
    case_xid = case when p_last then pg_current_xact_id() end
  where id = p_conversation_id;
  perform private.refresh_todos(p_conversation_id);
end
$$;
comment on function private.refresh_case is
  'Derives what the list shows of a customer''s case. p_last: nothing of this transaction will change it any more.';
revoke execute on function private.refresh_case from public;

create or replace function private.refresh_customer(p_id bigint, p_last boolean default false) returns void
language plpgsql set search_path = '' as $$
declare
  c public.conversations;
  l public.whatsapp_messages;
  v_name text;
  v_last_call timestamptz;
begin
  select * into c from public.conversations where id = p_id for update;
  select * into l from public.whatsapp_messages where conversation_id = p_id order by id desc limit 1;
  select k.created_at into v_last_call from public.cloudtalk_calls k where k.conversation_id = p_id order by k.id desc limit 1;
  select coalesce(
    (select coalesce(k.contact_name, k.customer_name, k.company_name) from public.cloudtalk_calls k
      where k.conversation_id = p_id and coalesce(k.contact_name, k.customer_name, k.company_name) is not null
      order by k.id desc limit 1),
    (select m.contact_name from public.whatsapp_messages m
      where m.conversation_id = p_id and m.contact_name is not null order by m.id desc limit 1))
  into v_name;
  -- The CASE looks only as far as it has to. Also if nothing of this differs: the list shows the last message's state
  -- too.
  update public.conversations set
    name = v_name,
    last_message_id = l.id,
    last_at = coalesce(greatest(l.created_at, v_last_call), c.last_at),
    unread = (
      select count(*) from public.whatsapp_messages m
       where m.conversation_id = p_id and m.direction = 'incoming' and m.id > c.seen_message_id),
    state = case
      when c.bill_at is not null then 'bill'
      when exists (select from public.whatsapp_messages m where m.conversation_id = p_id and m.status = 'unknown') then 'check'
      when l.direction = 'outgoing' and l.status = 'failed' then 'error'
      when exists (select from public.whatsapp_messages m where m.conversation_id = p_id and m.direction = 'incoming')
        or exists (select from public.cloudtalk_calls k where k.conversation_id = p_id and k.electricity_bill_received)
        then 'answered'
      when exists (
        select from public.whatsapp_messages m
         where m.conversation_id = p_id and m.direction = 'outgoing' and m.status <> 'cancelled') then 'waiting'
      else 'none' end,
    case_year = coalesce(c.case_year, private.case_year(p_id)),
    refreshed_xid = case when p_last then pg_current_xact_id() end
  where id = p_id;
  perform private.refresh_todos(p_id);
end
$$;
comment on function private.refresh_customer is
  'Derives a customer''s row again from the calls and messages. p_last: nothing of this transaction will change them any more.';
revoke execute on function private.refresh_customer from public;

create or replace function private.refresh_todos(p_conversation_id bigint) returns void
language plpgsql set search_path = '' set plan_cache_mode = force_generic_plan as $$
declare
  c public.conversations;
  v_items private.todos[];
begin
  select * into c from public.conversations where id = p_conversation_id;
  v_items := array(
    select i from private.todo_items(c) i
     where c.merged_into is null
       and not exists (select from public.todo_done d where d.conversation_id = c.id and d.todo = i.todo and d.at >= i.at));
  delete from private.todos t
   where t.conversation_id = p_conversation_id and t.todo not in (select i.todo from unnest(v_items) i);
  insert into private.todos as t select i.* from unnest(v_items) i
  on conflict (conversation_id, todo) do update set
    reason = excluded.reason, at = excluded.at, due_at = excluded.due_at, until = excluded.until, date = excluded.date,
    message_id = excluded.message_id
  where t is distinct from excluded;
end
$$;
comment on function private.refresh_todos is
  'Derives a customer''s items of the worklists again.';
revoke execute on function private.refresh_todos from public;

create or replace function private.reply_number(p_conversation_id bigint) returns text
language plpgsql stable set search_path = '' as $$
begin
  return coalesce(
    (select m.phone_number from public.whatsapp_messages m
      where m.conversation_id = p_conversation_id and m.direction = 'incoming' and m.phone_number is not null
      order by m.id desc limit 1),
    -- One that staff have entered works; the one that was dialled may be a landline.
    (select n.address from public.conversation_numbers n
      where n.conversation_id = p_conversation_id and n.known_by = 'staff' and left(n.address, 1) = '+'
      order by n.created_at desc limit 1),
    private.phone_of(p_conversation_id));
end
$$;
comment on function private.reply_number is
  'The number to which an answer to a customer goes: the one that wrote last. Null while only a LID is known.';
revoke execute on function private.reply_number from public;

create or replace function private.set_objection(p_conversation_id bigint, p_by text, p_reason text, p_message_id bigint) returns void
language plpgsql set search_path = '' as $$
begin
  insert into public.objections (conversation_id, addresses, by, reason, message_id)
  values (
    p_conversation_id, array(select address from public.conversation_numbers where conversation_id = p_conversation_id),
    p_by, p_reason, p_message_id);
  update public.conversations set
    objected_at = clock_timestamp(), objected_by = p_by, objection_reason = p_reason, objection_asked_at = null
  where id = p_conversation_id;
  -- What is being sent meets it before the send if its number is asked about first, else if it comes back unsent.
  perform private.withdraw_automatic(p_conversation_id);
  perform private.refresh_todos(p_conversation_id);
end
$$;
comment on function private.set_objection is
  'From now on the program does not write to this customer; what waits is withdrawn.';
revoke execute on function private.set_objection from public;

create or replace function private.take_back_lid(p_lid text, p_from bigint, p_into bigint) returns void
language plpgsql set search_path = '' as $$
begin
  perform private.lock_customers('{}', array[p_from, p_into]);
  update public.conversation_numbers set conversation_id = p_into, known_by = 'lid' where address = p_lid;
  update public.whatsapp_messages set conversation_id = p_into, call_id = null where lid = p_lid and conversation_id = p_from;
  update public.cloudtalk_calls k set
    electricity_bill_received = false, electricity_bill_received_at = null, updated_at = clock_timestamp()
  where k.conversation_id = p_from and k.electricity_bill_received and not coalesce(k.stated_bill_received, false)
    and not exists (select from public.whatsapp_messages m where m.conversation_id = p_from and m.direction = 'incoming');
  perform private.refresh_customer(p_from);
  perform private.refresh_case(p_from);
end
$$;
comment on function private.take_back_lid is
  'A LID, with what was written from it, was joined to one customer by the code of a call, and is another''s: see private.feed_codes.';
revoke execute on function private.take_back_lid from public;

create or replace function private.take_waiting_codes(o public.cloudtalk_calls, n public.cloudtalk_calls) returns boolean
language plpgsql set search_path = '' as $$
declare
  v_code text := lower(private.call_code(n.call_uuid, n.call_id));
  v_phone text := coalesce(o.phone_number, n.phone_number);
  v_message_id bigint;
  v_customer bigint;
  v_answered boolean := false;
begin
  if v_phone is null or not exists (select from private.written_codes where code = v_code and conversation_id is null)
     or private.customers_of_code(v_code, o.id) <> '{}' then
    return false;
  end if;
  for v_message_id in
    select w.message_id from private.written_codes w join public.whatsapp_messages m on m.id = w.message_id
     where w.code = v_code and w.conversation_id is null and m.created_at > clock_timestamp() - interval '1 hour'
     order by w.message_id
  loop
    perform private.join_by_code(v_message_id, v_code, private.make_customer(v_phone, null, 'call'));
    v_customer := private.customer_of(v_phone);
    v_answered := v_answered or exists (
      select from public.whatsapp_messages where id = v_message_id and conversation_id = v_customer);
  end loop;
  return v_answered;
end
$$;
comment on function private.take_waiting_codes is
  'A call is reported (n, stored as o): whoever wrote with its code within the last hour has waited for it. Returns whether the customer has. The caller holds the locks that lock_call takes.';
revoke execute on function private.take_waiting_codes from public;

create or replace function private.todo_answers(c public.conversations) returns setof private.todos
language plpgsql stable set search_path = '' as $$
declare
  m public.whatsapp_messages;
begin
  select * into m from public.whatsapp_messages
   where conversation_id = c.id and direction = 'incoming' and label in ('question', 'refusal', 'by_email')
     -- An objection is one already.
     and not (label = 'refusal' and c.objected_at is not null)
   order by id desc limit 1;
  if m.id is not null then
    return query select c.id, 'questions', m.label, m.created_at, m.created_at, null::timestamptz, null::date, m.id;
  end if;
  select * into m from public.whatsapp_messages
   where conversation_id = c.id and direction = 'incoming' and label = 'wrong_number' order by id desc limit 1;
  if m.id is not null then
    return query select c.id, 'wrong_numbers', m.label, m.created_at, m.created_at, null::timestamptz, null::date, m.id;
  end if;
  if c.objected_at is not null or c.case_state in ('complete', 'declared') or (c.bill_at is not null and c.case_of is null) then
    return;
  end if;
  select * into m from public.whatsapp_messages
   where conversation_id = c.id and direction = 'incoming' and label = 'promise' order by id desc limit 1;
  if m.id is not null and not exists (
    select from public.whatsapp_messages f where f.conversation_id = c.id and f.is_bill and f.id > m.id) then
    -- It lapses when its day is over, without a day after a week.
    return query select c.id, 'promises', m.label, m.created_at,
      coalesce((m.label_date + 1)::timestamp at time zone 'Europe/Rome', m.created_at + interval '7 days'), null::timestamptz, m.label_date, m.id;
  end if;
end
$$;
comment on function private.todo_answers is
  'The worklists of what customers have answered: questions, wrong_numbers, promises.';
revoke execute on function private.todo_answers from public;

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

create or replace function private.todo_items(c public.conversations) returns setof private.todos
language plpgsql stable set search_path = '' set plan_cache_mode = force_generic_plan as $$
declare
  a public.whatsapp_messages;
  m public.whatsapp_messages;
  v_wanted boolean := c.objected_at is null and c.bill_at is null and c.case_state in ('none', 'open');
begin
  return query select i.* from private.todo_answers(c) i;
  return query
    select c.id, 'bills', 'to_confirm', max(f.created_at), max(f.created_at), null::timestamptz, null::date, max(f.id)
      from public.whatsapp_messages f join public.bills b on b.message_id = f.id
     where f.conversation_id = c.id and f.is_bill and f.media_state = 'stored' and private.waits_for_staff(b)
    having count(*) > 0;
  if c.case_state = 'complete' then
    return query select c.id, 'other_supplies', 'complete', timestamptz '-infinity', timestamptz '-infinity', null::timestamptz, null::date, null::bigint;
  end if;
  if c.objected_at is not null then
    return;
  end if;
  select * into a from public.whatsapp_messages
   where conversation_id = c.id and kind = 'ask' and status <> 'cancelled' order by id desc limit 1;
  if v_wanted and (a.status = 'failed' and a.error_code = 'not_on_whatsapp' or a.status in ('queued', 'failed') and a.phone_number like '+390%')
     and not exists (select from public.whatsapp_messages i where i.conversation_id = c.id and i.direction = 'incoming') then
    return query select c.id, 'not_reachable', case when a.phone_number like '+390%' then 'landline' else 'not_on_whatsapp' end,
      coalesce(a.queued_at, a.created_at), coalesce(a.queued_at, a.created_at), null::timestamptz, null::date, a.id;
  end if;
  -- The times of private.never_delivered. Whoever has written since has a telephone that works.
  select * into m from public.whatsapp_messages
   where conversation_id = c.id and direction = 'outgoing' and sent_at is not null order by id desc limit 1;
  if m.status = 'sent' and m.sent_at > now() - interval '30 days' and not exists (
    select from public.whatsapp_messages i where i.conversation_id = c.id and i.direction = 'incoming' and i.created_at > m.sent_at) then
    return query select c.id, 'never_delivered', 'never_delivered', m.sent_at, m.sent_at + interval '48 hours',
      m.sent_at + interval '30 days', null::date, m.id;
  end if;
  if c.case_state in ('none', 'open') then
    return query select i.* from private.todo_reminded(c, a) i;
  end if;
end
$$;
comment on function private.todo_items is
  'What staff are to do for a customer now or once due_at has come, whether they have said that it is done or not. What is on which worklist is decided here and in the functions that it calls.';
revoke execute on function private.todo_items from public;

create or replace function private.todo_reminded(c public.conversations, a public.whatsapp_messages) returns setof private.todos
language plpgsql stable set search_path = '' as $$
declare
  v_steps integer := coalesce((select jsonb_array_length(nullif(terms #> '{reminders,steps_hours}', 'null')) from private.terms), 3);
begin
  -- Three days, as between two automatic messages: whoever answers the last one is not called.
  return query
    select c.id, 'to_call', 'reminded', max(m.sent_at), max(m.sent_at) + interval '72 hours', null::timestamptz, null::date, max(m.id)
      from public.whatsapp_messages m
     where m.conversation_id = c.id and m.kind = 'reminder' and m.status in ('sent', 'delivered', 'read') and m.id > a.id
    having count(*) >= v_steps and not exists (
      select from public.whatsapp_messages i
       where i.conversation_id = c.id and i.direction = 'incoming' and i.created_at > max(m.sent_at));
end
$$;
comment on function private.todo_reminded is
  'Whom to call: all reminders after the last ask (a) have gone, and nothing has come of it.';
revoke execute on function private.todo_reminded from public;

create or replace function private.waits_for_staff(b public.bills) returns boolean
language plpgsql stable set search_path = '' as $$
begin
  return b.confirmed_at is null and b.page_of is null and b.duplicate_of is null and b.state in ('read', 'needs_eyes', 'failed');
end
$$;
comment on function private.waits_for_staff is
  'Whether staff are to confirm what a file is and says.';
revoke execute on function private.waits_for_staff from public;

create or replace function private.with_lights(p private.pending, p_known private.pending) returns private.pending
language plpgsql stable set search_path = '' as $$
begin
  p.todo := private.todo_counts();
  select min(due_at) into p.todo_at from private.todos where due_at > now();
  -- Counting takes longer than all the rest of a poll, so each page counts once a minute at most.
  if p_known.lights_at > now() - interval '1 minute' then
    p.lights_at := p_known.lights_at;
    p.first_contacts := p_known.first_contacts;
    p.answered := p_known.answered;
    p.undelivered := p_known.undelivered;
    return p;
  end if;
  p.lights_at := now();
  select count(*), count(*) filter (where n.written_at >= m.sent_at) into p.first_contacts, p.answered
    from public.whatsapp_messages m left join public.conversation_numbers n on n.address = m.phone_number
   where m.first_contact and m.sent_at > now() - interval '7 days';
  select count(*) into p.undelivered from private.never_delivered();
  return p;
end
$$;
comment on function private.with_lights is
  'Completes what waits by the sender''s lights: the first contacts of seven days and how many of them were answered; what was never delivered; and by the worklists.';
revoke execute on function private.with_lights from public;

create or replace function public.act_on_code(p_message_id bigint, p_accept boolean) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_who text := private.require_staff();
  v_from bigint;
  v_into bigint;
begin
  perform private.lock_customers('{}', array(
    select unnest(array[m.conversation_id, w.conversation_id])
      from private.written_codes w join public.whatsapp_messages m on m.id = w.message_id where w.message_id = p_message_id));
  select m.conversation_id, w.conversation_id into v_from, v_into
    from private.written_codes w join public.whatsapp_messages m on m.id = w.message_id
   where w.message_id = p_message_id and w.conversation_id <> m.conversation_id;
  if v_into is null then
    return jsonb_build_object('error', 'not_found');
  end if;
  insert into public.staff_actions (who, action, conversation_id, message_id)
  values (v_who, case when p_accept then 'code_join' else 'code_refuse' end, v_from, p_message_id);
  if not p_accept then
    delete from private.written_codes where message_id = p_message_id;
    update public.conversations set updated_at = clock_timestamp() where id = v_from;
    return jsonb_build_object('conversation', v_from);
  end if;
  perform private.merge_customers(greatest(v_from, v_into), least(v_from, v_into));
  return jsonb_build_object('conversation', least(v_from, v_into));
end
$$;
comment on function public.act_on_code is
  'Staff say whether somebody who wrote with the code of another customer''s call is that customer. Returns { conversation: id } or { error: not_found }.';
revoke execute on function public.act_on_code from public, anon, authenticated, service_role;
grant execute on function public.act_on_code to authenticated, service_role;

create or replace function public.act_on_label(p_message_id bigint, p_label text, p_date date default null) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_who text := private.require_staff();
  m public.whatsapp_messages;
begin
  perform private.lock_customers('{}', array(select conversation_id from public.whatsapp_messages where id = p_message_id));
  select * into m from public.whatsapp_messages where id = p_message_id and direction = 'incoming' for update;
  if m.id is null then
    return jsonb_build_object('error', 'not_found');
  end if;
  update public.whatsapp_messages set label = p_label, label_date = p_date, label_by = 'staff' where id = m.id;
  perform private.refresh_customer(m.conversation_id);
  insert into public.staff_actions (who, action, conversation_id, message_id, from_status, to_status)
  values (v_who, 'label', m.conversation_id, m.id, m.label, p_label);
  return jsonb_build_object('label', jsonb_build_object('value', p_label, 'date', p_date, 'by', 'staff'));
end
$$;
comment on function public.act_on_label is
  'Staff say what a customer''s message means, and until when a promise is. Returns { label: { value, date, by } } or { error: not_found }.';
revoke execute on function public.act_on_label from public, anon, authenticated, service_role;
grant execute on function public.act_on_label to authenticated, service_role;

create or replace function public.act_on_objection(p_conversation_id bigint, p_objects boolean, p_reason text default null) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_who text := private.require_staff();
  c public.conversations;
begin
  perform private.lock_customers('{}', array[p_conversation_id]);
  select * into c from public.conversations where id = p_conversation_id and merged_into is null;
  if c.id is null then
    return jsonb_build_object('error', 'not_found');
  end if;
  if p_objects and c.objected_at is null then
    perform private.set_objection(c.id, v_who, p_reason, null);
  elsif not p_objects and c.objected_at is not null then
    update public.objections set lifted_at = clock_timestamp(), lifted_by = v_who, lifted_reason = p_reason
     where conversation_id = c.id and lifted_at is null;
    update public.conversations set objected_at = null, objected_by = null, objection_reason = null where id = c.id;
    delete from private.objection_hashes where hash = any (array(
      select private.keyed_hash(n.address) from public.conversation_numbers n where n.conversation_id = c.id));
  end if;
  update public.conversations set objection_asked_at = null where id = c.id;
  perform private.refresh_todos(c.id);
  insert into public.staff_actions (who, action, conversation_id, reason)
  values (v_who, case when p_objects then 'objection_set' when c.objected_at is not null then 'objection_lift' else 'objection_none' end, c.id, p_reason);
  select * into c from public.conversations where id = c.id;
  return jsonb_build_object('objection', private.feed_conversation(c) -> 'objection');
end
$$;
comment on function public.act_on_objection is
  'Staff say that a customer objects to automatic messages, or does not (any more), and why. Returns { objection: { at, by, reason } | null } or { error: not_found }.';
revoke execute on function public.act_on_objection from public, anon, authenticated, service_role;
grant execute on function public.act_on_objection to authenticated, service_role;

create or replace function public.add_number(p_conversation_id bigint, p_phone_number text) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_who text := private.require_staff();
  c public.conversations;
  m public.whatsapp_messages;
  v_owner bigint;
begin
  -- The sender's row first, as claim_message does: an ask that is moved is not being claimed.
  perform from public.whatsapp_sender for update;
  perform private.lock_keys('address:' || p_phone_number);
  perform private.lock_customers(array[p_phone_number], array[p_conversation_id]);
  select * into c from public.conversations where id = p_conversation_id and merged_into is null;
  if c.id is null then
    return jsonb_build_object('error', 'not_found');
  end if;
  v_owner := private.customer_of(p_phone_number);
  if v_owner <> c.id then
    return jsonb_build_object('error', 'not_possible', 'status', 'number_taken');
  end if;
  if v_owner is null then
    insert into public.conversation_numbers (address, conversation_id, known_by) values (p_phone_number, c.id, 'staff');
    insert into public.staff_actions (who, action, conversation_id) values (v_who, 'second_number', c.id);
    perform private.recall_objection(c.id, p_phone_number);
  end if;
  m := private.move_ask(c.id, p_phone_number, v_who);
  perform private.refresh_customer(c.id);
  return jsonb_build_object('phone_number', p_phone_number, 'message', case when m.id is not null then
    jsonb_build_object('id', m.id, 'status', m.status) end);
end
$$;
comment on function public.add_number is
  'Another number (E.164) of a customer, as staff know it; an ask that was not sent goes there. Returns { phone_number, message: { id, status } | null } (its ask, if it has just got one) or { error: not_found | not_possible, status: number_taken }.';
revoke execute on function public.add_number from public, anon, authenticated, service_role;
grant execute on function public.add_number to authenticated, service_role;

create or replace function public.claim_sweep(
  p_limit integer, p_media_days integer default null, p_webhook_days integer default null, p_legacy_too boolean default false
) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  s public.whatsapp_sender;
  v_files jsonb;
  v_webhooks integer;
  v_cases integer;
  v_full boolean;
begin
  perform private.authorize();
  select * into s from public.whatsapp_sender for update;
  if s.sweep_at > clock_timestamp() then
    return '[]'::jsonb;
  end if;
  v_webhooks := private.empty_old_webhooks(p_limit * 20, p_webhook_days, p_legacy_too);
  delete from private.deleted_rows where deleted_at < now() - interval '7 days';
  delete from private.sign_in_attempts where at < now() - interval '1 day';
  delete from private.refused_webhooks where day < (now() at time zone 'UTC')::date - 7;
  delete from private.known_browsers where seen_at < now() - interval '400 days';
  delete from public.whatsapp_receipts where received_at < now() - interval '30 days';
  -- The calls that these codes waited for have not come.
  delete from private.written_codes w using public.whatsapp_messages m
   where m.id = w.message_id and w.conversation_id is null and m.created_at < now() - interval '1 hour';
  update public.cloudtalk_calls set erased_hash = null where erased_hash is not null and updated_at < now() - interval '2 days';
  select coalesce(jsonb_agg(jsonb_build_object('id', f.id, 'paths', f.paths)), '[]') into v_files
    from (select id, array_remove(array[media_path, media_thumb_path], null) as paths
            from public.whatsapp_messages
           where media_state = 'stored' and created_at < now() - p_media_days * interval '1 day'
           order by created_at limit p_limit) f;
  v_cases := private.refresh_old_cases(p_limit);
  v_full := jsonb_array_length(v_files) = p_limit or v_cases = p_limit or v_webhooks = p_limit * 20;
  -- A full batch may have left some. A minute is enough to delete it in.
  update public.whatsapp_sender set
    sweep_at = clock_timestamp() + case when v_full then interval '1 minute' else interval '1 hour' end
   where id;
  return v_files;
end
$$;
comment on function public.claim_sweep is
  'Once an hour, removes what is old: the content of webhooks received more than p_webhook_days ago, and what is kept for a while only. Returns the files received more than p_media_days ago, at most p_limit, for the caller to delete: [{ id, paths }]. Null days: kept for ever.';
revoke execute on function public.claim_sweep from public, anon, authenticated, service_role;
grant execute on function public.claim_sweep to anon, service_role;

create or replace function public.confirm_claim(p_lease_token uuid, p_interval_ms integer, p_exists boolean default null) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  s public.whatsapp_sender;
  m public.whatsapp_messages;
  h private.hold;
  v_now timestamptz;
begin
  perform private.authorize();
  select * into s from public.whatsapp_sender for update;
  select * into m from public.whatsapp_messages where lease_token = p_lease_token;
  perform private.lock_customers('{}', array[m.conversation_id]);
  select * into m from public.whatsapp_messages where id = m.id and lease_token = p_lease_token for update;
  v_now := clock_timestamp();
  update public.conversation_numbers set on_whatsapp = p_exists, checked_at = v_now
   where address = m.phone_number and p_exists is not null;
  if m.id is null or m.status <> 'sending' then
    return jsonb_build_object('go', false);
  end if;
  h := private.hold(m, v_now, private.without_waits(s));
  if p_exists is not false and (
    coalesce(h.reason, '') not in ('objection', 'superseded', 'bill', 'case', 'staff', 'restricted', 'hours')
    -- The one that is tried.
    or (h.reason = 'restricted' and s.trial_message_id = m.id)) then
    return jsonb_build_object('go', true);
  end if;
  perform private.forget_trial(m.id);
  update public.whatsapp_attempts set ended_at = v_now, outcome = case when p_exists is false then 'refused' else 'not_sent' end,
    code = case when p_exists is false then 'not_on_whatsapp' end
   where lease_token = p_lease_token;
  update public.whatsapp_messages set
    status = case when p_exists is false then 'failed' else 'queued' end,
    error_code = case when p_exists is false then 'not_on_whatsapp' end,
    attempts = attempts - 1, lease_token = null, lease_until = null, due_at = v_now
  where id = m.id;
  perform private.move_failed_ask(m.id);
  if h.final and p_exists is not false then
    perform private.withdraw(m.id, h.reason);
  end if;
  -- Asking for a number that does not exist is noticed by WhatsApp too: it uses up the slot. Else the slot is free again.
  update public.whatsapp_sender set
    slot_token = null,
    next_send_at = case when p_exists is false then v_now + p_interval_ms * interval '1 ms' else v_now end
  where id and slot_token = p_lease_token;
  return jsonb_build_object('go', false);
end
$$;
comment on function public.confirm_claim is
  'Whether the number of a claimed message is on WhatsApp (null: unknown), and, a moment before it is sent, whether the message may still go. Returns { go }; if it does not, it is settled.';
revoke execute on function public.confirm_claim from public, anon, authenticated, service_role;
grant execute on function public.confirm_claim to anon, service_role;

create or replace function public.export_conversations(
  p_state text default null, p_q text default null, p_objection boolean default null, p_undelivered boolean default null,
  p_case text default null, p_todo text default null
) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
begin
  perform private.require_staff();
  return coalesce((
    select jsonb_agg(jsonb_build_object(
      'phone_number', private.phone_of(c.id), 'name', c.name, 'state', c.state, 'last_at', c.last_at, 'unread', c.unread,
      'objected_at', c.objected_at, 'objection_reason', c.objection_reason, 'bill_at', c.bill_at, 'bill_by', c.bill_by,
      'case', jsonb_build_object('year', c.case_year, 'state', c.case_state, 'covered', c.case_covered, 'of', c.case_of,
        'missing', c.case_missing),
      'bills', coalesce((
        select jsonb_agg(jsonb_build_object('supplier', s.supplier, 'pod', s.pod, 'period_from', s.period_from, 'period_to', s.period_to,
            'kwh', s.kwh, 'power_kw', s.power_kw, 'confirmed', b.confirmed_at is not null) order by m.id desc, s.id)
          from public.whatsapp_messages m join public.bills b on b.message_id = m.id join public.bill_supplies s on s.bill_id = b.id
         where m.conversation_id = c.id and m.is_bill and m.media_state is not null), '[]'),
      'label', (
        select jsonb_build_object('value', l.label, 'date', l.label_date) from public.whatsapp_messages l
         where l.conversation_id = c.id and l.direction = 'incoming' and l.label <> 'other' order by l.id desc limit 1),
      'last_text', (select left(l.text, 500) from public.whatsapp_messages l where l.id = c.last_message_id),
      'last_call_at', (select coalesce(k.call_end_time, k.call_start_time, k.created_at) from public.cloudtalk_calls k
                        where k.conversation_id = c.id order by k.id desc limit 1),
      'todo', private.feed_todos(c.id),
      'company_name', (select k.company_name from public.cloudtalk_calls k
                        where k.conversation_id = c.id and k.company_name is not null order by k.id desc limit 1)))
    from private.find_conversations(p_state, p_q, null, 20000, p_objection, p_undelivered, p_case, p_todo) c), '[]');
end
$$;
comment on function public.export_conversations is
  'The list by state and search for a spreadsheet, newest first, at most 20,000.';
revoke execute on function public.export_conversations from public, anon, authenticated, service_role;
grant execute on function public.export_conversations to authenticated, service_role;

create or replace function public.finish_todo(p_conversation_id bigint, p_todo text) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_who text := private.require_staff();
begin
  perform private.lock_customers('{}', array[p_conversation_id]);
  if not exists (select from public.conversations where id = p_conversation_id and merged_into is null) then
    return jsonb_build_object('error', 'not_found');
  end if;
  insert into public.todo_done as d (conversation_id, todo, by) values (p_conversation_id, p_todo, v_who)
  on conflict (conversation_id, todo) do update set at = excluded.at, by = excluded.by;
  insert into public.staff_actions (who, action, conversation_id, to_status) values (v_who, 'done', p_conversation_id, p_todo);
  perform private.refresh_customer(p_conversation_id);
  return jsonb_build_object('todo', private.feed_todos(p_conversation_id));
end
$$;
comment on function public.finish_todo is
  'Staff have done what a worklist says about a customer: only something new brings it back. Returns { todo } (what is left) or { error: not_found }.';
revoke execute on function public.finish_todo from public, anon, authenticated, service_role;
grant execute on function public.finish_todo to authenticated, service_role;

create or replace function public.read_bills(p_limit integer, p_before bigint default null) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  v_limit integer := least(greatest(p_limit, 1), 200);
  v_rows public.whatsapp_messages[];
begin
  perform private.require_staff();
  v_rows := array(
    select m from public.bills b join public.whatsapp_messages m on m.id = b.message_id
     where private.waits_for_staff(b) and m.media_state = 'stored' and (p_before is null or b.message_id < p_before)
     order by b.message_id desc limit v_limit + 1);
  return jsonb_build_object(
    'bills', coalesce((
      select jsonb_agg(jsonb_build_object('message', private.feed_message(m), 'conversation', private.feed_conversation(c)) order by m.id desc)
        from unnest(v_rows[1:v_limit]) m join public.conversations c on c.id = m.conversation_id), '[]'),
    'next', case when array_length(v_rows, 1) > v_limit then v_rows[v_limit].id end);
end
$$;
comment on function public.read_bills is
  'The files that staff are to confirm, of all customers, newest first. Returns { bills: [{ message, conversation }], next }; next is p_before of the next page.';
revoke execute on function public.read_bills from public, anon, authenticated, service_role;
grant execute on function public.read_bills to authenticated, service_role;

create or replace function public.read_conversations(
  p_limit integer, p_state text default null, p_q text default null, p_before text default null,
  p_objection boolean default null, p_undelivered boolean default null,
  p_case text default null, p_todo text default null
) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  v_limit integer := least(greatest(p_limit, 1), 200);
  v_rows public.conversations[];
  v_next text;
begin
  perform private.require_staff();
  v_rows := array(select f from private.find_conversations(p_state, p_q, p_before, v_limit + 1, p_objection, p_undelivered, p_case, p_todo) f);
  if coalesce(array_length(v_rows, 1), 0) > v_limit then
    v_rows := v_rows[1:v_limit];
    v_next := concat(v_rows[v_limit].last_at, '~', v_rows[v_limit].id);
  end if;
  return private.monitor_state(private.with_lights(private.read_pending(), null)) || jsonb_build_object(
    'cursor', pg_current_snapshot()::text,
    'conversations', coalesce((select jsonb_agg(private.feed_conversation(c) order by c.last_at desc, c.id desc)
                                 from unnest(v_rows) c), '[]'),
    'next', v_next,
    'counts', private.conversation_counts());
end
$$;
comment on function public.read_conversations is
  'A page of the list, newest first, by state, search and worklist. Returns { cursor, conversations, next, counts, due, log, sender }.';
revoke execute on function public.read_conversations from public, anon, authenticated, service_role;
grant execute on function public.read_conversations to authenticated, service_role;

-- A poll that finds nothing new looks into no table that grows.
--
-- Whatever changes a message, a conversation or a LID draws a number from the sequence private.changes, and a cursor
-- carries the number that stood when it was made, if no other transaction was under way then: if that number still
-- stands, nothing has begun since, and nothing that had begun before can have been committed since. What such a poll
-- has to say besides (what is queued, what is due and when) cannot have changed but for the time, so the cursor carries
-- it too.
--
-- For that three things are read in this order: the number, whether a transaction that may have drawn one is under way,
-- the snapshot. A transaction that drew a number before it was read either is still under way, and then this cursor
-- gets none, or has ended and is seen by the snapshot. A transaction holds the lock on its own id from before it can
-- write until after it is seen as ended; a snapshot alone does not say so, since it does not know those younger than
-- the last one to end. A function that is not VOLATILE has the snapshot of the statement that called it, so this one
-- is, although it writes nothing. (A crash may give a second time a number with which no change was committed; the next
-- one differs.) Whoever reads the feed has written nothing in the same transaction: its own number is in no snapshot.)
create or replace function public.read_feed(p_limit integer, p_after text default null) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_limit integer := least(greatest(coalesce(p_limit, 50), 1), 200);
  k private.poll_cursor;
  v_change bigint;
  v_pending private.pending;
  v_messages public.whatsapp_messages[] := array[]::public.whatsapp_messages[];
  v_conversations public.conversations[] := array[]::public.conversations[];
  v_deleted jsonb;
begin
  perform private.require_staff();
  k := private.parse_cursor(p_after);
  if current_setting('transaction_isolation') = 'read committed' then
    select last_value into v_change from private.changes;
  end if;
  if k.change = v_change then
    if (k.pending).queued_due_at <= now() then
      -- The hours may have ended since.
      k.pending.queued_due_at := private.next_sendable((select s from public.whatsapp_sender s), now());
    end if;
    if (k.pending).todo_at <= now() then
      k.pending.todo := private.todo_counts();
    end if;
    return private.monitor_state(k.pending) || jsonb_build_object('cursor', p_after, 'more', false,
      'messages', '[]'::jsonb, 'conversations', '[]'::jsonb, 'deleted', null, 'counts', null);
  end if;
  if k.to_snapshot is not null
     or exists (select from pg_catalog.pg_locks where locktype = 'transactionid' and mode = 'ExclusiveLock') then
    -- What has changed since an unfinished cursor's second snapshot is not looked at yet.
    v_change := null;
  end if;
  k.to_snapshot := coalesce(k.to_snapshot, pg_current_snapshot());
  if p_after is null then
    v_messages := array(select m from public.whatsapp_messages m order by m.id desc limit v_limit);
    v_conversations := array(
      select c from public.conversations c where c.merged_into is null order by c.last_at desc, c.id desc limit v_limit);
    k.message_xid := null;
    k.conversation_xid := null;
  else
    -- Of another cluster, or of a time that was lost when this one was restored: nothing would ever be new to it.
    if pg_snapshot_xmax(k.from_snapshot) > pg_snapshot_xmax(pg_current_snapshot()) then
      raise invalid_parameter_value using message = 'invalid cursor';
    end if;
    v_messages := private.changed_messages(k, v_limit + 1);
    v_conversations := private.changed_conversations(k, v_limit + 1);
    -- A place is kept if its table has more.
    k.message_xid := v_messages[v_limit + 1].changed_xid;
    k.conversation_xid := v_conversations[v_limit + 1].changed_xid;
    if k.message_xid is not null then k.message_xid := v_messages[v_limit].changed_xid; end if;
    if k.conversation_xid is not null then k.conversation_xid := v_conversations[v_limit].changed_xid; end if;
    k.message_id := v_messages[v_limit].id;
    k.conversation_id := v_conversations[v_limit].id;
    v_deleted := private.deleted_since(k);
  end if;
  v_pending := private.with_lights(private.read_pending(), k.pending);
  return private.monitor_state(v_pending) || jsonb_build_object(
    'cursor', private.format_cursor(k, v_change, v_pending),
    'more', k.message_xid is not null or k.conversation_xid is not null,
    'messages', coalesce((select jsonb_agg(private.feed_message(m) order by m.id desc) from unnest(v_messages[1:v_limit]) m), '[]'),
    'conversations', coalesce((select jsonb_agg(private.feed_conversation(c) order by c.last_at desc, c.id desc)
                                 from unnest(v_conversations[1:v_limit]) c), '[]'),
    'deleted', v_deleted,
    -- They can only have changed if a conversation has, or is gone.
    'counts', case when p_after is null or v_conversations <> '{}' or v_deleted is not null then private.conversation_counts() end);
end
$$;
comment on function public.read_feed is
  'The newest messages and conversations, or with p_after (a cursor of an earlier answer) what was added, changed or deleted since. Returns { cursor, more, messages, conversations, deleted: { messages, conversations } | null, counts, due, work, log, sender }.';
revoke execute on function public.read_feed from public, anon, authenticated, service_role;
grant execute on function public.read_feed to authenticated, service_role;

create or replace function public.read_thread(p_conversation_id bigint, p_limit integer, p_before bigint default null) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  c public.conversations;
  v_limit integer := least(greatest(p_limit, 1), 200);
  v_rows public.whatsapp_messages[];
begin
  perform private.require_staff();
  select * into c from public.conversations where id = p_conversation_id;
  if c.id is null then
    return jsonb_build_object('error', 'not_found');
  end if;
  v_rows := array(
    select m from public.whatsapp_messages m
     where m.conversation_id = c.id and (p_before is null or m.id < p_before)
     order by m.id desc limit v_limit + 1);
  return jsonb_build_object(
    'conversation', private.feed_conversation(c),
    'messages', coalesce((select jsonb_agg(private.feed_message(m) order by m.id desc) from unnest(v_rows[1:v_limit]) m), '[]'),
    'more', coalesce(array_length(v_rows, 1), 0) > v_limit,
    'bills', private.feed_bills(c.id),
    'case', private.feed_case(c.id),
    'codes', private.feed_codes(c.id),
    'calls', coalesce((
      select jsonb_agg(private.feed_call(k) order by k.id desc)
        from (select * from public.cloudtalk_calls
               where conversation_id = c.id and duplicate_of is null order by id desc limit 50) k), '[]'),
    'actions', coalesce((
      select jsonb_agg(jsonb_build_object('id', a.id, 'at', a.at, 'who', a.who, 'action', a.action, 'message_id', a.message_id, 'reason', a.reason)
                       order by a.id desc)
      from (select * from public.staff_actions where conversation_id = c.id order by id desc limit 100) a), '[]'));
end
$$;
comment on function public.read_thread is
  'A conversation with its newest messages (before p_before), calls and what staff did. Returns { conversation, messages, more, bills, case, codes, calls, actions } or { error: not_found }.';
revoke execute on function public.read_thread from public, anon, authenticated, service_role;
grant execute on function public.read_thread to authenticated, service_role;

create or replace function public.record_cloudtalk_webhook(p_request jsonb, p_call jsonb, p_ask jsonb) returns jsonb
language plpgsql security definer set search_path = '' set plan_cache_mode = force_generic_plan as $$
declare
  n public.cloudtalk_calls := jsonb_populate_record(null::public.cloudtalk_calls, p_call);
  o public.cloudtalk_calls;
  c public.cloudtalk_calls;
  m public.whatsapp_messages;
  v_answered boolean;
  v_duplicate boolean;
  v_request_id bigint;
begin
  perform private.authorize();
  perform private.lock_call(n);
  o := private.find_call(n);
  if o.should_send_reason = 'erased' then
    return private.refuse_erased_call(o, n, p_request);
  end if;
  v_answered := private.take_waiting_codes(o, n);
  c := private.merge_call(o, n);
  if v_answered and not c.electricity_bill_received then
    c.electricity_bill_received := true;
    c.electricity_bill_received_at := clock_timestamp();
  end if;
  c := private.decide_ask(o, c, p_ask);
  v_duplicate := o.id is not null and c is not distinct from o;
  -- What the history says of a call that is known is kept with the call.
  if n.cdr_id is null or o.id is null then
    v_request_id := private.keep_webhook(p_request, case when v_duplicate then 'duplicate' else 'accepted' end, null);
  end if;
  if not v_duplicate then
    c := private.save_call(o, c, p_request -> 'body', v_request_id);
  end if;
  m := private.queue_or_withdraw(o, c, p_ask ->> 'text', v_request_id);
  return jsonb_build_object(
    'duplicate', case when n.cdr_id is null then v_duplicate else o.id is not null end,
    'webhook', v_request_id,
    'call', jsonb_build_object('id', c.id, 'should_send', c.should_send, 'reason', c.should_send_reason),
    'message', case when m.id is not null then jsonb_build_object('id', m.id, 'status', m.status) end,
    'drain_in_ms', case when m.status = 'queued' then private.drain_in_ms() end);
end
$$;
comment on function public.record_cloudtalk_webhook is
  'A call ended: stores the webhook, the call (new or enriched) and at most one queued ask, in one transaction. p_call has the column names of cloudtalk_calls; with a cdr_id it comes from CloudTalk''s call history. p_ask is { text, cooldown_hours, after_bill }, and for a call that is learned late, from the history or a stored webhook, { within_hours, heard_at }: an older one gets no ask. Returns { duplicate, webhook, call: { id, should_send, reason }, message: { id, status } | null, drain_in_ms }.';
revoke execute on function public.record_cloudtalk_webhook from public, anon, authenticated, service_role;
grant execute on function public.record_cloudtalk_webhook to anon, service_role;

create or replace function public.settle_message(
  p_lease_token uuid, p_outcome text, p_interval_ms integer, p_detail jsonb, p_started_ms_ago integer default null
) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  m public.whatsapp_messages;
  v_message_id bigint;
  v_next timestamptz;
begin
  perform private.authorize();
  perform from public.whatsapp_sender for update;
  perform private.lock_keys('message:' || (p_detail ->> 'wasender_id'));
  -- Not by the message's own lease: staff may have decided about it since.
  select message_id into v_message_id from public.whatsapp_attempts where lease_token = p_lease_token;
  perform private.lock_customers('{}', array(
    select conversation_id from public.whatsapp_messages
     where id = v_message_id or wasender_id = p_detail ->> 'wasender_id'));
  select * into m from public.whatsapp_messages where id = v_message_id for update;
  v_next := private.settle_slot(p_lease_token, p_outcome, p_interval_ms, p_detail, p_started_ms_ago);
  if p_outcome not in ('sent', 'unknown') then
    perform private.forget_trial(m.id);
  end if;

  if p_outcome = 'sent' and m.id is not null then
    perform private.advance_message(m.id, 'sent', null, null, null, p_detail ->> 'wasender_id');
    perform private.apply_receipts(m.id);
  elsif m.lease_token is distinct from p_lease_token or m.status not in ('sending', 'unknown') then
    null; -- The lease had ended, and a webhook or staff has moved the message since.
  elsif p_outcome = 'unknown' or p_outcome = 'refused'
    or (p_outcome = 'not_sent' and m.attempts >= (p_detail ->> 'max_attempts')::integer) then
    update public.whatsapp_messages set
      status = case p_outcome when 'unknown' then 'unknown' else 'failed' end,
      error_code = coalesce(p_detail ->> 'code', 'rejected'), error = p_detail ->> 'detail'
    where id = m.id;
    perform private.move_failed_ask(m.id);
  elsif exists (select from public.whatsapp_attempts where lease_token = p_lease_token and withdrawn) then
    update public.whatsapp_messages set
      status = 'cancelled', cancelled_by = 'decision', error_code = 'bill_already_received', error = null,
      lease_token = null, lease_until = null
    where id = m.id;
  else
    -- It is certain that nothing was sent. Waiting for a slot or a session is not the message's fault.
    update public.whatsapp_messages set
      status = 'queued', lease_token = null, lease_until = null,
      error_code = p_detail ->> 'code', error = p_detail ->> 'detail',
      attempts = case when p_outcome = 'not_sent' and p_started_ms_ago is not null then attempts else attempts - 1 end,
      due_at = clock_timestamp() + coalesce((p_detail ->> 'retry_ms')::bigint, 0) * interval '1 ms'
    where id = m.id;
  end if;
  return jsonb_build_object(
    'status', (select status from public.whatsapp_messages where id = m.id),
    'wait_ms', greatest(0, ceil(extract(epoch from v_next - clock_timestamp()) * 1000)));
end
$$;
comment on function public.settle_message is
  'Says what became of a claim: sent, refused, rate_limited, paused, not_sent or unknown (p_started_ms_ago is null if no request was made). p_detail is { code, detail, wasender_id, http_status, hold_ms, retry_ms, max_attempts, pause_reason, fingerprint }. Returns { status, wait_ms }.';
revoke execute on function public.settle_message from public, anon, authenticated, service_role;
grant execute on function public.settle_message to anon, service_role;

alter table private.todos add constraint todos_conversation_id_fkey
  foreign key (conversation_id) references public.conversations (id) on delete cascade;

alter table private.written_codes add constraint written_codes_conversation_id_fkey
  foreign key (conversation_id) references public.conversations (id) on delete cascade;

alter table private.written_codes add constraint written_codes_message_id_fkey
  foreign key (message_id) references public.whatsapp_messages (id) on delete cascade;

alter table public.conversation_numbers
  add constraint "conversation_numbers_known_by_check"
    check
    ((known_by = ANY (ARRAY['call'::text, 'message'::text, 'lid'::text, 'code'::text, 'staff'::text, 'legacy'::text])));

alter table public.staff_actions
  add constraint "staff_actions_action_check"
    check
    ((action = ANY (ARRAY['retry'::text, 'resend'::text, 'give_up'::text, 'cancel'::text, 'pause'::text, 'resume'::text,
    'reply'::text,
    'bill_set'::text,
    'bill_unset'::text,
    'objection_set'::text,
    'objection_lift'::text,
    'objection_none'::text,
    'bill_confirm'::text,
    'bill_correct'::text,
    'bill_page'::text,
    'bill_reject'::text,
    'case_year'::text,
    'case_pod_add'::text,
    'case_pod_remove'::text,
    'case_pod_merge'::text,
    'case_supply'::text,
    'case_declare'::text,
    'case_reopen'::text, 'code_join'::text, 'code_refuse'::text, 'second_number'::text, 'done'::text, 'label'::text])));

alter table public.todo_done add constraint todo_done_conversation_id_fkey
  foreign key (conversation_id) references public.conversations (id) on delete cascade;

alter table public.whatsapp_messages
  add constraint "whatsapp_messages_label_by_check" check (
CASE
    WHEN (label IS NULL) THEN (label_by IS NULL)
    ELSE ((direction = 'incoming'::text) AND (label_by IS
      NOT NULL) AND (label_by = ANY (ARRAY['rule'::text, 'staff'::text])))
END);

alter table public.whatsapp_messages
  add constraint "whatsapp_messages_label_check"
    check
    ((label = ANY (ARRAY['wrong_number'::text, 'refusal'::text, 'no_bills'::text, 'by_email'::text, 'promise'::text,
    'question'::text, 'other'::text])));

alter table public.whatsapp_messages
  add constraint "whatsapp_messages_label_date_check" check (((label_date IS NULL) OR (label = 'promise'::text)));

-- The expression of private.call_code.
create index cloudtalk_calls_code_idx on public.cloudtalk_calls (
  lower(left(regexp_replace(
    coalesce(call_uuid, case when call_id !~ '^[0-9]+$' then call_id end), '[^0-9A-Za-z]', '', 'g'), 8))) where duplicate_of is null;

-- The worklists: private.todo_answers.
create index whatsapp_messages_label_idx
  on public.whatsapp_messages (conversation_id, label, id) where direction = 'incoming' and label is not null;

comment on column public.conversation_numbers."known_by" is 'call: it was dialled or called us; message: a message came from it or went to it; lid: WhatsApp says that it is the same person; code: who writes from it has named the customer''s call (private.call_code); staff: a colleague said so; legacy: taken over.';

comment on column public.whatsapp_messages."label" is 'What an incoming message means for the follow-up (lib/followup/label-answer.ts); null if it has no words and staff have said nothing.';

comment on column public.whatsapp_messages."label_by" is 'rule: by its words; staff: they have said so (who and when: staff_actions).';

comment on column public.whatsapp_messages."label_date" is 'The last day (Europe/Rome) on which a promise is kept; null if none was named.';

comment on type private.incoming is 'An event of a message from a customer (lib/wasender/event.ts), and what the database knows of it: the message''s id if it is stored, whether the event says more than is stored, whether its file came with an earlier webhook; and what its words mean for automatic messages if they are new: objects, staff, or nothing; and its label, { value, date } (lib/followup/label-answer.ts), if they are new; and the code of a call that they name, if they are new.';

comment on type private.pending is 'What waits: how many messages are queued; when the first of them can go, when the first of the files, of the chores and of the bills is due; when the last message became unknown. And the sender''s lights: see private.with_lights. And how many customers are on each worklist, and when that changes by time alone.';

-- Whoever is on a worklist already.
do $$
begin
  perform private.refresh_todos(c.id) from public.conversations c
    where c.merged_into is null and (c.case_state = 'complete' or c.id in (
      select m.conversation_id from public.whatsapp_messages m
       where m.status = 'sent' and m.sent_at > now() - interval '30 days'
          or m.kind = 'ask' and (m.status = 'failed' or m.status = 'queued' and m.phone_number like '+390%')
      union
      select m.conversation_id from public.bills b join public.whatsapp_messages m on m.id = b.message_id
       where private.waits_for_staff(b)));
end
$$;

reset check_function_bodies;

reset lock_timeout;
