set check_function_bodies = off;

drop index public.conversations_counts_idx;

alter table public.conversation_numbers
  drop constraint "conversation_numbers_known_by_check";

alter table public.staff_actions
  drop constraint "staff_actions_action_check";

alter table public.whatsapp_messages
  drop constraint "whatsapp_messages_error_code_check";

drop function private.find_conversations(text, text, text, integer, boolean, boolean);

drop function public.export_bills();

drop function public.export_conversations(text, text, boolean, boolean);

drop function public.read_conversations(integer, text, text, text, boolean, boolean);

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

create table public.case_pods (
  conversation_id bigint not null,
  pod text not null,
  change text,
  merged_into text,
  supply_from date,
  supply_to date,
  by text not null,
  at timestamptz not null default clock_timestamp(),
  constraint case_pods_pkey primary key (conversation_id, pod),
  constraint case_pods_pod_check check (pod ~ '^IT[0-9]{3}E[0-9]{8}$'),
  constraint case_pods_change_check check (change in ('added', 'removed')),
  constraint case_pods_merged_check check (
    merged_into is null or (merged_into ~ '^IT[0-9]{3}E[0-9]{8}$' and merged_into <> pod and change is null)),
  constraint case_pods_supply_check check (supply_from <= supply_to)
);
comment on table public.case_pods is 'What staff say of the PODs of a customer''s case; all others come from bills.';
comment on column public.case_pods.change is 'added: it is one, whatever bills say; removed: it is none of the case''s.';
comment on column public.case_pods.merged_into is 'It was misread: what bills say of it is of this POD.';
comment on column public.case_pods.supply_from is 'The first day of the supply; null: before the case''s year.';
comment on column public.case_pods.supply_to is 'The last day of the supply; null: it has not ended.';
comment on column public.case_pods.by is 'Who of the staff said the last of it.';
create index case_pods_added_idx on public.case_pods (pod) where change = 'added';
alter table public.case_pods enable row level security;
revoke all on table public.case_pods from public, anon, authenticated, service_role;
grant select, insert, update, delete on table public.case_pods to service_role;

create table public.reminder_texts (
  step smallint primary key,
  text text not null,
  by text not null,
  at timestamptz not null default clock_timestamp(),
  constraint reminder_texts_step_check check (step between 1 and 3)
);
comment on table public.reminder_texts is 'What staff want reminders to say, in place of what is built in (private.reminder_template).';
comment on column public.reminder_texts.text is 'With {nome}, {mancano}, {anno} and {scadenza}.';
comment on column public.reminder_texts.by is 'Who of the staff wrote it.';
alter table public.reminder_texts enable row level security;
revoke all on table public.reminder_texts from public, anon, authenticated, service_role;
grant select, insert, update, delete on table public.reminder_texts to service_role;

create table public.reminders (
  id bigint generated always as identity primary key,
  conversation_id bigint not null,
  ask_id bigint not null,
  step smallint not null,
  message_id bigint not null,
  created_at timestamptz not null default clock_timestamp(),
  constraint reminders_step_check check (step between 1 and 3)
);
comment on table public.reminders is
  'One row for each reminder that was sent or is being sent: of which ask, and which step. Made in the claim''s transaction, together with its message.';
comment on column public.reminders.ask_id is 'The ask that it follows (whatsapp_messages.id).';
comment on column public.reminders.step is '1 to 3, by the environment''s WHATSAPP_REMINDERS.';
comment on column public.reminders.message_id is 'The reminder itself.';
create unique index reminders_step_key on public.reminders (ask_id, step);
create unique index reminders_message_id_key on public.reminders (message_id);
create index reminders_conversation_id_idx on public.reminders (conversation_id);
alter table public.reminders enable row level security;
revoke all on table public.reminders from public, anon, authenticated, service_role;
revoke all on sequence public.reminders_id_seq from public, anon, authenticated, service_role;
grant select, insert, update, delete on table public.reminders to service_role;

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

alter table private.terms
  add column "reminders_since" timestamp with time zone;

alter table public.conversations
  add column "case_year" integer;

alter table public.conversations
  add column "case_year_by" text;

alter table public.conversations
  add column "case_state" text not null default 'none'::text;

alter table public.conversations
  add column "case_covered" integer not null default 0;

alter table public.conversations
  add column "case_of" integer;

alter table public.conversations
  add column "case_to_check" boolean not null default false;

alter table public.conversations
  add column "case_missing" jsonb not null default '[]'::jsonb;

alter table public.conversations
  add column "case_history" boolean not null default false;

alter table public.conversations
  add column "case_xid" xid8;

alter table public.conversations
  add column "declared_at" timestamp with time zone;

alter table public.conversations
  add column "declared_by" text;

alter table public.conversations
  add column "declared_reason" text;

alter table public.conversations
  add column "reminders_paused_until" date;

alter table public.conversations
  add column "reminder_at" timestamp with time zone;

alter table public.whatsapp_messages
  add column "label" text;

alter table public.whatsapp_messages
  add column "label_date" date;

alter table public.whatsapp_messages
  add column "label_by" text;

create type private.case_bill as (
  message_id bigint,
  supply_id bigint,
  pod text,
  pod_counts boolean,
  period daterange,
  spans datemultirange,
  counts boolean,
  kwh numeric,
  kwh_counts boolean,
  replaces daterange,
  replaced boolean,
  months jsonb,
  months_count boolean,
  confirmed boolean,
  pending boolean,
  use text,
  holder text,
  holder_hash text,
  issued_on date,
  supplier text,
  invoice_number text
);
comment on type private.case_bill is
  'What a bill says of a supply, as a case counts it. pod: as staff merged it; spans: the period, and what the bill names to be billed anew; counts: POD and period are sure or confirmed; replaced: a later bill bills some of it anew; pending: a value of it does not count yet.';

create type private.case_cell as (
  pod text,
  pod_counts boolean,
  supply daterange,
  month integer,
  due daterange,
  state text,
  kwh numeric,
  bills bigint[]
);
comment on type private.case_cell is
  'A month of a POD in a case. supply: when the POD was supplied; due: the days of it in this month; state: covered, unconfirmed, known, missing or not_due.';

create type private.case_facts as (
  year integer,
  supplies private.case_bill[],
  months private.case_cell[],
  files integer,
  file_waits boolean
);
comment on type private.case_facts is
  'All that a case is made of: what the bills say, the grid, how many files may be bills, and whether one of them waits.';

create type private.case_pod as (
  pod text,
  supply daterange,
  due daterange,
  parts private.case_bill[],
  kwh numeric,
  overlapping daterange[],
  gaps daterange[],
  crossing private.case_bill[]
);
comment on type private.case_pod is
  'A POD''s year. due: the days of the supply in it; parts: the bills whose kWh make it; kwh: their sum, if it is a number; else overlapping, gaps or crossing say why not.';

create type private.reminder_plan as (
  ask_id bigint,
  step integer,
  next_at timestamptz,
  hold text
);
comment on type private.reminder_plan is
  'The next reminder of a customer: of which ask, which step, when it can go at the earliest (null: not without an event), and what holds it (null: only its time). See private.plan_reminder.';

alter type private.incoming add attribute "label" jsonb cascade;

alter type private.incoming add attribute "code" text cascade;

alter type private.pending add attribute "todo" jsonb cascade;

alter type private.pending add attribute "todo_at" timestamp with time zone cascade;

create or replace function private.accepts_history() returns boolean
language plpgsql stable set search_path = '' as $$
begin
  return coalesce((select (terms #>> '{case,accepts_history}')::boolean from private.terms), false);
end
$$;
comment on function private.accepts_history is
  'Whether a printed table of months is taken for the bills of those months (CASE_ACCEPTS_HISTORY).';
revoke execute on function private.accepts_history from public;

create or replace function private.after_promise(p_day date) returns date
language plpgsql immutable set search_path = '' as $$
declare
  v_day date := p_day;
begin
  -- What was promised for a Saturday is awaited on Monday, and asked about on Tuesday.
  while not private.is_working_day(v_day) loop
    v_day := v_day + 1;
  end loop;
  loop
    v_day := v_day + 1;
    exit when private.is_working_day(v_day);
  end loop;
  return v_day;
end
$$;
comment on function private.after_promise is
  'The working day after the one on which a promise is kept: Monday to Friday, no holiday.';
revoke execute on function private.after_promise from public;

create or replace function private.answer_holds(p_conversation_id bigint) returns boolean
language plpgsql stable set search_path = '' as $$
begin
  return exists (
    select from public.whatsapp_messages m
     where m.conversation_id = p_conversation_id and m.direction = 'incoming'
       and m.label in ('question', 'refusal', 'by_email', 'wrong_number')
       and not exists (
         select from public.todo_done d
          where d.conversation_id = m.conversation_id and d.at >= m.created_at
            and d.todo = case m.label when 'wrong_number' then 'wrong_numbers' else 'questions' end));
end
$$;
comment on function private.answer_holds is
  'Whether a customer has answered something that a person must see to before the next reminder.';
revoke execute on function private.answer_holds from public;

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

create or replace function private.ask_reason(c public.cloudtalk_calls, p_ask jsonb) returns text
language plpgsql stable set search_path = '' as $$
declare
  v_customer bigint := private.customer_of(c.phone_number);
  v_conversation public.conversations;
  f private.case_facts;
begin
  select * into v_conversation from public.conversations where id = v_customer;
  f := private.read_case(v_customer);
  return case
    when c.phone_number is null then 'no_phone_number'
    when private.has_objected(c.phone_number) then 'objection'
    when not c.stated_should_send then 'payload_says_no'
    -- The text refers to the conversation on the telephone.
    when not c.talked then 'nobody_talked'
    when private.case_state(v_conversation, f) in ('complete', 'declared') then 'case_complete'
    when private.bills_to_check(v_conversation, f) then 'bills_to_check'
    -- Bills have come, nobody knows of which PODs.
    when f.months = '{}' and not coalesce((p_ask ->> 'after_bill')::boolean, false)
      and (coalesce(c.stated_bill_received, false) or v_conversation.bill_at is not null) then 'bill_already_received'
    -- "Come da nostra conversazione telefonica" of yesterday would surprise. A call that was to be asked stays so, and
    -- one that was too old does not become younger.
    when not coalesce(c.should_send, false) and (coalesce(c.should_send_reason = 'too_old', false)
      or coalesce(least(coalesce(c.call_end_time, c.call_start_time), (p_ask ->> 'heard_at')::timestamptz), '-infinity')
         < clock_timestamp() - (p_ask ->> 'within_hours')::numeric * interval '1 hour')
      then 'too_old'
    when exists (
      select from public.whatsapp_messages a
       where a.conversation_id = v_customer and a.kind = 'ask' and a.call_id is distinct from c.id
         and a.status not in ('failed', 'cancelled')
         and coalesce(a.sent_at, a.created_at)
           > clock_timestamp() - (p_ask ->> 'cooldown_hours')::numeric * interval '1 hour')
      then 'asked_recently'
    else 'eligible' end;
end
$$;
comment on function private.ask_reason is
  'Whether a call''s customer may be asked for the bills now: eligible, or why not. The only place that decides it; p_ask as in record_cloudtalk_webhook.';
revoke execute on function private.ask_reason from public;

create or replace function private.ask_text(p_conversation_id bigint, p_first text) returns text
language plpgsql stable set search_path = '' as $$
declare
  f private.case_facts := private.read_case(p_conversation_id);
begin
  -- Who has sent nothing yet gets the first text, also if staff know the PODs.
  return coalesce(case when f.files > 0 then private.missing_text(f) end, p_first);
end
$$;
comment on function private.ask_text is
  'What an ask says now: the first text (p_first), or, if bills have come, which months are missing.';
revoke execute on function private.ask_text from public;

create or replace function private.bills_to_check(c public.conversations, f private.case_facts) returns boolean
language plpgsql stable set search_path = '' as $$
begin
  -- If no POD is known, the first text goes, which claims nothing, once staff have taken the mark away.
  return (f.file_waits and (c.bill_at is not null or f.months <> '{}')) or (f.months <> '{}' and (
    (private.missing(f) = '[]' and private.case_state(c, f) <> 'complete')
    -- Of which POD or months a bill is, is not certain: what is missing is not either.
    or exists (select from unnest(f.supplies) s where not s.confirmed and (not s.pod_counts or s.period is null))));
end
$$;
comment on function private.bills_to_check is
  'Staff are to look at bills before the customer can be told what is missing.';
revoke execute on function private.bills_to_check from public;

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

create or replace function private.case_bills(p_conversation_id bigint) returns private.case_bill[]
language plpgsql stable set search_path = '' set plan_cache_mode = force_generic_plan as $$
begin
  return array(
    with printed as (
      select m.id as message_id, s, b.confirmed_at is not null as confirmed, coalesce(p.merged_into, s.pod) as pod,
             coalesce(b.confirmed_at is not null or p.merged_into is not null or r.change = 'added'
               or (s.evidence #>> '{pod,sure}')::boolean, false) and s.pod is not null as pod_counts,
             case when s.period_from <= s.period_to then daterange(s.period_from, s.period_to, '[]') end as period,
             b.confirmed_at is not null or coalesce(
               (s.evidence #>> '{period_from,sure}')::boolean and (s.evidence #>> '{period_to,sure}')::boolean, false) as period_counts,
             s.kwh is not null and (b.confirmed_at is not null or coalesce((s.evidence #>> '{kwh,sure}')::boolean, false)) as kwh_counts,
             case when s.replaces_from <= s.replaces_to and (b.confirmed_at is not null or coalesce(
               (s.evidence #>> '{replaces_from,sure}')::boolean and (s.evidence #>> '{replaces_to,sure}')::boolean, false))
               then daterange(s.replaces_from, s.replaces_to, '[]') end as replaces,
             b.confirmed_at is not null or coalesce((s.evidence #>> '{months,sure}')::boolean, false) as months_count
        from public.whatsapp_messages m
        join public.bills b on b.message_id = m.id
        join public.bill_supplies s on s.bill_id = b.id
        left join public.case_pods p on p.conversation_id = m.conversation_id and p.pod = s.pod
        left join public.case_pods r on r.conversation_id = m.conversation_id and r.pod = coalesce(p.merged_into, s.pod)
       where m.conversation_id = p_conversation_id and m.is_bill
         and b.state = 'read' and b.page_of is null and b.duplicate_of is null and r.change is distinct from 'removed'),
    ranked as (
      select p.*, p.pod_counts and p.period_counts and p.period is not null as counts, row_number() over (
               order by p.confirmed desc, p.pod_counts and p.period_counts desc, p.kwh_counts desc,
                 (p.s).invoice_number is null, (p.s).kwh is null, (p.s).id) as place
        from printed p),
    -- The same bill, sent twice and not known as a repeat: the better one stands for both.
    once as (
      select r.* from ranked r where not exists (
        select from ranked o
         where o.place < r.place and o.pod = r.pod and o.period = r.period
           and case when (o.s).invoice_number is null or (r.s).invoice_number is null
             then ((o.s).kwh = (r.s).kwh or (o.s).kwh is null or (r.s).kwh is null)
              and ((o.s).supplier = (r.s).supplier or (o.s).supplier is null or (r.s).supplier is null)
             else (o.s).invoice_number = (r.s).invoice_number end))
    select row(
      o.message_id, (o.s).id, o.pod, o.pod_counts, o.period,
      case when o.period is not null then datemultirange(o.period) + coalesce(datemultirange(o.replaces), '{}') end,
      o.counts, (o.s).kwh, o.kwh_counts, o.replaces,
      -- A correction replaces what was billed before it; of two corrections the later one.
      exists (
        select from once n
         where n.pod = o.pod and n.counts and (n.s).id <> (o.s).id and n.replaces && o.period
           and case when o.replaces && n.replaces then (n.s).issued_on > (o.s).issued_on
             else coalesce((n.s).issued_on >= (o.s).issued_on, true) end),
      (o.s).months, o.pod_counts and o.months_count, o.confirmed,
      not o.confirmed and not (o.counts and (o.kwh_counts or (o.s).kwh is null)),
      (o.s).use, (o.s).holder, (o.s).holder_hash, (o.s).issued_on, (o.s).supplier, (o.s).invoice_number)::private.case_bill
    from once o order by o.pod, o.period, o.place);
end
$$;
comment on function private.case_bills is
  'What a customer''s bills say, each once: not of files that were rejected, of pages, of repeats, of PODs that staff removed.';
revoke execute on function private.case_bills from public;

create or replace function private.case_changed() returns trigger
language plpgsql security definer set search_path = '' set plan_cache_mode = force_generic_plan as $$
declare
  v_row jsonb := to_jsonb(case when tg_op = 'DELETE' then old else new end);
  v_id bigint := coalesce(
    (v_row ->> 'conversation_id')::bigint,
    (select m.conversation_id from public.whatsapp_messages m where m.id = coalesce(
      (v_row ->> 'message_id')::bigint, (select b.message_id from public.bills b where b.id = (v_row ->> 'bill_id')::bigint))));
  c public.conversations;
begin
  -- As customer_changed: at the end of the transaction, once.
  select * into c from public.conversations where id = v_id;
  if found and c.merged_into is null and c.case_xid is distinct from pg_current_xact_id() then
    perform private.refresh_case(v_id, true);
  end if;
  return null;
end
$$;
revoke execute on function private.case_changed from public;

create or replace function private.case_months(p_conversation_id bigint, p_year integer, p_bills private.case_bill[])
returns private.case_cell[]
language plpgsql stable set search_path = '' set plan_cache_mode = force_generic_plan as $$
declare
  v_history boolean := private.accepts_history();
  v_today date := (clock_timestamp() at time zone 'Europe/Rome')::date;
begin
  return array(
    with pods as materialized (
      select p.pod, bool_or(p.counts) as counts, daterange(min(c.supply_from), min(c.supply_to), '[]') as supply
        from (select s.pod, s.pod_counts as counts from unnest(p_bills) s where s.pod is not null
              union all select a.pod, true from public.case_pods a where a.conversation_id = p_conversation_id and a.change = 'added') p
        left join public.case_pods c on c.conversation_id = p_conversation_id and c.pod = p.pod
       group by p.pod),
    -- A bill without a POD is of one of them: none of its months is asked for.
    bills as materialized (
      select p.pod, s.message_id, s.spans, s.period, s.counts and s.pod is not null as counts,
             case when s.counts and s.kwh_counts and not s.replaced then s.kwh end as kwh
        from pods p join unnest(p_bills) s on s.pod = p.pod or s.pod is null
       where s.spans && daterange(make_date(p_year, 1, 1), make_date(p_year, 12, 31), '[]')),
    billed as materialized (
      select b.pod, range_agg(b.spans) filter (where b.counts) as counted, range_agg(b.spans) as sent from bills b group by b.pod),
    -- A printed table of months: the newest that has a month.
    history as materialized (
      select distinct on (s.pod, h.month) s.pod, h.month, h.kwh, s.months_count as counts, s.message_id
        from unnest(p_bills) s cross join lateral (
          select substr(e.value ->> 'month', 6, 2)::integer as month, (e.value ->> 'kwh')::numeric as kwh
            from jsonb_array_elements(s.months) e
           where left(e.value ->> 'month', 5) = p_year || '-' and jsonb_typeof(e.value -> 'kwh') = 'number') h
       where s.pod is not null
       order by s.pod, h.month, s.months_count desc, s.issued_on desc nulls last, h.kwh, s.message_id),
    due as materialized (
      select p.*, i as month, n.span, n.span * p.supply as days
        from pods p cross join generate_series(1, 12) i cross join lateral (
          select daterange(make_date(p_year, i, 1), (make_date(p_year, i, 1) + interval '1 month')::date) as span) n),
    counted as (
      select d.*, case when d.days = d.span then 25 else upper(d.days) - lower(d.days) end as wanted,
             (select sum(upper(r) - lower(r)) from unnest(b.counted * datemultirange(d.days)) r) as covered,
             (select sum(upper(r) - lower(r)) from unnest(b.sent * datemultirange(d.days)) r) as sent,
             s.ids, s.kwh, h.pod is not null as has_history, h.kwh as history_kwh, h.counts as history_counts, h.message_id as history_id
        from due d
        left join billed b on b.pod = d.pod
        left join history h on h.pod = d.pod and h.month = d.month
        cross join lateral (
          select array_agg(distinct s.message_id) as ids, array_agg(s.kwh) filter (where s.kwh is not null and s.period in (d.span, d.days)) as kwh
            from bills s where s.pod = d.pod and s.spans && d.days) s)
    select row(
      t.pod, t.counts, t.supply, t.month, t.days,
      case
        when isempty(t.days) or upper(t.span) > v_today then 'not_due'
        when t.covered >= t.wanted or (t.history_counts and v_history) then 'covered'
        when t.sent >= t.wanted then 'unconfirmed'
        when t.history_counts then 'known'
        when t.has_history and v_history then 'unconfirmed'
        else 'missing' end,
      case when cardinality(t.kwh) = 1 then t.kwh[1] when t.kwh is null and t.history_counts then t.history_kwh end,
      coalesce(t.ids, case when t.has_history then array[t.history_id] end, '{}'))::private.case_cell
    from counted t order by t.pod, t.month);
end
$$;
comment on function private.case_months is
  'The grid: for each POD of a case the twelve months of the year, and whether bills cover them. A month is covered by 25 of its days, or by all days of a supply that began or ended within it.';
revoke execute on function private.case_months from public;

create or replace function private.case_pods(f private.case_facts) returns private.case_pod[]
language plpgsql stable set search_path = '' set plan_cache_mode = force_generic_plan as $$
begin
  return array(
    with pods as (
      select distinct m.pod, m.supply, daterange(make_date(f.year, 1, 1), make_date(f.year, 12, 31), '[]') as year
        from unnest(f.months) m),
    bills as (
      select p.pod, s, s.message_id, s.supply_id, s.period, s.kwh, s.kwh_counts, not s.period <@ p.year as crosses
        from pods p join unnest(f.supplies) s on s.pod = p.pod and s.counts and not s.replaced and s.period && p.year),
    sums as (
      select p.pod, p.supply, p.year * p.supply as due,
             array(select b.s from bills b where b.pod = p.pod and b.kwh_counts order by b.period, b.message_id) as parts,
             (select sum(b.kwh) from bills b where b.pod = p.pod and b.kwh_counts) as kwh,
             (select range_agg(b.period) from bills b where b.pod = p.pod and b.kwh_counts) as billed,
             array(select distinct a.period * b.period from bills a join bills b
                     on a.pod = b.pod and a.supply_id < b.supply_id and a.period && b.period
                    where a.pod = p.pod order by 1) as overlapping,
             array(select b.s from bills b where b.pod = p.pod and b.crosses order by b.period, b.message_id) as crossing
        from pods p),
    with_gaps as (
      select s.*, array(
        select g from unnest(datemultirange(s.due) - coalesce(s.billed, '{}')) g order by g) as gaps
        from sums s)
    select row(
      g.pod, g.supply, g.due, g.parts,
      case when not isempty(g.due) and g.gaps = '{}' and g.overlapping = '{}' and g.crossing = '{}' then g.kwh end,
      g.overlapping, g.gaps, g.crossing)::private.case_pod
    from with_gaps g order by g.pod);
end
$$;
comment on function private.case_pods is
  'What each POD of a case consumed in the year. Nothing is divided or extrapolated: a sum only if bills whose kWh count cover the year, or the days of the supply, without gap and overlap.';
revoke execute on function private.case_pods from public;

create or replace function private.case_state(c public.conversations, f private.case_facts) returns text
language plpgsql stable set search_path = '' as $$
begin
  return case
    when c.declared_at is not null then 'declared'
    when f.files = 0 then 'none'
    when exists (select from unnest(f.months) m where m.state = 'covered')
     and not exists (select from unnest(f.months) m where m.state not in ('covered', 'not_due')) then 'complete'
    else 'open' end;
end
$$;
comment on function private.case_state is
  'none: no file; open; complete: every due month of every POD is covered; declared by staff.';
revoke execute on function private.case_state from public;

create or replace function private.case_warnings(p_conversation_id bigint, f private.case_facts, p_pods private.case_pod[]) returns jsonb
language plpgsql stable set search_path = '' set plan_cache_mode = force_generic_plan as $$
declare
  v_year daterange := daterange(make_date(f.year, 1, 1), make_date(f.year, 12, 31), '[]');
begin
  return private.holders_that_differ(p_conversation_id, f)
    || coalesce((
      select jsonb_agg(jsonb_build_object('code', 'domestic_use', 'pod', d.pod, 'bills', d.bills) order by d.pod)
        from (select s.pod, array_agg(distinct s.message_id) as bills from unnest(f.supplies) s
               where s.use = 'domestic' group by s.pod) d), '[]')
    || coalesce((
      select jsonb_agg(jsonb_build_object('code', 'gas_only', 'bills', array[m.id]) order by m.id)
        from public.whatsapp_messages m join public.bills b on b.message_id = m.id
       where m.conversation_id = p_conversation_id and m.is_bill and b.state = 'not_a_bill' and b.kind = 'gas' and b.duplicate_of is null), '[]')
    || coalesce((
      select jsonb_agg(jsonb_build_object('code', 'other_year', 'pod', s.pod, 'bills', array[s.message_id],
               'from', lower(s.period), 'to', upper(s.period) - 1) order by s.pod, s.period, s.message_id)
        from unnest(f.supplies) s where s.period is not null and not s.spans && v_year), '[]')
    || private.pods_shared(p_conversation_id, f)
    || coalesce((
      select jsonb_agg(jsonb_build_object('code', w.code, 'pod', p.pod, 'from', lower(w.days), 'to', upper(w.days) - 1)
               || case when w.bill is not null then jsonb_build_object('bills', array[w.bill]) else '{}' end
             order by p.pod, w.code desc, w.days)
        from unnest(p_pods) p
        cross join lateral (
          select 'overlap' as code, o as days, null::bigint as bill from unnest(p.overlapping) o
          union all select 'gap', g, null from unnest(p.gaps) g
          union all select 'crosses_year', x.period, x.message_id from unnest(p.crossing) x) w), '[]');
end
$$;
comment on function private.case_warnings is
  'What staff should know of a case: [{ code, … }], of a closed list of codes (WARNINGS in lib/supabase/cases/case.ts).';
revoke execute on function private.case_warnings from public;

create or replace function private.case_year(p_conversation_id bigint) returns integer
language plpgsql stable set search_path = '' as $$
begin
  return private.last_year(coalesce(
    least(
      (select min(coalesce(k.call_start_time, k.call_end_time, k.created_at)) from public.cloudtalk_calls k
        where k.conversation_id = p_conversation_id),
      (select min(coalesce(m.message_at, m.created_at)) from public.whatsapp_messages m where m.conversation_id = p_conversation_id)),
    clock_timestamp()));
end
$$;
comment on function private.case_year is
  'The year of a case that has none yet: the last complete one before the customer''s first call or message.';
revoke execute on function private.case_year from public;

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

create or replace function private.decide_waiting(m public.whatsapp_messages) returns public.whatsapp_messages
language plpgsql set search_path = '' as $$
declare
  t jsonb := (select terms -> 'ask' from private.terms);
  k public.cloudtalk_calls;
  v_reason text;
  v_text text;
begin
  if m.kind = 'ask' then
    select * into k from public.cloudtalk_calls where id = m.call_id;
    v_reason := case when k.id is null then 'eligible' else private.ask_reason(k, t) end;
    if v_reason <> 'eligible' then
      return private.withdraw(m.id, v_reason);
    end if;
    v_text := private.ask_text(m.conversation_id, t ->> 'text');
    if m.text <> v_text then
      update public.whatsapp_messages set text = v_text where id = m.id returning * into m;
    end if;
  end if;
  if m.kind = 'reminder' then
    m := private.recheck_reminder(m);
    if m.status is distinct from 'queued' then
      return m;
    end if;
  end if;
  if m.first_contact and not private.is_on_whatsapp(m.phone_number, clock_timestamp()) then
    update public.whatsapp_messages set status = 'failed', error_code = 'not_on_whatsapp', error = null where id = m.id
    returning * into m;
  end if;
  return m;
end
$$;
comment on function private.decide_waiting is
  'A message that is to be sent now is decided anew, and an ask gets the text of now; returns it, queued still or not.';
revoke execute on function private.decide_waiting from public;

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

create or replace function private.feed_case(p_conversation_id bigint) returns jsonb
language plpgsql stable set search_path = '' set plan_cache_mode = force_generic_plan as $$
declare
  c public.conversations;
  f private.case_facts := private.read_case(p_conversation_id);
  v_pods private.case_pod[] := private.case_pods(f);
begin
  select * into c from public.conversations where id = p_conversation_id;
  return jsonb_build_object(
    'year', f.year, 'state', private.case_state(c, f),
    'covered', case when f.months = '{}' then f.files else (select count(*) from unnest(f.months) m where m.state = 'covered') end,
    'of', case when f.months <> '{}' then (select count(*) from unnest(f.months) m where m.state <> 'not_due') end,
    'pods', coalesce((
      select jsonb_agg(jsonb_build_object(
        'pod', p.pod, 'from', lower(p.supply), 'to', upper(p.supply) - 1,
        'months', (select jsonb_agg(jsonb_build_object('month', m.month, 'state', m.state, 'kwh', m.kwh, 'bills', m.bills) order by m.month)
                     from unnest(f.months) m where m.pod = p.pod),
        'kwh', p.kwh,
        'parts', coalesce((select jsonb_agg(jsonb_build_object(
            'bill', s.message_id, 'from', lower(s.period), 'to', upper(s.period) - 1, 'kwh', s.kwh) order by s.period, s.message_id)
          from unnest(p.parts) s), '[]')) order by p.pod)
      from unnest(v_pods) p), '[]'),
    'missing', private.missing(f),
    'warnings', private.case_warnings(p_conversation_id, f, v_pods),
    'declared', case when c.declared_at is not null then
      jsonb_build_object('at', c.declared_at, 'by', c.declared_by, 'reason', c.declared_reason) end,
    'text', private.missing_text(f),
    'ask_other_supplies', private.case_state(c, f) = 'complete' and not exists (
      select from public.todo_done d where d.conversation_id = c.id and d.todo = 'other_supplies'));
end
$$;
comment on function private.feed_case is
  'A customer''s case as the monitor gets it (Case in lib/supabase/cases/case.ts).';
revoke execute on function private.feed_case from public;

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

create or replace function private.feed_reminders(c public.conversations) returns jsonb
language plpgsql stable set search_path = '' as $$
declare
  p private.reminder_plan := private.plan_reminder(c, clock_timestamp());
begin
  return jsonb_build_object(
    'next_at', p.next_at, 'step', p.step, 'hold', p.hold,
    'paused_until', case when c.reminders_paused_until = 'infinity' then 'never' else c.reminders_paused_until::text end,
    'texts', case when p.hold is distinct from 'off' then (
      select jsonb_agg(jsonb_build_object('text', private.reminder_template(s), 'preview', private.reminder_text(c, s)) order by s)
        from generate_series(1, 3) s) end);
end
$$;
comment on function private.feed_reminders is
  'A customer''s reminders as the monitor gets them: { next_at, step, hold, paused_until, texts: [{ text, preview }] | null }.';
revoke execute on function private.feed_reminders from public;

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

create or replace function private.fill_template(p_template text, p_values jsonb) returns text
language plpgsql immutable set search_path = '' as $$
declare
  v_text text := '';
  v_sentence text;
  v_name text;
  v_blank boolean;
begin
  for v_sentence in select s[1] from regexp_matches(p_template, '[^.!?\n]*[.!?]*[ ]*\n*', 'g') s loop
    v_blank := false;
    foreach v_name in array array['mancano', 'anno', 'scadenza'] loop
      v_blank := v_blank or (position('{' || v_name || '}' in v_sentence) > 0 and coalesce(p_values ->> v_name, '') = '');
      v_sentence := replace(v_sentence, '{' || v_name || '}', coalesce(p_values ->> v_name, ''));
    end loop;
    continue when v_blank;
    v_sentence := case when coalesce(p_values ->> 'nome', '') = '' then regexp_replace(v_sentence, '[ ,]*\{nome\}', '', 'g')
      else replace(v_sentence, '{nome}', p_values ->> 'nome') end;
    v_text := v_text || regexp_replace(v_sentence, '^[,;:] *', '');
  end loop;
  return btrim(regexp_replace(v_text, '  +', ' ', 'g'), E' \n');
end
$$;
comment on function private.fill_template is
  'A text with its variables filled in. A sentence with a blank one goes; a blank {nome} alone goes with what stands before it.';
revoke execute on function private.fill_template from public;

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

create or replace function private.hold(m public.whatsapp_messages, p_at timestamptz, s public.whatsapp_sender) returns private.hold
language plpgsql stable set search_path = '' as $$
declare
  t jsonb := (select terms from private.terms);
  k private.message_kinds;
  c public.conversations;
  v_until timestamptz;
begin
  select * into k from private.message_kinds where kind = m.kind;
  select * into c from public.conversations where id = m.conversation_id;
  -- It must not go at all.
  if k.automatic then
    if c.objected_at is not null then
      return row('objection', null, true)::private.hold;
    elsif private.is_superseded(m) then
      return row('superseded', null, true)::private.hold;
    elsif m.kind = 'ask' and c.case_state in ('complete', 'declared') then
      return row('case', null, true)::private.hold;
    elsif m.kind = 'ask' and c.bill_at is not null and c.case_of is null and not coalesce((t #>> '{ask,after_bill}')::boolean, false) then
      return row('bill', null, true)::private.hold;
    elsif private.waited_too_long(m, p_at, t) then
      return row('held_too_long', null, true)::private.hold;
    end if;
  end if;
  -- It waits.
  if s.paused_at is not null then
    return row('paused', null, false)::private.hold;
  elsif k.automatic and c.objection_asked_at is not null then
    return row('staff', null, false)::private.hold;
  end if;
  if k.guarded and m.first_contact then
    v_until := private.restricted_until(s, m.conversation_id, p_at);
    if v_until > p_at then
      return row('restricted', v_until, false)::private.hold;
    end if;
  end if;
  if (k.hours or m.in_hours) and not coalesce(m.free_until > p_at, false) then
    v_until := private.next_open(p_at, t);
    if v_until is distinct from p_at then
      return row('hours', v_until, false)::private.hold;
    end if;
  end if;
  if k.guarded and m.first_contact then
    v_until := private.cap_until(p_at, t);
    if v_until > p_at then
      return row('cap', v_until, false)::private.hold;
    end if;
  end if;
  if m.due_at > p_at then
    return row('backoff', m.due_at, false)::private.hold;
  elsif s.next_send_at > p_at then
    return row('slot', s.next_send_at, false)::private.hold;
  end if;
  return null;
end
$$;
comment on function private.hold is
  'Why a queued message does not go at that time (UTC); null if it may. The only place that decides it: the claim, the clock, the monitor and doctor ask here. What applies to which kind is in private.message_kinds.';
revoke execute on function private.hold from public;

create or replace function private.holder_words(p_holder text) returns text
language plpgsql immutable set search_path = '' as $$
begin
  return (
    select string_agg(distinct w, ' ' order by w)
      from regexp_split_to_table(
        -- s.s., S.R.L. and the like are one word each.
        regexp_replace(
          regexp_replace(normalize(lower(p_holder), nfd), '[\u0300-\u036f]', '', 'g'), '\m([a-z])\.(?=[a-z]\M)', '\1', 'g'),
        '[^[:alnum:]]+') w
     where length(w) > 1 and w not in ('az', 'azienda', 'soc', 'societa', 'agr', 'agricola', 'agricole', 'impresa', 'ditta', 'individuale', 'ind',
       'semplice', 'cooperativa', 'coop', 'unipersonale', 'ss', 'srl', 'srls', 'snc', 'sas', 'spa', 'ssa', 'sa', 'scarl', 'arl', 'sarl',
       'di', 'ed', 'del', 'dei', 'della', 'fratelli', 'flli', 'sig', 'sigra', 'signor', 'signora'));
end
$$;
comment on function private.holder_words is
  'The words by which a holder is recognised: without case, accents, order, legal form and "di"; null if none is left.';
revoke execute on function private.holder_words from public;

create or replace function private.holders_that_differ(p_conversation_id bigint, f private.case_facts) returns jsonb
language plpgsql stable set search_path = '' set plan_cache_mode = force_generic_plan as $$
declare
  v_farm text := private.holder_words((
    select company_name from public.cloudtalk_calls
     where conversation_id = p_conversation_id and company_name is not null order by id desc limit 1));
begin
  return coalesce((
    with holders as materialized (
      select h.holder, h.bills, private.holder_words(h.holder) as words
        from (select s.holder, count(*) as bills from unnest(f.supplies) s where s.holder is not null group by s.holder) h),
    ranked as (
      select h.words, rank() over (order by sum(h.bills) desc) as place from holders h where h.words is not null group by h.words),
    -- If nobody has told the farm's name, it is the one that most bills have; with a tie every holder is told.
    farm as (
      select coalesce(v_farm, (select case when count(*) = 1 then min(r.words) end from ranked r where r.place = 1)) as words),
    hashes as (
      select s.holder_hash from unnest(f.supplies) s join holders h on h.holder = s.holder join farm on farm.words = h.words
       where s.holder_hash is not null)
    select jsonb_agg(jsonb_build_object('code', 'holder_differs', 'pod', d.pod, 'holder', d.holder, 'bills', d.bills) order by d.pod, d.holder)
      from (select s.pod, min(s.holder) as holder, array_agg(distinct s.message_id) as bills
              from unnest(f.supplies) s join holders h on h.holder = s.holder cross join farm
             where h.words is not null and h.words is distinct from farm.words
               and not exists (select from hashes x where x.holder_hash = s.holder_hash)
             group by s.pod, h.words) d), '[]');
end
$$;
comment on function private.holders_that_differ is
  'The warnings holder_differs: bills in another name than the farm''s.';
revoke execute on function private.holders_that_differ from public;

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

create or replace function private.is_working_day(p_day date) returns boolean
language plpgsql immutable set search_path = '' as $$
begin
  return extract(isodow from p_day) <= 5 and not private.is_holiday(p_day);
end
$$;
comment on function private.is_working_day is
  'Monday to Friday, and no holiday.';
revoke execute on function private.is_working_day from public;

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

create or replace function private.joined(p_parts text[]) returns text
language plpgsql immutable set search_path = '' as $$
declare
  n integer := cardinality(p_parts);
begin
  return case when n > 1 then array_to_string(p_parts[:n - 1], ', ') || ' e ' || p_parts[n] else p_parts[1] end;
end
$$;
comment on function private.joined is
  'An Italian enumeration: "a, b e c".';
revoke execute on function private.joined from public;

create or replace function private.keep_terms(p_terms jsonb) returns void
language plpgsql set search_path = '' as $$
declare
  t private.terms;
begin
  select * into t from private.terms;
  if t.terms is not distinct from p_terms then
    return;
  end if;
  update private.terms set
    terms = p_terms, updated_at = clock_timestamp(),
    reminders_since = case when coalesce(p_terms -> 'reminders', 'null') <> 'null' then coalesce(reminders_since, clock_timestamp()) end
  where id;
  perform nextval('private.changes');
  if (t.terms -> 'reminders', t.terms #> '{case,deadline}') is distinct from (p_terms -> 'reminders', p_terms #> '{case,deadline}') then
    perform private.schedule_reminders();
  end if;
end
$$;
comment on function private.keep_terms is
  'The environment''s terms, as the function that has just started knows them.';
revoke execute on function private.keep_terms from public;

create or replace function private.last_year(p_at timestamptz) returns integer
language plpgsql stable set search_path = '' as $$
begin
  return extract(year from p_at at time zone 'Europe/Rome')::integer - 1;
end
$$;
comment on function private.last_year is
  'The last calendar year that is complete at that time, in Europe/Rome.';
revoke execute on function private.last_year from public;

create or replace function private.lock_call(n public.cloudtalk_calls) returns void
language plpgsql set search_path = '' as $$
declare
  v_numbers text[];
  v_code text := lower(private.call_code(n.call_uuid, n.call_id));
  v_waiting bigint[];
begin
  perform private.lock_keys('call:' || n.call_uuid, 'call:' || n.call_id, 'address:' || n.phone_number, 'code:' || v_code);
  -- What the ids lead to may be another customer's.
  select array_agg(k.phone_number) into v_numbers
    from public.cloudtalk_calls k
   where k.duplicate_of is null and (k.call_uuid = n.call_uuid or k.call_id = n.call_id or k.cdr_id = n.call_id);
  v_waiting := private.wait_for_code(v_code);
  perform private.lock_customers(n.phone_number || v_numbers, v_waiting);
  if v_waiting <> '{}' and v_waiting <> private.wait_for_code(v_code) then
    -- While this waited for them, what they had written became another customer's, who is not locked.
    raise exception 'Who waits for this call has changed: try again' using errcode = 'serialization_failure';
  end if;
end
$$;
comment on function private.lock_call is
  'Locks everything that a report of this call may change.';
revoke execute on function private.lock_call from public;

create or replace function private.lock_customers(p_addresses text[], p_ids bigint[] default '{}') returns void
language plpgsql set search_path = '' as $$
declare
  v_ids bigint[] := p_ids;
  v_id bigint;
  v_into bigint;
begin
  if p_addresses <> '{}' then
    v_ids := v_ids || array(select conversation_id from public.conversation_numbers where address = any (p_addresses));
  end if;
  loop
    v_id := (select max(i) from unnest(v_ids) i);
    exit when v_id is null;
    select merged_into into v_into from public.conversations where id = v_id for update;
    -- While it waited for this one, it may have become part of an older one, whose turn comes among the others.
    v_ids := array_remove(v_ids, v_id) || v_into;
  end loop;
end
$$;
comment on function private.lock_customers is
  'Locks these customers'' rows, by addresses and ids, the youngest first, and those that they have become part of. Every transaction that writes what belongs to a customer holds this lock: see lock_keys for the order of all locks.';
revoke execute on function private.lock_customers from public;

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
  update public.reminders set conversation_id = p_into where conversation_id = p_from;
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
  update public.conversations set merged_into = p_into, unread = 0, reminder_at = null where id = p_from;
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
    reminders_paused_until = greatest(reminders_paused_until, f.reminders_paused_until),
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

create or replace function private.merge_pod(p_conversation_id bigint, p_from text, p_into text, p_who text) returns text
language plpgsql set search_path = '' as $$
begin
  if p_from = p_into then
    return 'itself';
  elsif exists (
    select from public.case_pods where conversation_id = p_conversation_id and pod = p_into and (merged_into is not null or change = 'removed')) then
    return 'not_in_case';
  end if;
  perform private.set_pod(p_conversation_id, p_from, null, p_into, p_who);
  -- What was merged into it before goes along.
  update public.case_pods set merged_into = p_into where conversation_id = p_conversation_id and merged_into = p_from;
  -- Staff have named it.
  insert into public.case_pods (conversation_id, pod, change, by) values (p_conversation_id, p_into, 'added', p_who)
  on conflict (conversation_id, pod) do update set change = 'added';
  return null;
end
$$;
comment on function private.merge_pod is
  'A POD was misread: what bills say of it is of another one. Returns why it is not possible, or null.';
revoke execute on function private.merge_pod from public;

create or replace function private.missing(f private.case_facts) returns jsonb
language plpgsql stable set search_path = '' as $$
begin
  return coalesce((
    select jsonb_agg(jsonb_build_object('pod', p.pod, 'months', p.months) order by p.pod)
      from (select m.pod, jsonb_agg(m.month order by m.month) as months from unnest(f.months) m
             where m.state in ('missing', 'known') group by m.pod) p), '[]');
end
$$;
comment on function private.missing is
  'What is missing of a case: [{ pod, months }]. The only place that decides it: the monitor, the text, the CSV, reminders and the asking rule ask here.';
revoke execute on function private.missing from public;

create or replace function private.missing_text(f private.case_facts) returns text
language plpgsql stable set search_path = '' as $$
declare
  v_missing jsonb := private.missing(f);
  v_come text[];
  v_sent text;
begin
  if v_missing = '[]' then
    return null;
  end if;
  -- PODs of which the same has come, or is missing, are named together.
  v_come := array(
    select case when g.whole then 'tutto il ' || f.year else private.month_words(g.months, false) || ' ' || f.year end || ' per ' || g.pods
      from (
        select p.months, p.whole, min(p.pod) as first, private.pod_words(array_agg(p.pod order by p.pod)) as pods
          from (select m.pod, array_agg(m.month order by m.month) filter (where m.state in ('covered', 'unconfirmed')) as months,
                       bool_and(m.state in ('covered', 'unconfirmed')) as whole
                  from unnest(f.months) m group by m.pod) p
         where p.months is not null group by p.months, p.whole) g
     order by g.first);
  if v_come = '{}' then
    v_sent := private.sent_words(f);
    return case
      when v_sent is not null then 'Abbiamo ricevuto ' || v_sent || '; servono quelle del ' || f.year || '.'
      else 'Per ' || (select private.pod_words(array_agg(distinct x ->> 'pod' order by x ->> 'pod')) from jsonb_array_elements(v_missing) x)
        || ' servono le bollette del ' || f.year || '.' end;
  end if;
  return 'Grazie, abbiamo ricevuto ' || private.joined(v_come) || '. '
    || (select upper(left(w, 1)) || substr(w, 2) from private.missing_words(f) w) || '.';
end
$$;
comment on function private.missing_text is
  'What has come and what is missing, in Italian, for the customer; null if nothing is missing. Of a POD only the last four characters. The only place that makes these words.';
revoke execute on function private.missing_text from public;

create or replace function private.missing_words(f private.case_facts) returns text
language plpgsql stable set search_path = '' as $$
declare
  v_missing jsonb := private.missing(f);
  v_one boolean := (select count(distinct pod) = 1 from unnest(f.months));
  v_wanted text[];
begin
  if f.files = 0 then
    return 'mancano le bollette della luce del ' || f.year;
  elsif v_missing = '[]' then
    return null;
  end if;
  v_wanted := array(
    select case when v_one then '' else 'per ' || g.pods || ' ' end
        || case when jsonb_array_length(g.months) = 1 or g.whole then 'manca ' else 'mancano ' end
        || case when g.whole then 'tutto il ' || f.year
           else private.month_words(array(select value::integer from jsonb_array_elements_text(g.months)), true) end
      from (
        select x -> 'months' as months, jsonb_array_length(x -> 'months') = 12 as whole, min(x ->> 'pod') as first,
               private.pod_words(array_agg(x ->> 'pod' order by x ->> 'pod')) as pods
          from jsonb_array_elements(v_missing) x group by x -> 'months') g
     order by g.first);
  return array_to_string(v_wanted, '; ');
end
$$;
comment on function private.missing_words is
  'What is missing, as a part of a sentence: "mancano settembre e ottobre"; null if nothing is. Of a POD only the last four characters.';
revoke execute on function private.missing_words from public;

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

create or replace function private.month_words(p_months integer[], p_long boolean) returns text
language plpgsql immutable set search_path = '' as $$
declare
  v_names constant text[] := array['gennaio', 'febbraio', 'marzo', 'aprile', 'maggio', 'giugno', 'luglio', 'agosto', 'settembre', 'ottobre',
    'novembre', 'dicembre'];
  v_parts text[];
begin
  select array_agg(part order by first, part_first) into v_parts from (
    select r.first, n.part_first, n.part
      from (select min(m) as first, max(m) as last from (
              select m, m - row_number() over (order by m) as run from unnest(p_months) m) runs group by run) r
      cross join lateral (
        -- What has come is said in short; what is missing is named, unless it is most of a year.
        select r.first as part_first, v_names[r.first] || '–' || v_names[r.last] as part where not p_long and r.last - r.first >= 2
        union all select r.first, 'da ' || v_names[r.first] || ' a ' || v_names[r.last] where p_long and r.last - r.first >= 5
        union all select i, v_names[i] from generate_series(r.first, r.last) i
          where r.last - r.first < case when p_long then 5 else 2 end) n) parts;
  return private.joined(v_parts);
end
$$;
comment on function private.month_words is
  'Months in Italian: "gennaio–agosto e ottobre", or (p_long) "settembre, ottobre, novembre e dicembre", "gennaio e da giugno a dicembre".';
revoke execute on function private.month_words from public;

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

create or replace function private.plan_reminder(c public.conversations, p_at timestamptz) returns private.reminder_plan
language plpgsql stable set search_path = '' set plan_cache_mode = force_generic_plan as $$
declare
  r private.terms;
  a public.whatsapp_messages;
  p private.reminder_plan;
  v_delivered timestamptz;
  v_due timestamptz;
  v_after timestamptz;
  v_last integer;
begin
  select * into r from private.terms;
  if r.reminders_since is null or jsonb_typeof(r.terms #> '{reminders,steps_hours}') is distinct from 'array' then
    p.hold := 'off';
    return p;
  end if;
  select * into a from public.whatsapp_messages m
   where m.conversation_id = c.id and m.kind = 'ask' and m.status not in ('cancelled', 'failed') order by m.id desc limit 1;
  p.ask_id := a.id;
  p.hold := private.reminder_hold(c, a, p_at);
  if p.hold is not null then
    return p;
  end if;
  v_delivered := coalesce(a.delivered_at, a.read_at, a.sent_at);
  select w.until, w.hold into v_after, p.hold from private.reminder_waits(c) w where w.until > p_at order by w.until desc limit 1;
  v_last := coalesce((select max(step) from public.reminders where ask_id = a.id), 0);
  for s in v_last + 1 .. jsonb_array_length(r.terms #> '{reminders,steps_hours}') loop
    v_due := v_delivered + (r.terms #>> array['reminders', 'steps_hours', (s - 1)::text])::numeric * interval '1 hour';
    p.next_at := private.next_open(greatest(v_due, v_after, p_at), r.terms);
    -- One that was due before reminders were switched on is not made up for; one that is too late leaves its place to the next.
    if v_due >= r.reminders_since and p.next_at - v_due <= interval '72 hours' then
      p.step := s;
      p.hold := case when v_after > v_due then p.hold end;
      if (p.next_at at time zone 'Europe/Rome')::date > (r.terms #>> '{case,deadline}')::date then
        p.next_at := null;
        p.hold := 'deadline';
      end if;
      return p;
    end if;
  end loop;
  p.next_at := null;
  p.hold := 'used_up';
  return p;
end
$$;
comment on function private.plan_reminder is
  'A customer''s next reminder, as of that time. The only place that decides which one goes, and when.';
revoke execute on function private.plan_reminder from public;

create or replace function private.pod_words(p_pods text[]) returns text
language plpgsql immutable set search_path = '' as $$
begin
  return case when cardinality(p_pods) > 1 then 'i POD ' else 'il POD ' end || private.joined(array(select '…' || right(p, 4) from unnest(p_pods) p));
end
$$;
comment on function private.pod_words is
  'PODs for a customer: "il POD …5678", "i POD …5678 e …9012".';
revoke execute on function private.pod_words from public;

create or replace function private.pods_shared(p_conversation_id bigint, f private.case_facts) returns jsonb
language plpgsql stable set search_path = '' set plan_cache_mode = force_generic_plan as $$
begin
  return coalesce((
    select jsonb_agg(jsonb_build_object('code', 'pod_shared', 'pod', x.pod, 'conversations', x.others) order by x.pod)
      from (
        select p.pod, array_agg(distinct o.conversation_id order by o.conversation_id) as others
          from (select distinct pod from unnest(f.months)) p
          cross join lateral (
            select m.conversation_id
              from public.bill_supplies s
              join public.bills b on b.id = s.bill_id and b.state = 'read' and b.page_of is null and b.duplicate_of is null
              join public.whatsapp_messages m on m.id = b.message_id
             where s.pod = p.pod
               and not exists (select from public.case_pods c
                                where c.conversation_id = m.conversation_id and c.pod = s.pod and (c.change = 'removed' or c.merged_into is not null))
            union
            -- Misread there, and merged into this one.
            select c.conversation_id from public.case_pods c where c.pod = p.pod and c.change = 'added') o
         where o.conversation_id <> p_conversation_id
         group by p.pod) x), '[]');
end
$$;
comment on function private.pods_shared is
  'The warnings pod_shared: PODs that are in another customer''s case as well.';
revoke execute on function private.pods_shared from public;

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

create or replace function private.read_case(p_conversation_id bigint) returns private.case_facts
language plpgsql stable set search_path = '' set plan_cache_mode = force_generic_plan as $$
declare
  f private.case_facts;
begin
  f.year := (select coalesce(case_year, private.case_year(id)) from public.conversations where id = p_conversation_id);
  f.supplies := private.case_bills(p_conversation_id);
  f.months := private.case_months(p_conversation_id, f.year, f.supplies);
  -- What was read neither waits nor needs to be asked whether it counts.
  select count(*) filter (
           where b.page_of is null and b.duplicate_of is null and (b.state = 'read' or private.counts_as_bill(m))),
         coalesce(bool_or(b.state is distinct from 'read' and private.file_waits(m)), false)
    into f.files, f.file_waits
    from public.whatsapp_messages m left join public.bills b on b.message_id = m.id
   where m.conversation_id = p_conversation_id and m.is_bill and b.state is distinct from 'not_a_bill';
  return f;
end
$$;
comment on function private.read_case is
  'All that is known of a customer''s case.';
revoke execute on function private.read_case from public;

create or replace function private.read_pending() returns private.pending
language plpgsql stable set search_path = '' as $$
declare
  p private.pending;
  s public.whatsapp_sender;
begin
  select * into s from public.whatsapp_sender;
  select count(*) into p.queued from public.whatsapp_messages where status = 'queued';
  if p.queued > 0 then
    p.queued_due_at := private.next_sendable(s, now());
  end if;
  p.queued_due_at := least(p.queued_due_at, (
    select min(reminder_at) from public.conversations where reminder_at is not null and merged_into is null));
  select min(media_due_at) into p.media_due_at from public.whatsapp_messages where media_state = 'pending';
  select min(due_at) into p.bill_due_at from public.bills where due_at is not null;
  p.chore_due_at := least(
    (select min(lease_until) from public.whatsapp_messages where status = 'sending'),
    (select min(info_at) from public.whatsapp_messages where info_at is not null),
    (select min(ask_again_at) from public.whatsapp_lids where phone_number is null));
  select max(updated_at) into p.unknown_at from public.whatsapp_messages where status = 'unknown';
  return p;
end
$$;
revoke execute on function private.read_pending from public;

create or replace function private.recheck_reminder(m public.whatsapp_messages) returns public.whatsapp_messages
language plpgsql set search_path = '' as $$
declare
  r public.reminders;
  c public.conversations;
  p private.reminder_plan;
begin
  select * into c from public.conversations where id = m.conversation_id;
  -- As if it had not been chosen: it comes back if it would be again.
  delete from public.reminders where message_id = m.id returning * into r;
  p := private.plan_reminder(c, clock_timestamp());
  if p.ask_id is distinct from r.ask_id or p.step is distinct from r.step or p.next_at is null or p.next_at > clock_timestamp() + interval '1 minute' then
    return private.withdraw(m.id, 'answered');
  end if;
  insert into public.reminders (conversation_id, ask_id, step, message_id) values (c.id, r.ask_id, r.step, m.id);
  update public.whatsapp_messages set text = private.reminder_text(c, r.step) where id = m.id returning * into m;
  return m;
end
$$;
comment on function private.recheck_reminder is
  'A reminder that was refused for now is decided anew before it is sent; returns it, queued still or not. If it does not go, its step may be chosen again.';
revoke execute on function private.recheck_reminder from public;

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
  perform private.refresh_reminder(p_conversation_id);
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
  perform private.refresh_reminder(p_id);
end
$$;
comment on function private.refresh_customer is
  'Derives a customer''s row again from the calls and messages. p_last: nothing of this transaction will change them any more.';
revoke execute on function private.refresh_customer from public;

create or replace function private.refresh_old_cases(p_limit integer) returns integer
language plpgsql set search_path = '' as $$
declare
  v_history boolean := private.accepts_history();
begin
  return (
    select count(private.refresh_case(c.id)) from (
      select id from public.conversations
       where case_history <> v_history and merged_into is null and case_of is not null
       order by id desc limit p_limit) c);
end
$$;
comment on function private.refresh_old_cases is
  'Derives cases anew that were derived before CASE_ACCEPTS_HISTORY was changed, at most p_limit. Returns how many.';
revoke execute on function private.refresh_old_cases from public;

create or replace function private.refresh_reminder(p_conversation_id bigint) returns void
language plpgsql set search_path = '' set plan_cache_mode = force_generic_plan as $$
declare
  c public.conversations;
  v_at timestamptz;
begin
  -- Off costs nothing more.
  if not exists (select from private.terms where reminders_since is not null) then
    return;
  end if;
  select * into c from public.conversations where id = p_conversation_id;
  if c.merged_into is null then
    v_at := (private.plan_reminder(c, clock_timestamp())).next_at;
  end if;
  update public.conversations set reminder_at = v_at where id = c.id and reminder_at is distinct from v_at;
end
$$;
comment on function private.refresh_reminder is
  'Derives when a customer''s next reminder is to be looked at.';
revoke execute on function private.refresh_reminder from public;

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

create or replace function private.reminder_hold(c public.conversations, a public.whatsapp_messages, p_at timestamptz) returns text
language plpgsql stable set search_path = '' set plan_cache_mode = force_generic_plan as $$
begin
  return case
    when c.objected_at is not null or c.objection_asked_at is not null then 'objection'
    when c.reminders_paused_until = 'infinity' then 'paused'
    when c.case_state in ('complete', 'declared') or (c.case_state = 'open' and c.case_missing = '[]')
      -- Staff say that the bill has come, and no file tells of which months.
      or (c.bill_at is not null and c.case_of is null) then 'case'
    when a.id is null then 'not_asked'
    when a.status = 'unknown' or exists (
      select from public.reminders r join public.whatsapp_messages m on m.id = r.message_id
       where r.ask_id = a.id and m.status in ('queued', 'sending', 'unknown')) then 'unknown'
    when exists (
      select from public.whatsapp_messages m
       where m.conversation_id = c.id and m.status = 'sent' and m.sent_at between p_at - interval '30 days' and p_at - interval '48 hours')
      then 'never_delivered'
    when a.status not in ('delivered', 'read') then 'not_asked'
    when exists (
      select from public.whatsapp_messages m where m.conversation_id = c.id and m.is_bill and private.file_waits(m)) then 'file_waits'
    when private.answer_holds(c.id) then 'answer' end;
end
$$;
comment on function private.reminder_hold is
  'What keeps reminders of this ask from going until something happens; null if nothing.';
revoke execute on function private.reminder_hold from public;

create or replace function private.reminder_template(p_step integer) returns text
language plpgsql stable set search_path = '' as $$
begin
  return coalesce(
    (select text from public.reminder_texts where step = p_step),
    (array[
      'Buongiorno {nome}, per la sua domanda {mancano}. Può mandarci una foto o il PDF qui su WhatsApp, quando le è comodo. Grazie!',
      'Buongiorno {nome}, per la sua domanda {mancano}. Il PDF di ogni bolletta si trova nell''area clienti del suo fornitore, sul sito o nell''app, tra le bollette: basta scaricarlo e inoltrarlo qui. Se serve aiuto, ci scriva.',
      'Buongiorno {nome}, questo è l''ultimo promemoria: per la sua domanda {mancano}. Dobbiamo riceverle entro il {scadenza}. Se preferisce non procedere, ce lo scriva. Grazie!'])[p_step]);
end
$$;
comment on function private.reminder_template is
  'What a reminder says before its variables are filled in: staff''s words, or those that are built in. {nome}, {mancano}, {anno}, {scadenza}.';
revoke execute on function private.reminder_template from public;

create or replace function private.reminder_text(c public.conversations, p_step integer) returns text
language plpgsql stable set search_path = '' as $$
declare
  f private.case_facts := private.read_case(c.id);
  v_deadline date := (select (terms #>> '{case,deadline}')::date from private.terms);
begin
  return private.fill_template(private.reminder_template(p_step), jsonb_build_object(
    'nome', c.name,
    'mancano', private.missing_words(f),
    'anno', f.year,
    'scadenza', extract(day from v_deadline) || ' ' || private.month_words(array[extract(month from v_deadline)::integer], true)
      || ' ' || extract(year from v_deadline)));
end
$$;
comment on function private.reminder_text is
  'What a reminder of this step says to a customer now.';
revoke execute on function private.reminder_text from public;

create or replace function private.reminder_waits(c public.conversations) returns table (hold text, until timestamptz)
language plpgsql stable set search_path = '' set plan_cache_mode = force_generic_plan as $$
declare
  m public.whatsapp_messages;
begin
  -- Words and files, the customer's and our people's.
  return query
    select 'written', max(coalesce(w.message_at, w.sent_at, w.created_at)) + interval '4 days' from public.whatsapp_messages w
     where w.conversation_id = c.id and (w.direction = 'incoming' or (w.kind in ('reply', 'manual') and w.status not in ('cancelled', 'failed')));
  select * into m from public.whatsapp_messages w
   where w.conversation_id = c.id and w.direction = 'incoming' and w.label = 'promise' order by w.id desc limit 1;
  if m.id is not null then
    return query select 'promise', private.after_promise(
      coalesce(m.label_date, (coalesce(m.message_at, m.created_at) at time zone 'Europe/Rome')::date + 7))::timestamp at time zone 'Europe/Rome';
  end if;
  return query select 'paused_until', c.reminders_paused_until::timestamp at time zone 'Europe/Rome';
  return query
    select 'spacing', max(w.sent_at) + interval '72 hours' from public.whatsapp_messages w
     where w.conversation_id = c.id and w.kind in ('ask', 'reminder', 'confirmation') and w.sent_at is not null;
end
$$;
comment on function private.reminder_waits is
  'Until when a customer is left in peace, and why: four days after anybody has written, the day after a promise, staff''s wait, three days after an automatic message.';
revoke execute on function private.reminder_waits from public;

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

create or replace function private.restore_asks(p_conversation_id bigint, p_since timestamptz default null) returns void
language plpgsql set search_path = '' as $$
begin
  update public.whatsapp_messages m
     set status = 'queued', cancelled_by = null, error_code = null, due_at = clock_timestamp(), queued_at = clock_timestamp()
    from public.cloudtalk_calls k
   where m.conversation_id = p_conversation_id and m.kind = 'ask' and m.status = 'cancelled' and m.cancelled_by = 'decision'
     and m.error_code in ('bill_already_received', 'bills_to_check')
     and case when p_since is null then m.created_at > clock_timestamp() - interval '1 day'
         else coalesce(k.call_end_time, k.call_start_time, k.created_at) >= p_since end
     -- What the call itself said of a bill stays.
     and k.id = m.call_id and k.should_send and not private.has_objected(m.phone_number) and m.id = (private.ask_of(k.id)).id;
  update public.whatsapp_attempts a set withdrawn = false
    from public.whatsapp_messages m
   where m.conversation_id = p_conversation_id and m.status in ('sending', 'unknown') and m.kind = 'ask'
     and a.lease_token = m.lease_token;
end
$$;
comment on function private.restore_asks is
  'The bill has not come after all: asks that were withdrawn for it wait again, those of the last day, or of calls since p_since.';
revoke execute on function private.restore_asks from public;

create or replace function private.schedule_reminders() returns void
language plpgsql set search_path = '' as $$
begin
  update public.conversations set reminder_at = null where reminder_at is not null;
  -- Each is planned when the sender looks at it.
  update public.conversations c set reminder_at = clock_timestamp()
   where c.merged_into is null and c.case_state in ('none', 'open')
     and exists (select from private.terms where reminders_since is not null)
     and exists (
       select from public.whatsapp_messages m
        where m.conversation_id = c.id and m.kind = 'ask' and m.status in ('delivered', 'read'));
end
$$;
comment on function private.schedule_reminders is
  'Reminders were switched on or off, or their times changed: every customer who was asked is looked at again.';
revoke execute on function private.schedule_reminders from public;

create or replace function private.sent_words(f private.case_facts) returns text
language plpgsql stable set search_path = '' as $$
begin
  return private.joined(array(
    select private.month_words(array_agg(distinct extract(month from d.day)::integer order by extract(month from d.day)::integer), false)
             || ' ' || extract(year from d.day)
      from unnest(f.supplies) s
      cross join lateral generate_series(lower(s.period), upper(s.period) - 1, interval '1 day') d (day)
     -- A few days of a month do not make it one that has come.
     where s.period is not null
       and (date_part('day', d.day) = 15 or upper(s.period) - lower(s.period) < 25)
     group by extract(year from d.day) order by extract(year from d.day)));
end
$$;
comment on function private.sent_words is
  'The months of whatever year of which bills have come: "ottobre 2026"; null if none has.';
revoke execute on function private.sent_words from public;

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

create or replace function private.set_pod(p_conversation_id bigint, p_pod text, p_change text, p_into text, p_who text) returns void
language plpgsql set search_path = '' as $$
begin
  insert into public.case_pods as k (conversation_id, pod, change, merged_into, by)
  values (p_conversation_id, p_pod, p_change, p_into, p_who)
  on conflict (conversation_id, pod) do update set
    change = excluded.change, merged_into = excluded.merged_into, by = excluded.by, at = clock_timestamp();
end
$$;
comment on function private.set_pod is
  'Staff say that a POD is one of the case (added), is none (removed), or was misread (into).';
revoke execute on function private.set_pod from public;

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

create or replace function private.take_reminder(s public.whatsapp_sender, p_at timestamptz) returns public.whatsapp_messages
language plpgsql set search_path = '' as $$
declare
  c public.conversations;
  a public.whatsapp_messages;
  m public.whatsapp_messages;
  p private.reminder_plan;
  h private.hold;
begin
  s := private.without_waits(s);
  -- A transaction that holds the customer may bring what makes it needless: then the next one is looked at.
  for c in
    select * from public.conversations
     where reminder_at <= p_at and merged_into is null order by reminder_at, id limit 50 for update skip locked
  loop
    p := private.plan_reminder(c, p_at);
    if p.next_at is null or p.next_at > p_at then
      update public.conversations set reminder_at = p.next_at where id = c.id;
      continue;
    end if;
    select * into a from public.whatsapp_messages where id = p.ask_id;
    m := null;
    m.conversation_id := c.id;
    m.direction := 'outgoing';
    m.kind := 'reminder';
    m.phone_number := a.phone_number;
    m.first_contact := private.is_first_contact(a.phone_number);
    m.in_hours := false;
    m.due_at := p_at;
    m.created_at := p_at;
    h := private.hold(m, p_at, s);
    if h.reason is not null then
      -- The cap, or a restriction: until then it is not looked at again.
      update public.conversations set reminder_at = coalesce(h.until, p_at + interval '1 hour') where id = c.id;
      continue;
    end if;
    insert into public.whatsapp_messages (conversation_id, direction, kind, status, phone_number, text, call_id, due_at, first_contact)
    values (c.id, 'outgoing', 'reminder', 'queued', a.phone_number, private.reminder_text(c, p.step), a.call_id, p_at, m.first_contact)
    returning * into m;
    insert into public.reminders (conversation_id, ask_id, step, message_id) values (c.id, p.ask_id, p.step, m.id);
    update public.conversations set reminder_at = null where id = c.id;
    return m;
  end loop;
  return null;
end
$$;
comment on function private.take_reminder is
  'The next reminder that may go at that time, made now, locked with its customer; null if there is none. It is never queued before.';
revoke execute on function private.take_reminder from public;

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

create or replace function private.wait_for_code(p_code text) returns bigint[]
language plpgsql stable set search_path = '' as $$
begin
  return array(
    select m.conversation_id from private.written_codes w join public.whatsapp_messages m on m.id = w.message_id
     where w.code = p_code and w.conversation_id is null order by w.message_id);
end
$$;
comment on function private.wait_for_code is
  'The customers who have written with this code (lower case) and wait for its call.';
revoke execute on function private.wait_for_code from public;

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

create or replace function private.withdraw(p_message_id bigint, p_reason text) returns public.whatsapp_messages
language plpgsql set search_path = '' as $$
declare
  m public.whatsapp_messages;
begin
  update public.whatsapp_messages set
    status = 'cancelled', cancelled_by = 'decision', error = null,
    error_code = case p_reason when 'bill' then 'bill_already_received' when 'case' then 'case_complete' else p_reason end
  where id = p_message_id and status = 'queued'
  returning * into m;
  return m;
end
$$;
comment on function private.withdraw is
  'A queued message does not go: a rule says so. Returns it; null if it did not wait.';
revoke execute on function private.withdraw from public;

create or replace function public.act_on_case(
  p_action text, p_conversation_id bigint default null, p_year integer default null, p_pod text default null, p_into text default null,
  p_from date default null, p_to date default null, p_reason text default null, p_message_id bigint default null
) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_who text := private.require_staff();
  c public.conversations;
  v_done jsonb;
  v_problem text;
begin
  if p_action not in ('case_year', 'case_pod_add', 'case_pod_remove', 'case_pod_merge', 'case_supply', 'case_months', 'case_declare',
                      'case_reopen') then
    raise invalid_parameter_value using message = 'unknown action';
  end if;
  if p_action = 'case_months' then
    v_done := public.act_on_bill('bill_correct', p_message_id, null,
      jsonb_build_array(jsonb_build_object('pod', p_pod, 'period_from', p_from, 'period_to', p_to)));
    if v_done ? 'error' then
      return v_done;
    end if;
    return jsonb_build_object('case', private.feed_case((select conversation_id from public.whatsapp_messages where id = p_message_id)));
  end if;
  select * into c from public.conversations where id = p_conversation_id and merged_into is null for update;
  if c.id is null then
    return jsonb_build_object('error', 'not_found');
  end if;
  case p_action
    when 'case_year' then
      if p_year not between private.case_year(c.id) - 4 and private.last_year(clock_timestamp()) then
        v_problem := 'year';
      else
        update public.conversations set case_year = p_year, case_year_by = v_who where id = c.id;
      end if;
    when 'case_pod_add' then
      perform private.set_pod(c.id, p_pod, 'added', null, v_who);
    when 'case_pod_remove' then
      perform private.set_pod(c.id, p_pod, 'removed', null, v_who);
    when 'case_pod_merge' then
      v_problem := private.merge_pod(c.id, p_pod, p_into, v_who);
    when 'case_supply' then
      insert into public.case_pods (conversation_id, pod, supply_from, supply_to, by) values (c.id, p_pod, p_from, p_to, v_who)
      on conflict (conversation_id, pod) do update set
        supply_from = excluded.supply_from, supply_to = excluded.supply_to, by = excluded.by, at = clock_timestamp();
    when 'case_declare' then
      update public.conversations set declared_at = clock_timestamp(), declared_by = v_who, declared_reason = p_reason where id = c.id;
    else
      update public.conversations set declared_at = null, declared_by = null, declared_reason = null where id = c.id;
  end case;
  if v_problem is not null then
    return jsonb_build_object('error', 'not_possible', 'status', v_problem);
  end if;
  perform private.refresh_case(c.id);
  insert into public.staff_actions (who, action, conversation_id) values (v_who, p_action, c.id);
  return jsonb_build_object('case', private.feed_case(c.id));
end
$$;
comment on function public.act_on_case is
  'case_year (p_year), case_pod_add, case_pod_remove (p_pod), case_pod_merge (p_pod was misread: it is p_into), case_supply (p_pod, p_from, p_to: when it began and ended), case_declare (p_reason), case_reopen; case_months: the file of p_message_id is a bill of p_pod, p_from to p_to. Returns { case } or { error: not_found | not_possible, status }.';
revoke execute on function public.act_on_case from public, anon, authenticated, service_role;
grant execute on function public.act_on_case to authenticated, service_role;

create or replace function public.act_on_code(p_message_id bigint, p_accept boolean) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_who text := private.require_staff();
  v_from bigint;
  v_into bigint;
begin
  select m.conversation_id, w.conversation_id into v_from, v_into
    from private.written_codes w join public.whatsapp_messages m on m.id = w.message_id where w.message_id = p_message_id;
  perform private.lock_customers('{}', array[v_from, v_into]);
  -- While it waited for them, the two may have become one, or the message another customer's.
  if v_from = v_into or not exists (
    select from private.written_codes w join public.whatsapp_messages m on m.id = w.message_id
     where w.message_id = p_message_id and m.conversation_id = v_from and w.conversation_id = v_into) then
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

create or replace function public.claim_message(
  p_interval_ms integer, p_start_within_ms integer, p_lease_ms integer, p_fingerprint text, p_ahead_ms integer default 0,
  p_terms jsonb default null, p_check_ms integer default 0
) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  s public.whatsapp_sender;
  m public.whatsapp_messages;
  v_now timestamptz;
  v_due timestamptz;
  v_start timestamptz;
  v_check boolean;
  v_lids_ms integer;
begin
  perform private.authorize();
  -- One claim at a time: the holder of this row's lock decides who sends next. The time is read once the lock is held.
  select * into s from public.whatsapp_sender for update;
  v_now := clock_timestamp();
  perform private.end_leases(v_now);
  perform private.keep_terms(p_terms) where p_terms is not null;

  if s.paused_at is not null then
    return jsonb_build_object('idle', 'paused', 'wait_ms', null, 'probe', private.take_probe(s, p_fingerprint, v_now));
  end if;
  if not exists (select from public.whatsapp_messages where status = 'queued')
     and not exists (select from public.conversations where reminder_at <= v_now) then
    return jsonb_build_object('idle', 'empty', 'wait_ms', null);
  end if;
  v_lids_ms := private.lids_to_resolve(v_now);
  if v_lids_ms is not null then
    return jsonb_build_object('idle', 'lids', 'wait_ms', v_lids_ms);
  end if;

  v_start := greatest(s.next_send_at, v_now);
  if v_start <= v_now + p_ahead_ms * interval '1 ms' then
    m := private.take_sendable(s, v_start);
    if m.id is null then
      m := private.take_reminder(s, v_start);
    end if;
  end if;
  if m.id is null then
    -- From when it looked for one on: what else could go then is locked by somebody who works on its customer.
    v_due := private.next_sendable(s, v_start);
    return case
      when v_due is null then jsonb_build_object(
        'idle', case when exists (select from public.whatsapp_messages where status = 'queued') then 'held' else 'empty' end,
        'wait_ms', null)
      when v_due > v_start then jsonb_build_object(
        'idle', 'backoff', 'wait_ms', ceil(extract(epoch from v_due - v_now) * 1000))
      when v_start > v_now + p_ahead_ms * interval '1 ms' then jsonb_build_object(
        'idle', 'slot', 'wait_ms', ceil(extract(epoch from v_start - v_now) * 1000))
      else jsonb_build_object('idle', 'busy', 'wait_ms', 1000) end;
  end if;
  if m.first_contact and s.restricted_at is null and (private.guard_errors(s) or private.guard_silence(s, v_now)) then
    perform private.restrict(24);
    return jsonb_build_object('idle', 'busy', 'wait_ms', 0);
  end if;

  update public.whatsapp_messages set
    status = 'sending', attempts = attempts + 1, error_code = null, error = null,
    lease_token = gen_random_uuid(), lease_until = v_start + p_lease_ms * interval '1 ms'
  where id = m.id
  returning * into m;
  insert into public.whatsapp_attempts (message_id, lease_token, claimed_at) values (m.id, m.lease_token, v_now);
  v_check := m.first_contact and coalesce((p_terms ->> 'check_numbers')::boolean, false)
    and private.is_on_whatsapp(m.phone_number, v_now) is not true;
  if m.first_contact and s.restricted_at is not null then
    perform private.note_trial(s, m, v_start);
  end if;
  -- The caller has promised to start at v_start, or at most p_start_within_ms after it (and the check), or not at all, so
  -- this slot is safe even if it never reports back; settle_message moves it to the real start plus the interval.
  update public.whatsapp_sender set
    slot_token = m.lease_token,
    next_send_at = v_start + (p_interval_ms + p_start_within_ms + case when v_check then p_check_ms else 0 end) * interval '1 ms'
   where id;
  return jsonb_build_object('message', jsonb_build_object(
    'id', m.id, 'lease_token', m.lease_token, 'phone_number', m.phone_number, 'kind', m.kind, 'text', m.text, 'attempts', m.attempts, 'check', v_check,
    'wait_ms', greatest(0, ceil(extract(epoch from v_start - clock_timestamp()) * 1000))));
end
$$;
comment on function public.claim_message is
  'Takes the next message and the send slot. A slot that comes within p_ahead_ms is taken before it does, and wait_ms says when it does. Returns { message: { id, lease_token, phone_number, kind, text, attempts, check, wait_ms } } or { idle: paused|empty|held|lids|slot|backoff|busy, wait_ms, probe }. check: ask first whether the number is on WhatsApp, at most p_check_ms, then confirm_claim.';
revoke execute on function public.claim_message from public, anon, authenticated, service_role;
grant execute on function public.claim_message to anon, service_role;

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

create or replace function public.export_bills(p_conversation_id bigint default null) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
begin
  perform private.require_staff();
  return coalesce((
    select jsonb_agg(jsonb_build_object(
      'phone_number', private.phone_of(m.conversation_id), 'name', c.name, 'received_at', coalesce(m.message_at, m.created_at),
      'file_name', coalesce(m.media ->> 'fileName', m.media ->> 'title'), 'bill', to_jsonb(b), 'supply', to_jsonb(s))
      order by m.id desc, s.id)
    from (select x.* from public.bills x
           where p_conversation_id is null
              or x.message_id in (select id from public.whatsapp_messages where conversation_id = p_conversation_id and is_bill)
           order by x.message_id desc limit 20000) b
    join public.whatsapp_messages m on m.id = b.message_id
    join public.conversations c on c.id = m.conversation_id
    left join public.bill_supplies s on s.bill_id = b.id), '[]');
end
$$;
comment on function public.export_bills is
  'All bill files, or one customer''s, and what they say for a spreadsheet, one row a supply, newest first, at most 20,000 files.';
revoke execute on function public.export_bills from public, anon, authenticated, service_role;
grant execute on function public.export_bills to authenticated, service_role;

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

create or replace function public.pause_reminders(p_conversation_id bigint, p_until text default null) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_who text := private.require_staff();
  c public.conversations;
begin
  perform private.lock_customers('{}', array[p_conversation_id]);
  update public.conversations set
    reminders_paused_until = case p_until when 'never' then 'infinity' else p_until::date end
  where id = p_conversation_id and merged_into is null
  returning * into c;
  if c.id is null then
    return jsonb_build_object('error', 'not_found');
  end if;
  insert into public.staff_actions (who, action, conversation_id, to_status) values (v_who, 'reminders', c.id, p_until);
  perform private.refresh_reminder(c.id);
  return jsonb_build_object('reminders', private.feed_reminders(c));
end
$$;
comment on function public.pause_reminders is
  'Staff want no reminders for a customer before a day (YYYY-MM-DD), never again (never), or have nothing against them (null). Returns { reminders } or { error: not_found }.';
revoke execute on function public.pause_reminders from public, anon, authenticated, service_role;
grant execute on function public.pause_reminders to authenticated, service_role;

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
    'conversation', private.feed_conversation(c) || jsonb_build_object('reminders', private.feed_reminders(c)),
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

create or replace function public.reread_bills(p_reader_version integer) returns integer
language plpgsql security definer set search_path = '' as $$
declare
  v_count integer;
begin
  perform private.authorize();
  update public.bills b set due_at = now() - interval '1 second' + o.place * interval '1 microsecond', attempts = 0, backlog = true
    from (select x.id, row_number() over (order by x.id desc) as place
            from public.bills x join public.whatsapp_messages m on m.id = x.message_id
           where x.confirmed_at is null and x.due_at is null and coalesce(x.reader_version, 0) < p_reader_version
             and m.media_state = 'stored') o
   where b.id = o.id;
  get diagnostics v_count = row_count;
  return v_count;
end
$$;
comment on function public.reread_bills is
  'Queues again, newest first, what an older version of the reader read and nobody has confirmed. Returns how many.';
revoke execute on function public.reread_bills from public, anon, authenticated, service_role;
grant execute on function public.reread_bills to anon, service_role;

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

create or replace function public.write_reminder_texts(p_texts text[]) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_who text := private.require_staff();
begin
  delete from public.reminder_texts where p_texts[step] is null;
  insert into public.reminder_texts (step, text, by)
  select s, p_texts[s], v_who from generate_series(1, 3) s where p_texts[s] is not null
  on conflict (step) do update set text = excluded.text, by = excluded.by, at = excluded.at
  where reminder_texts.text <> excluded.text;
  insert into public.staff_actions (who, action) values (v_who, 'reminder_texts');
  return jsonb_build_object('texts', (select jsonb_agg(private.reminder_template(s) order by s) from generate_series(1, 3) s));
end
$$;
comment on function public.write_reminder_texts is
  'What the three reminders say from now on; null: what is built in. Returns { texts }.';
revoke execute on function public.write_reminder_texts from public, anon, authenticated, service_role;
grant execute on function public.write_reminder_texts to authenticated, service_role;

alter table private.todos add constraint todos_conversation_id_fkey
  foreign key (conversation_id) references public.conversations (id) on delete cascade;

alter table private.written_codes add constraint written_codes_conversation_id_fkey
  foreign key (conversation_id) references public.conversations (id) on delete cascade;

alter table private.written_codes add constraint written_codes_message_id_fkey
  foreign key (message_id) references public.whatsapp_messages (id) on delete cascade;

alter table public.case_pods add constraint case_pods_conversation_id_fkey
  foreign key (conversation_id) references public.conversations (id) on delete cascade;

alter table public.conversation_numbers
  add constraint "conversation_numbers_known_by_check"
    check
    ((known_by = ANY (ARRAY['call'::text, 'message'::text, 'lid'::text, 'code'::text, 'staff'::text, 'legacy'::text])));

alter table public.conversations
  add constraint "conversations_case_state_check"
    check ((case_state = ANY (ARRAY['none'::text, 'open'::text, 'complete'::text, 'declared'::text])));

alter table public.reminders add constraint reminders_ask_id_fkey
  foreign key (ask_id) references public.whatsapp_messages (id) on delete cascade;

alter table public.reminders add constraint reminders_conversation_id_fkey
  foreign key (conversation_id) references public.conversations (id) on delete cascade;

alter table public.reminders add constraint reminders_message_id_fkey
  foreign key (message_id) references public.whatsapp_messages (id) on delete cascade;

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
    'case_reopen'::text,
    'reminders'::text,
    'reminder_texts'::text,
    'code_join'::text, 'code_refuse'::text, 'second_number'::text, 'done'::text, 'label'::text])));

alter table public.todo_done add constraint todo_done_conversation_id_fkey
  foreign key (conversation_id) references public.conversations (id) on delete cascade;

alter table public.whatsapp_messages
  add constraint "whatsapp_messages_error_code_check"
    check
    ((error_code = ANY (ARRAY['not_on_whatsapp'::text, 'rejected'::text, 'rate_limited'::text, 'session_down'::text,
    'key_refused'::text,
    'subscription'::text,
    'wrong_address'::text,
    'unreachable'::text,
    'no_answer'::text,
    'server_error'::text,
    'lease_expired'::text,
    'slot_missed'::text,
    'delivery_failed'::text,
    'restricted'::text,
    'no_phone_number'::text,
    'payload_says_no'::text,
    'nobody_talked'::text,
    'bill_already_received'::text,
    'too_old'::text,
    'asked_recently'::text,
    'duplicate_call'::text,
    'answered'::text,
    'objection'::text, 'superseded'::text, 'held_too_long'::text, 'case_complete'::text, 'bills_to_check'::text])));

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

create index bill_supplies_pod_idx on public.bill_supplies (pod) where pod is not null;

-- The expression of private.call_code.
create index cloudtalk_calls_code_idx on public.cloudtalk_calls (
  lower(left(regexp_replace(
    coalesce(call_uuid, case when call_id !~ '^[0-9]+$' then call_id end), '[^0-9A-Za-z]', '', 'g'), 8))) where duplicate_of is null;

create index conversations_case_idx on public.conversations (case_state, last_at desc, id desc) where merged_into is null;

create index conversations_case_missing_idx
  on public.conversations ((case_of - case_covered), id) where merged_into is null and case_state = 'open' and case_of is not null;

create index conversations_counts_idx on public.conversations (state, unread, case_state) where merged_into is null;

create index conversations_reminder_idx on public.conversations (reminder_at, id) where reminder_at is not null and merged_into is null;

create index whatsapp_messages_is_bill_idx on public.whatsapp_messages (conversation_id, id) where is_bill;

-- The worklists: private.todo_answers.
create index whatsapp_messages_label_idx
  on public.whatsapp_messages (conversation_id, label, id) where direction = 'incoming' and label is not null;

create constraint trigger bill_supplies_case after insert or update or delete on public.bill_supplies
  deferrable initially deferred for each row execute function private.case_changed();

create constraint trigger bills_case
  after insert or update of state, kind, page_of, duplicate_of, confirmed_at on public.bills
  deferrable initially deferred for each row execute function private.case_changed();

create constraint trigger case_pods_case after insert or update or delete on public.case_pods
  deferrable initially deferred for each row execute function private.case_changed();

create constraint trigger whatsapp_messages_case_inserted
  after insert on public.whatsapp_messages
  deferrable initially deferred for each row when (new.is_bill) execute function private.case_changed();

create constraint trigger whatsapp_messages_case
  after update on public.whatsapp_messages
  deferrable initially deferred for each row
  when (new.is_bill and (old.conversation_id, old.media_state) is distinct from (new.conversation_id, new.media_state))
  execute function private.case_changed();

comment on column private.terms."reminders_since" is 'Since when reminders are switched on (terms: reminders); null: off. What was due before is not made up for.';

comment on column public.conversation_numbers."known_by" is 'call: it was dialled or called us; message: a message came from it or went to it; lid: WhatsApp says that it is the same person; code: who writes from it has named the customer''s call (private.call_code); staff: a colleague said so; legacy: taken over.';

comment on column public.conversations."case_covered" is 'How many months are covered; if no POD is known (case_of is null), how many files have come.';

comment on column public.conversations."case_history" is 'Whether a printed table of months was taken for a bill (CASE_ACCEPTS_HISTORY) when the case was derived.';

comment on column public.conversations."case_missing" is 'What private.missing says.';

comment on column public.conversations."case_of" is 'How many months are due, of all PODs together; null if no POD is known.';

comment on column public.conversations."case_state" is 'none: no file; open; complete: every due month of every POD is covered; declared: by staff. This and the next five are derived: see private.refresh_case.';

comment on column public.conversations."case_to_check" is 'A file waits, or a value of a bill does not count yet.';

comment on column public.conversations."case_xid" is 'The transaction that derived the case last: each does so once.';

comment on column public.conversations."case_year" is 'The calendar year of which the bills are wanted: the last complete one (Europe/Rome) before the first call or message, or what staff chose.';

comment on column public.conversations."case_year_by" is 'Who of the staff chose the year; null: nobody.';

comment on column public.conversations."declared_at" is 'When staff declared the case complete.';

comment on column public.conversations."declared_by" is 'Who of the staff did.';

comment on column public.conversations."declared_reason" is 'Why, in their words.';

comment on column public.conversations."reminder_at" is 'When the next reminder is to be looked at: see private.refresh_reminder.';

comment on column public.conversations."reminders_paused_until" is 'Staff want no reminders before this day; infinity: never again.';

comment on column public.whatsapp_messages."label" is 'What an incoming message means for the follow-up (lib/followup/label-answer.ts); null if it has no words and staff have said nothing.';

comment on column public.whatsapp_messages."label_by" is 'rule: by its words; staff: they have said so (who and when: staff_actions).';

comment on column public.whatsapp_messages."label_date" is 'The last day (Europe/Rome) on which a promise is kept; null if none was named.';

comment on type private.incoming is 'An event of a message from a customer (lib/wasender/event.ts), and what the database knows of it: the message''s id if it is stored, whether the event says more than is stored, whether its file came with an earlier webhook; and what its words mean for automatic messages if they are new: objects, staff, or nothing; and its label, { value, date } (lib/followup/label-answer.ts), if they are new; and the code of a call that they name, if they are new.';

comment on type private.pending is 'What waits: how many messages are queued; when the first of them can go, when the first of the files, of the chores and of the bills is due; when the last message became unknown. And the sender''s lights: see private.with_lights. And how many customers are on each worklist, and when that changes by time alone.';

-- What was stored before.
update public.conversations set case_year = private.case_year(id) where merged_into is null and case_year is null;
select private.refresh_case(c.id) from public.conversations c
 where c.merged_into is null and exists (select from public.whatsapp_messages m where m.conversation_id = c.id and m.is_bill);

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

-- - type private.incoming: … repeats_media boolean, objection text, label jsonb, code text
-- + type private.incoming: … repeats_media boolean, objection text, code text, label jsonb
-- - type private.pending: …ll_due_at timestamp with time zone, todo jsonb, todo_at timestamp with time zone
-- + type private.pending: …ll_due_at timestamp with time zone, todo_at timestamp with time zone, todo jsonb
