set check_function_bodies = off;

set lock_timeout = '5s';

drop trigger "whatsapp_messages_stored_bill" on public.whatsapp_messages;

alter table public.staff_actions
  drop constraint "staff_actions_action_check";

drop function private.bill_stored();

drop function private.restore_asks(bigint);

create table public.bill_supplies (
  id bigint generated always as identity primary key,
  bill_id bigint not null,
  pod text,
  period_from date,
  period_to date,
  kwh numeric,
  kwh_f1 numeric,
  kwh_f2 numeric,
  kwh_f3 numeric,
  measured boolean,
  annual_kwh numeric,
  annual_from date,
  annual_to date,
  power_kw numeric,
  voltage text,
  use text,
  supplier text,
  holder text,
  holder_hash text,
  address text,
  issued_on date,
  invoice_number text,
  replaces_from date,
  replaces_to date,
  months jsonb not null default '[]',
  evidence jsonb not null default '{}',
  constraint bill_supplies_pod_check check (pod ~ '^IT[0-9]{3}E[0-9]{8}$'),
  constraint bill_supplies_voltage_check check (voltage in ('BT', 'MT')),
  constraint bill_supplies_use_check check (use in ('domestic', 'other')),
  constraint bill_supplies_months_check check (jsonb_typeof(months) = 'array'),
  constraint bill_supplies_evidence_check check (jsonb_typeof(evidence) = 'object')
);
comment on table public.bill_supplies is
  'One row for each electricity supply of an electricity or dual bill: what the bill says of it.';
comment on column public.bill_supplies.pod is 'Point of delivery: 14 characters, upper case.';
comment on column public.bill_supplies.kwh is
  'Billed for exactly the period: not the difference of a correction, not other months that are billed anew, not losses.';
comment on column public.bill_supplies.kwh_f1 is 'As printed, as f2 and f3; null if F23 or F0 is.';
comment on column public.bill_supplies.measured is 'True only if nothing of it is estimated; null if it is not said.';
comment on column public.bill_supplies.annual_kwh is 'Of twelve months, annual_from to annual_to if those are printed.';
comment on column public.bill_supplies.power_kw is 'Potenza impegnata.';
comment on column public.bill_supplies.supplier is 'In short: Enel Energia, A2A Energia.';
comment on column public.bill_supplies.holder_hash is 'private.keyed_hash of the holder''s tax code or VAT number, which is kept nowhere.';
comment on column public.bill_supplies.address is 'Of the supply, not of the post.';
comment on column public.bill_supplies.replaces_from is 'With replaces_to: the period that is billed anew.';
comment on column public.bill_supplies.months is 'A printed table of months: [{ month: "2025-03", kwh }].';
comment on column public.bill_supplies.evidence is
  'By column: { value, unit, page, quote, rule, sure, box }. Of a page of the bill that came as a file of its own also message_id, that file''s; of a correction by, at. The quotes go with the file.';
create index bill_supplies_bill_id_idx on public.bill_supplies (bill_id, id);
alter table public.bill_supplies enable row level security;
revoke all on table public.bill_supplies from public, anon, authenticated, service_role;
grant select, insert, update, delete on table public.bill_supplies to service_role;
revoke all on sequence public.bill_supplies_id_seq from public, anon, authenticated, service_role;

create table public.bills (
  id bigint generated always as identity primary key,
  message_id bigint not null,
  state text not null default 'waiting',
  kind text,
  reason text,
  reader_version integer,
  page_of bigint,
  duplicate_of bigint,
  confirmed_at timestamptz,
  confirmed_by text,
  backlog boolean not null default false,
  attempts smallint not null default 0,
  due_at timestamptz,
  lease_token uuid,
  created_at timestamptz not null default clock_timestamp(),
  constraint bills_state_check check (state in ('waiting', 'read', 'needs_eyes', 'not_a_bill', 'failed')),
  constraint bills_kind_check check (kind in (
    'electricity', 'gas', 'both', 'receipt', 'identity', 'f24', 'contract', 'meter', 'other', 'none')),
  constraint bills_no_kind_check check (state not in ('waiting', 'failed') or kind is null),
  constraint bills_read_check check (state <> 'read' or kind in ('electricity', 'both')),
  constraint bills_reason_check check (reason in (
    'password', 'heic', 'unreadable', 'too_large', 'too_little', 'photos_off', 'took_too_long', 'too_much_memory', 'crashed', 'missing')),
  constraint bills_page_of_check check (page_of <> id),
  constraint bills_duplicate_of_check check (duplicate_of <> id and (duplicate_of is null or page_of is null)),
  constraint bills_confirmed_check check ((confirmed_at is null) = (confirmed_by is null)),
  constraint bills_lease_check check (lease_token is null or due_at is not null)
);
comment on table public.bills is
  'One row for each bill file (whatsapp_messages.is_bill), from the moment it is stored: what it is, and the queue of its reading. What it says is in bill_supplies.';
comment on column public.bills.state is
  'waiting: not read yet; read: an electricity bill with a POD or a period; needs_eyes: it may be a bill, too little was found; not_a_bill; failed: it could not be opened, or its reader was ended by force.';
comment on column public.bills.kind is 'What the file is; both: electricity and gas; none: empty. Null while it waits, and if it failed.';
comment on column public.bills.reason is 'A code of lib/bills/bill.ts, or missing (the file is no longer in Storage): why it was not read, or not as a bill.';
comment on column public.bills.reader_version is 'Which version of the reader read it last; null if only staff did.';
comment on column public.bills.page_of is 'The bill whose page it is: proposed by when it came, until confirmed_at is set. What it says is in that bill''s supplies; it has none of its own.';
comment on column public.bills.duplicate_of is 'The same customer''s bill that it repeats: the same bytes, or the same POD, period and invoice. It has no supplies of its own.';
comment on column public.bills.confirmed_at is 'When a person confirmed, corrected or rejected it, or said whose page it is. From then on no reading changes it.';
comment on column public.bills.confirmed_by is 'Who of the staff did.';
comment on column public.bills.backlog is 'Read after what has just come; that it turns out to be no bill revives no ask.';
comment on column public.bills.attempts is 'How often its reading was begun since it was queued.';
comment on column public.bills.due_at is 'When it may next be read; while it is being read, when the lease ends; null if it is not to be read.';
create unique index bills_message_id_key on public.bills (message_id);
create unique index bills_lease_token_key on public.bills (lease_token);
create index bills_page_of_idx on public.bills (page_of) where page_of is not null;
create index bills_duplicate_of_idx on public.bills (duplicate_of) where duplicate_of is not null;
create index bills_queue_idx on public.bills (attempts, backlog, due_at, id) where due_at is not null;
create index bills_due_idx on public.bills (due_at) where due_at is not null;
create index bills_to_confirm_idx on public.bills (message_id)
  where confirmed_at is null and page_of is null and duplicate_of is null and state in ('read', 'needs_eyes', 'failed');
create index bills_reader_version_idx on public.bills (reader_version) where confirmed_at is null and due_at is null;
alter table public.bills enable row level security;
revoke all on table public.bills from public, anon, authenticated, service_role;
grant select, insert, update, delete on table public.bills to service_role;
revoke all on sequence public.bills_id_seq from public, anon, authenticated, service_role;

alter type private.pending add attribute "bill_due_at" timestamp with time zone cascade;

create or replace function private.add_to_bill(p_bill_id bigint, p_said jsonb, p_message_id bigint) returns void
language plpgsql set search_path = '' as $$
declare
  s public.bill_supplies;
  v_evidence jsonb;
  v_change jsonb := '{}';
  c record;
begin
  -- Of which supply, it cannot be told if there are several; what a person confirmed stays.
  select x.* into s from public.bill_supplies x join public.bills b on b.id = x.bill_id
   where x.bill_id = p_bill_id and b.confirmed_at is null
     and (select count(*) from public.bill_supplies where bill_id = p_bill_id) = 1;
  if s.id is null then
    return;
  end if;
  v_evidence := s.evidence;
  for c in
    select e.key, e.value as said, p_said -> e.key as value, nullif(to_jsonb(s) -> e.key, '[]') as known
      from jsonb_each(p_said -> 'evidence') e where coalesce(p_said -> e.key, 'null') not in ('null', '[]')
  loop
    if coalesce(c.known, 'null') = 'null' then
      v_change := v_change || jsonb_build_object(c.key, c.value);
      v_evidence := v_evidence || jsonb_build_object(c.key, c.said || jsonb_build_object('message_id', p_message_id));
    elsif c.known <> c.value and v_evidence ? c.key and c.key not in ('holder', 'address', 'supplier') then
      -- Two pages of one bill contradict each other. (Names and addresses are written in more ways than one.)
      v_evidence := jsonb_set(v_evidence, array[c.key, 'sure'], 'false');
    end if;
  end loop;
  perform private.change_supply(s, v_change || jsonb_build_object('evidence', v_evidence));
end
$$;
comment on function private.add_to_bill is
  'Adds what a page says to its bill, where that says nothing; what contradicts it makes it unsure.';
revoke execute on function private.add_to_bill from public;

create or replace function private.annual_consumption(p_conversation_id bigint) returns numeric
language plpgsql stable set search_path = '' as $$
begin
  return (
    select sum(annual_kwh) from (
      select distinct on (s.pod) s.annual_kwh
        from public.whatsapp_messages m join public.bills b on b.message_id = m.id join public.bill_supplies s on s.bill_id = b.id
       where m.conversation_id = p_conversation_id and m.is_bill and b.confirmed_at is not null and s.annual_kwh is not null
       order by s.pod, coalesce(s.annual_to, s.issued_on, s.period_to) desc nulls last, b.id desc) newest);
end
$$;
comment on function private.annual_consumption is
  'The consumption of twelve months that a customer''s confirmed bills say, the newest of each POD, all PODs together, in kWh; null if none does.';
revoke execute on function private.annual_consumption from public;

create or replace function private.bill_came() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  if new.media_state = 'stored' then
    insert into public.bills (message_id, due_at) values (new.id, clock_timestamp()) on conflict (message_id) do nothing;
  end if;
  -- Staff may remove the mark: only the next file sets it again.
  perform private.mark_bill(new.conversation_id, new.created_at);
  return null;
end
$$;
comment on function private.bill_came is
  'A bill file has come, or was stored: then it is read.';
revoke execute on function private.bill_came from public;

create or replace function private.bill_changed() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  -- The monitor's polls look for changed messages.
  update public.whatsapp_messages set media_pages = media_pages where id = new.message_id;
  return null;
end
$$;
comment on function private.bill_changed is
  'What a message''s file is has changed, and so what the monitor shows of the message.';
revoke execute on function private.bill_changed from public;

create or replace function private.bill_of_page(m public.whatsapp_messages) returns bigint
language plpgsql stable set search_path = '' as $$
declare
  v_at timestamptz := coalesce(m.message_at, m.created_at);
begin
  -- Page 1, with the POD, mostly comes first.
  return (
    select p.id from public.bills p join public.whatsapp_messages w on w.id = p.message_id
     where w.conversation_id = m.conversation_id and w.is_bill and w.id <> m.id and w.media_mime_type like 'image/%'
       and p.state = 'read' and p.page_of is null and p.duplicate_of is null
       and coalesce(w.message_at, w.created_at) between v_at - interval '10 minutes' and v_at + interval '10 minutes'
       and exists (select from public.bill_supplies s where s.bill_id = p.id and s.pod is not null)
     order by w.id > m.id, abs(w.id - m.id) limit 1);
end
$$;
comment on function private.bill_of_page is
  'The bill of which a photo without a POD may be a page: the same customer''s photo with one that came within ten minutes.';
revoke execute on function private.bill_of_page from public;

create or replace function private.change_supply(s public.bill_supplies, p_columns jsonb) returns void
language plpgsql set search_path = '' as $$
begin
  delete from public.bill_supplies where id = s.id;
  insert into public.bill_supplies overriding system value
  select (jsonb_populate_record(s, p_columns)).*;
end
$$;
comment on function private.change_supply is
  'Changes some columns of a supply.';
revoke execute on function private.change_supply from public;

create or replace function private.correct_bill(b public.bills, p_supplies jsonb, p_who text) returns text
language plpgsql set search_path = '' as $$
declare
  v_old jsonb := coalesce((
    select jsonb_agg(to_jsonb(s) order by s.id) from public.bill_supplies s where s.bill_id = coalesce(b.page_of, b.duplicate_of, b.id)), '[]');
  v_new jsonb := '[]';
  v_staff jsonb := jsonb_build_object('rule', 'staff', 'sure', true, 'by', p_who, 'at', clock_timestamp());
  v_before jsonb;
  x record;
begin
  for x in select value as supply, place from jsonb_array_elements(p_supplies) with ordinality s (value, place) loop
    -- The supply that it corrects: of the same POD, else at the same place.
    select coalesce(
      (select value from jsonb_array_elements(v_old) where value ->> 'pod' = x.supply ->> 'pod' limit 1), v_old -> (x.place::integer - 1), '{}')
    into v_before;
    v_new := v_new || jsonb_build_array(x.supply
      || case when not x.supply ? 'holder_id' and v_before -> 'holder' = x.supply -> 'holder'
           then jsonb_build_object('holder_hash', v_before -> 'holder_hash') else '{}' end
      || jsonb_build_object('evidence', (
        select coalesce(jsonb_object_agg(c.key,
          -- Where it is printed stays known if the value does.
          case when v_before -> c.key = c.value then coalesce(v_before #> array['evidence', c.key], '{}')
            else '{"page": null, "quote": "", "box": null}' end
          || jsonb_build_object('value', c.value, 'unit', case when c.key in ('kwh', 'kwh_f1', 'kwh_f2', 'kwh_f3', 'annual_kwh', 'months') then 'kWh'
               when c.key = 'power_kw' then 'kW' end)
          || v_staff), '{}')
        from jsonb_each(x.supply) c where c.value not in ('null', '[]') and c.key <> 'holder_id')));
  end loop;
  update public.bills set
    state = 'read', kind = case kind when 'both' then kind else 'electricity' end, reason = null, page_of = null, duplicate_of = null
  where id = b.id;
  perform private.save_supplies(b.id, v_new);
  return null;
end
$$;
comment on function private.correct_bill is
  'What staff say replaces what was read. Returns why it is not possible: never.';
revoke execute on function private.correct_bill from public;

create or replace function private.counts_as_bill(m public.whatsapp_messages) returns boolean
language plpgsql stable set search_path = '' as $$
declare
  b public.bills;
begin
  if not m.is_bill or m.media_state is null then
    return false;
  end if;
  select * into b from public.bills where message_id = m.id;
  return case
    -- Deleted before files were read.
    when b.id is null and m.media_state = 'deleted' then true
    when b.state = 'read' or b.page_of is not null then true
    when b.state = 'not_a_bill' then false
    when b.confirmed_at is not null or b.duplicate_of is not null then true
    else private.file_waits(m) end;
end
$$;
comment on function private.counts_as_bill is
  'Whether a file is why the bill counts as received: it is a bill, or it waits.';
revoke execute on function private.counts_as_bill from public;

create or replace function private.feed_bill(m public.whatsapp_messages) returns jsonb
language plpgsql stable set search_path = '' as $$
declare
  b public.bills;
begin
  if not m.is_bill then
    return null;
  end if;
  select * into b from public.bills where message_id = m.id;
  if b.id is null then
    return null;
  end if;
  return jsonb_build_object(
    'id', b.id, 'message_id', b.message_id, 'state', b.state, 'kind', b.kind, 'reason', b.reason, 'reader_version', b.reader_version,
    'page_of', b.page_of, 'page_of_message', (select message_id from public.bills where id = b.page_of),
    'duplicate_of', b.duplicate_of, 'duplicate_of_message', (select message_id from public.bills where id = b.duplicate_of),
    'confirmed_at', b.confirmed_at, 'confirmed_by', b.confirmed_by, 'waits', private.file_waits(m),
    'supplies', coalesce((select jsonb_agg(to_jsonb(s) order by s.id) from public.bill_supplies s where s.bill_id = b.id), '[]'));
end
$$;
comment on function private.feed_bill is
  'What a file is and says, as the monitor gets it (Bill in lib/supabase/bills/bill.ts); null if it is none that was stored.';
revoke execute on function private.feed_bill from public;

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
    'message_at', coalesce(m.message_at, m.sent_at), 'created_at', m.created_at, 'updated_at', m.updated_at, 'call_id', m.call_id);
end
$$;
comment on function private.feed_message is
  'A message as the monitor gets it (FeedMessage in lib/supabase/monitor/feed.ts).';
revoke execute on function private.feed_message from public;

create or replace function private.file_waits(m public.whatsapp_messages) returns boolean
language plpgsql stable set search_path = '' as $$
declare
  b public.bills;
begin
  if not m.is_bill or m.media_state is null then
    return false;
  end if;
  select * into b from public.bills where message_id = m.id;
  return case
    when b.confirmed_at is not null or b.page_of is not null or b.duplicate_of is not null then false
    when m.media_state in ('pending', 'failed') then true
    when m.media_state = 'stored' then coalesce(b.state in ('waiting', 'needs_eyes', 'failed'), true)
    else false end;
end
$$;
comment on function private.file_waits is
  'Whether a customer''s file may be a bill and nobody knows yet: it is being fetched or could not be, was not read yet, or too little could be read. Until staff act or the file is deleted. Neither a page of a bill nor a repeat waits.';
revoke execute on function private.file_waits from public;

create or replace function private.fill_annual_consumption(p_conversation_id bigint, p_before numeric) returns void
language plpgsql set search_path = '' as $$
declare
  v_annual numeric := private.annual_consumption(p_conversation_id);
begin
  -- What CloudTalk gave stays; what was filled in before changes with the bills.
  update public.cloudtalk_calls set annual_consumption_kwh = round(v_annual), updated_at = clock_timestamp()
   where conversation_id = p_conversation_id and v_annual is not null and v_annual is distinct from p_before
     and (annual_consumption_kwh is null or annual_consumption_kwh = round(p_before));
end
$$;
comment on function private.fill_annual_consumption is
  'Gives the confirmed consumption of twelve months to the customer''s calls that have none. p_before: what private.annual_consumption was before.';
revoke execute on function private.fill_annual_consumption from public;

create or replace function private.find_bill_of_page(b public.bills, m public.whatsapp_messages) returns boolean
language plpgsql set search_path = '' as $$
declare
  v_bill bigint;
begin
  if private.may_be_page(b, m) then
    v_bill := private.bill_of_page(m);
  end if;
  if v_bill is null then
    return false;
  end if;
  perform private.make_page(b.id, v_bill);
  return true;
end
$$;
comment on function private.find_bill_of_page is
  'Whether a file is proposed as a page of a bill.';
revoke execute on function private.find_bill_of_page from public;

create or replace function private.find_original(b public.bills, m public.whatsapp_messages) returns boolean
language plpgsql set search_path = '' as $$
declare
  v_original bigint;
begin
  select o.id into v_original
    from public.bills o join public.whatsapp_messages w on w.id = o.message_id
   where w.conversation_id = m.conversation_id and w.is_bill and o.id <> b.id
     and o.state <> 'waiting' and o.page_of is null and o.duplicate_of is null
     and (w.media_sha256 = m.media_sha256
       or (exists (select from public.bill_supplies where bill_id = b.id) and not exists (
         select from public.bill_supplies s
          where s.bill_id = b.id and not exists (
            select from public.bill_supplies t
             where t.bill_id = o.id and (t.pod, t.period_from, t.period_to, t.invoice_number)
               = (s.pod, s.period_from, s.period_to, s.invoice_number)))))
   order by o.confirmed_at is null, w.media_sha256 = m.media_sha256 desc, o.id limit 1;
  if v_original is null then
    return false;
  end if;
  update public.bills set duplicate_of = v_original where id = b.id or duplicate_of = b.id;
  update public.bills set page_of = v_original where page_of = b.id and id <> v_original;
  delete from public.bill_supplies where bill_id = b.id;
  return true;
end
$$;
comment on function private.find_original is
  'Whether a bill repeats another one of the same customer''s: the same bytes, or for each supply the same POD, period and invoice.';
revoke execute on function private.find_original from public;

create or replace function private.find_pages(b public.bills, m public.whatsapp_messages) returns void
language plpgsql set search_path = '' as $$
begin
  perform private.make_page(p.id, b.id)
     from public.bills p join public.whatsapp_messages w on w.id = p.message_id
    where w.conversation_id = m.conversation_id and w.is_bill and p.id <> b.id
      and private.may_be_page(p, w) and private.bill_of_page(w) = b.id;
end
$$;
comment on function private.find_pages is
  'Proposes as pages of a bill the photos that were read before it.';
revoke execute on function private.find_pages from public;

create or replace function private.forget_quotes(p_message_ids bigint[]) returns void
language plpgsql set search_path = '' as $$
begin
  update public.bill_supplies s set evidence = (
    select coalesce(jsonb_object_agg(e.key, case
      when coalesce((e.value ->> 'message_id')::bigint, b.message_id) = any (p_message_ids)
      then e.value || '{"quote": "", "box": null}' else e.value end), '{}')
    from jsonb_each(s.evidence) e)
   from public.bills b
  where b.id = s.bill_id and b.id in (
    select coalesce(page_of, id) from public.bills where message_id = any (p_message_ids)
    union select id from public.bills where message_id = any (p_message_ids));
  update public.bills set due_at = null, lease_token = null where message_id = any (p_message_ids);
end
$$;
comment on function private.forget_quotes is
  'These messages'' files are deleted: what is quoted from them goes as well, and nothing of them is read any more.';
revoke execute on function private.forget_quotes from public;

create or replace function private.give_up_bill(p_id bigint) returns void
language plpgsql set search_path = '' as $$
begin
  -- What an older version has read stays.
  update public.bills set
    state = case when state = 'waiting' then 'failed' else state end,
    reason = case when state = 'waiting' then 'crashed' else reason end,
    due_at = null, lease_token = null
  where id = p_id and confirmed_at is null;
end
$$;
comment on function private.give_up_bill is
  'A file ended the function that read it, twice.';
revoke execute on function private.give_up_bill from public;

create or replace function private.make_page(p_page bigint, p_bill bigint) returns void
language plpgsql set search_path = '' as $$
declare
  v_said jsonb := private.take_from_bill(p_page);
begin
  update public.bills set page_of = p_bill, duplicate_of = null where id = p_page;
  -- Its own pages are the bill's as well.
  update public.bills set page_of = p_bill where page_of = p_page and id <> p_bill;
  delete from public.bill_supplies where bill_id = p_page;
  if v_said is not null then
    perform private.add_to_bill(p_bill, v_said, (select message_id from public.bills where id = p_page));
  end if;
end
$$;
comment on function private.make_page is
  'A file becomes a page of a bill: what it says belongs to that.';
revoke execute on function private.make_page from public;

create or replace function private.mark_bill(p_conversation_id bigint, p_at timestamptz) returns void
language plpgsql set search_path = '' as $$
begin
  update public.conversations set bill_at = p_at where id = p_conversation_id and bill_at is null;
  perform private.withdraw_asks(p_conversation_id);
  -- The mark decides the state, even if nothing else of the customer has changed.
  perform private.refresh_customer(p_conversation_id);
end
$$;
comment on function private.mark_bill is
  'A file that is a bill, or may be one, has come.';
revoke execute on function private.mark_bill from public;

create or replace function private.may_be_page(b public.bills, m public.whatsapp_messages) returns boolean
language plpgsql stable set search_path = '' as $$
begin
  return b.confirmed_at is null and b.page_of is null and b.duplicate_of is null
    and m.media_mime_type like 'image/%' and b.state in ('read', 'needs_eyes') and coalesce(b.reason, 'too_little') = 'too_little'
    and not exists (select from public.bill_supplies s where s.bill_id = b.id and s.pod is not null);
end
$$;
comment on function private.may_be_page is
  'Whether a file may be a page of another one: a photo without a POD that nobody has decided about.';
revoke execute on function private.may_be_page from public;

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

create or replace function private.open_days_ago(p_days integer, p_at timestamptz) returns timestamptz
language plpgsql stable set search_path = '' as $$
declare
  v_terms jsonb := (select terms from private.terms);
  v_day date := (p_at at time zone 'Europe/Rome')::date;
  v_open integer := 0;
begin
  -- Hours that never open would never count so many days.
  while v_open < p_days and v_day > p_at::date - 60 loop
    v_day := v_day - 1;
    if exists (select from private.open_hours(v_day, v_terms)) then
      v_open := v_open + 1;
    end if;
  end loop;
  return v_day::timestamp at time zone 'Europe/Rome';
end
$$;
comment on function private.open_days_ago is
  'The beginning of the day so many open days ago (in Europe/Rome).';
revoke execute on function private.open_days_ago from public;

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

create or replace function private.reject_bill(b public.bills) returns text
language plpgsql set search_path = '' as $$
begin
  if b.page_of is not null then
    perform private.take_from_bill(b.id);
  end if;
  update public.bills set
    state = 'not_a_bill', kind = case when kind in ('electricity', 'both') then 'other' else coalesce(kind, 'other') end,
    reason = null, page_of = null, duplicate_of = null
  where id = b.id;
  delete from public.bill_supplies where bill_id = b.id;
  -- Its pages are none of it.
  update public.bills set page_of = null, due_at = clock_timestamp(), attempts = 0 where page_of = b.id and confirmed_at is null;
  return null;
end
$$;
comment on function private.reject_bill is
  'Staff say that a file is no electricity bill. Returns why it is not possible: never.';
revoke execute on function private.reject_bill from public;

create or replace function private.restore_asks(p_conversation_id bigint, p_since timestamptz default null) returns void
language plpgsql set search_path = '' as $$
begin
  update public.whatsapp_messages m
     set status = 'queued', cancelled_by = null, error_code = null, due_at = clock_timestamp(), queued_at = clock_timestamp()
    from public.cloudtalk_calls k
   where m.conversation_id = p_conversation_id and m.kind = 'ask' and m.status = 'cancelled' and m.cancelled_by = 'decision'
     and m.error_code = 'bill_already_received' 
     and (p_since is not null or m.created_at > clock_timestamp() - interval '1 day')
     -- What the call itself said of a bill stays.
     and k.id = m.call_id and (p_since is null or coalesce(k.call_end_time, k.call_start_time, k.created_at) >= p_since) and k.should_send and not private.has_objected(m.phone_number) and m.id = (private.ask_of(k.id)).id;
  update public.whatsapp_attempts a set withdrawn = false
    from public.whatsapp_messages m
   where m.conversation_id = p_conversation_id and m.status in ('sending', 'unknown') and m.kind = 'ask'
     and a.lease_token = m.lease_token;
end
$$;
comment on function private.restore_asks is
  'The bill has not come after all: asks that were withdrawn for it wait again, those of the last day, or of calls since p_since.';
revoke execute on function private.restore_asks from public;

create or replace function private.ring_outbox() returns text
language plpgsql security definer set search_path = '' as $$
declare
  v_outbox boolean := public.outbox_due();
  v_bills boolean := public.bills_due();
  v_url text;
  v_secret text;
begin
  if not v_outbox and not v_bills then
    return 'nothing due';
  end if;
  execute $q$ select decrypted_secret from vault.decrypted_secrets where name = 'outbox_url' $q$ into v_url;
  execute $q$ select decrypted_secret from vault.decrypted_secrets where name = 'cron_secret' $q$ into v_secret;
  if v_url is null or v_secret is null then
    return 'not configured: outbox_url or cron_secret is missing in Vault';
  end if;
  update public.whatsapp_sender set rang_at = clock_timestamp() where id;
  -- The reader is a function of its own, beside the outbox.
  execute 'select net.http_post(url := u, headers := $2, body := $3, timeout_milliseconds := $4) from unnest($1) u'
    using array_remove(array[
        case when v_outbox then v_url end,
        case when v_bills then regexp_replace(v_url, '/outbox$', '/read-bills') end], null),
      jsonb_build_object('Content-Type', 'application/json', 'Authorization', 'Bearer ' || v_secret), '{}'::jsonb, 5000;
  return 'rang';
end
$$;
comment on function private.ring_outbox is
  'Rings POST /api/outbox and POST /api/read-bills if something is due for them. Returns what it did, which cron.job_run_details keeps.';
revoke execute on function private.ring_outbox from public;

create or replace function private.save_call(
  o public.cloudtalk_calls, c public.cloudtalk_calls, p_body jsonb, p_request_id bigint
) returns public.cloudtalk_calls
language plpgsql set search_path = '' as $$
begin
  if c.phone_number is not null then
    c.conversation_id := private.make_customer(c.phone_number, null, 'call');
  end if;
  c.updated_at := clock_timestamp();
  if o.id is null then
    c.annual_consumption_kwh := coalesce(c.annual_consumption_kwh, round(private.annual_consumption(c.conversation_id)));
    -- One that is learned late may have been answered already.
    if not c.electricity_bill_received and exists (
      select from public.whatsapp_messages m
       where m.conversation_id = c.conversation_id and m.direction = 'incoming'
         and coalesce(m.message_at, m.created_at) >= least(c.call_start_time, c.call_end_time)) then
      c.electricity_bill_received := true;
      c.electricity_bill_received_at := clock_timestamp();
    end if;
    c.id := nextval('public.cloudtalk_calls_id_seq');
    c.webhook_request_id := p_request_id;
    c.raw_data := p_body;
    c.created_at := now();
    insert into public.cloudtalk_calls values (c.*);
    return c;
  end if;
  -- CloudTalk's history completes what webhooks said; a later webhook is laid over the earlier ones.
  c.raw_data := case
    when c.cdr_id is not distinct from o.cdr_id and jsonb_typeof(o.raw_data) = 'object' and jsonb_typeof(p_body) = 'object'
    then o.raw_data || p_body
    else coalesce(o.raw_data, p_body) end;
  update public.cloudtalk_calls set
    conversation_id = c.conversation_id,
    call_uuid = c.call_uuid,
    call_id = c.call_id,
    cdr_id = c.cdr_id,
    event_type = c.event_type,
    phone_number = c.phone_number,
    phone_number_raw = c.phone_number_raw,
    phone_number_from = c.phone_number_from,
    status = c.status,
    duration = c.duration,
    talking_time = c.talking_time,
    direction = c.direction,
    agent_id = c.agent_id,
    agent_name = c.agent_name,
    customer_name = c.customer_name,
    contact_id = c.contact_id,
    contact_name = c.contact_name,
    company_name = c.company_name,
    recording_url = c.recording_url,
    transcript = c.transcript,
    call_start_time = c.call_start_time,
    call_end_time = c.call_end_time,
    call_result = c.call_result,
    call_outcome = c.call_outcome,
    ateco_code = c.ateco_code,
    ateco_eligible = c.ateco_eligible,
    interest_confirmed = c.interest_confirmed,
    annual_consumption_kwh = c.annual_consumption_kwh,
    electricity_bill_received = c.electricity_bill_received,
    electricity_bill_received_at = c.electricity_bill_received_at,
    should_send = c.should_send,
    should_send_reason = c.should_send_reason,
    stated_should_send = c.stated_should_send,
    stated_bill_received = c.stated_bill_received,
    talked = c.talked,
    reason = c.reason,
    raw_data = c.raw_data,
    updated_at = c.updated_at
  where id = o.id;
  return c;
end
$$;
comment on function private.save_call is
  'Writes a call: a new one, or (o) one that is stored. The only list of its columns.';
revoke execute on function private.save_call from public;

create or replace function private.save_supplies(p_bill_id bigint, p_supplies jsonb) returns void
language plpgsql set search_path = '' as $$
begin
  delete from public.bill_supplies where bill_id = p_bill_id;
  -- The holder's tax code ends here.
  insert into public.bill_supplies overriding user value
  select (jsonb_populate_record(null::public.bill_supplies,
    '{"months": [], "evidence": {}}'
    || (select coalesce(jsonb_object_agg(key, value), '{}') from jsonb_each(s.value) where value <> 'null') || jsonb_build_object('bill_id', p_bill_id, 'holder_hash',
      coalesce(private.keyed_hash(upper(regexp_replace(s.value ->> 'holder_id', '[^[:alnum:]]', '', 'g'))), s.value ->> 'holder_hash')))).*
    from jsonb_array_elements(p_supplies) with ordinality s (value, place)
   order by s.place;
end
$$;
comment on function private.save_supplies is
  'Replaces what a bill says. holder_id, a tax code or VAT number, becomes holder_hash.';
revoke execute on function private.save_supplies from public;

create or replace function private.say_page(b public.bills, m public.whatsapp_messages, p_of bigint) returns text
language plpgsql set search_path = '' as $$
declare
  o public.bills;
begin
  select x.* into o from public.bills x join public.whatsapp_messages w on w.id = x.message_id
   where w.id = p_of and w.conversation_id = m.conversation_id;
  -- A page of a page, or of a repeat, is one of the bill itself.
  if coalesce(o.page_of, o.duplicate_of) <> b.id then
    select * into o from public.bills where id = coalesce(o.page_of, o.duplicate_of);
  end if;
  if o.id is null then
    return 'not_the_customers';
  elsif o.id = b.id or coalesce(o.page_of, o.duplicate_of) = b.id then
    return 'itself';
  elsif o.state = 'not_a_bill' then
    return o.state;
  end if;
  perform private.make_page(b.id, o.id);
  update public.bills set
    state = 'read', kind = case when o.kind = 'both' then o.kind else 'electricity' end, reason = null
  where id = b.id;
  return null;
end
$$;
comment on function private.say_page is
  'Staff say of which file of the same customer''s this one is a page. Returns why it is not possible, or null.';
revoke execute on function private.say_page from public;

create or replace function private.take_from_bill(p_page bigint) returns jsonb
language plpgsql set search_path = '' as $$
declare
  p public.bills;
  s public.bill_supplies;
  v_columns text[];
  v_taken jsonb;
begin
  select * into p from public.bills where id = p_page;
  if p.page_of is null then
    -- What a page says is of one supply, or it cannot be told of which.
    select to_jsonb(x) into v_taken from public.bill_supplies x
     where x.bill_id = p_page and (select count(*) from public.bill_supplies where bill_id = p_page) = 1;
    return v_taken;
  end if;
  select x.* into s from public.bill_supplies x join public.bills b on b.id = x.bill_id
   where x.bill_id = p.page_of and b.confirmed_at is null
     and x.evidence @? format('$.* ? (@.message_id == %s)', p.message_id)::jsonpath limit 1;
  if s.id is null then
    return null;
  end if;
  v_columns := array(select key from jsonb_each(s.evidence) where (value ->> 'message_id')::bigint = p.message_id);
  select jsonb_object_agg(key, value) into v_taken from jsonb_each(to_jsonb(s)) where key = any (v_columns);
  v_taken := v_taken || jsonb_build_object('evidence', (select jsonb_object_agg(key, value - 'message_id') from jsonb_each(s.evidence) where key = any (v_columns)));
  perform private.change_supply(s, (
    select jsonb_object_agg(c, case c when 'months' then '[]'::jsonb else 'null' end) from unnest(v_columns) c)
    || jsonb_build_object('evidence', s.evidence - v_columns));
  return v_taken;
end
$$;
comment on function private.take_from_bill is
  'What a page says, as columns of a supply with their evidence: its own, or what the bill has from it, which loses it. Null if nothing.';
revoke execute on function private.take_from_bill from public;

create or replace function private.take_reading(b public.bills, p_reading jsonb, p_reader_version integer) returns void
language plpgsql set search_path = '' as $$
declare
  m public.whatsapp_messages;
  v_counted boolean;
  v_again boolean := b.reader_version is not null;
  v_supplies jsonb;
begin
  select * into m from public.whatsapp_messages where id = b.message_id;
  v_counted := private.counts_as_bill(m);
  v_supplies := case when p_reading ->> 'kind' in ('electricity', 'both') then coalesce(p_reading -> 'supplies', '[]') else '[]' end;
  update public.bills set
    state = p_reading ->> 'state', kind = p_reading ->> 'kind', reason = p_reading ->> 'reason', reader_version = p_reader_version,
    page_of = null, duplicate_of = null, due_at = null, lease_token = null
  where id = b.id
  returning * into b;
  update public.whatsapp_messages set media_pages = coalesce((p_reading ->> 'pages')::integer, media_pages) where id = m.id;
  perform private.save_supplies(b.id, v_supplies);
  -- What it says of other files' contents belongs to one bill only.
  if not private.find_original(b, m) and not private.find_bill_of_page(b, m) then
    perform private.find_pages(b, m);
  end if;
  -- What its pages said has gone with its old supplies.
  update public.bills p set due_at = clock_timestamp(), attempts = 0, backlog = true
   where p.page_of = b.id and v_again and p.confirmed_at is null and p.due_at is null
     and exists (select from public.whatsapp_messages w where w.id = p.message_id and w.media_state = 'stored');
  if private.counts_as_bill(m) then
    if not v_counted then
      perform private.mark_bill(m.conversation_id, m.created_at);
    end if;
  elsif v_counted then
    perform private.unmark_bill(m.conversation_id, not b.backlog);
  end if;
end
$$;
comment on function private.take_reading is
  'What was read of a file becomes what is known of it; whether it is a repeat or a page; and whether a bill has come.';
revoke execute on function private.take_reading from public;

create or replace function private.unmark_bill(p_conversation_id bigint, p_ask_again boolean) returns void
language plpgsql set search_path = '' as $$
begin
  -- What staff marked stays marked.
  update public.conversations set bill_at = null
   where id = p_conversation_id and bill_at is not null and bill_by is null and not exists (
     select from public.whatsapp_messages m
      where m.conversation_id = p_conversation_id and m.is_bill and private.counts_as_bill(m));
  if not found then
    return;
  end if;
  if p_ask_again then
    perform private.restore_asks(p_conversation_id, private.open_days_ago(5, clock_timestamp()));
  end if;
  perform private.refresh_customer(p_conversation_id);
end
$$;
comment on function private.unmark_bill is
  'A file turned out to be no bill: if no other one of the customer''s counts, none has come. p_ask_again: an ask that was withdrawn for it returns, if its call is not older than five open days.';
revoke execute on function private.unmark_bill from public;

create or replace function private.what_is_due(s public.whatsapp_sender, p private.pending) returns jsonb
language plpgsql stable set search_path = '' as $$
begin
  return jsonb_build_object(
    'outbox', coalesce(
      (s.paused_at is null and greatest(p.queued_due_at, s.next_send_at) <= now() and p.queued_due_at is not null)
      or p.chore_due_at <= now() or s.probe_at <= now()
      -- Evidence for unknown outcomes may be in Wasender's log, if that can be read.
      or (s.log_due_at <= now() and s.log_ok_at > now() - interval '1 day' and p.unknown_at > now() - interval '1 day'),
      false),
    'media', coalesce(p.media_due_at <= now() or s.sweep_at <= now(), false),
    'history', coalesce(s.reconcile_due_at <= now(), false),
    'bills', coalesce(p.bill_due_at <= now(), false));
end
$$;
comment on function private.what_is_due is
  'Of what works after an answer: { outbox, media, history }, and in a function of its own, bills.';
revoke execute on function private.what_is_due from public;

create or replace function public.act_on_bill(
  p_action text, p_message_id bigint, p_of bigint default null, p_supplies jsonb default null
) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_who text := private.require_staff();
  m public.whatsapp_messages;
  b public.bills;
  v_from text;
  v_counted boolean;
  v_annual numeric;
  v_problem text;
begin
  perform private.lock_customers('{}', array(select conversation_id from public.whatsapp_messages where id = p_message_id));
  select * into m from public.whatsapp_messages where id = p_message_id and is_bill and media_state is not null for update;
  if m.id is null then
    return jsonb_build_object('error', 'not_found');
  end if;
  if p_action not in ('bill_confirm', 'bill_correct', 'bill_page', 'bill_reject') then
    raise invalid_parameter_value using message = 'unknown action';
  end if;
  v_counted := private.counts_as_bill(m);
  v_annual := private.annual_consumption(m.conversation_id);
  select * into b from public.bills where message_id = m.id for update;
  if p_action = 'bill_confirm' and (b.id is null or b.state = 'waiting') then
    return jsonb_build_object('error', 'not_possible', 'status', coalesce(b.state, m.media_state));
  end if;
  if b.id is null then
    -- It could not be fetched, and staff have seen it elsewhere.
    insert into public.bills (message_id) values (m.id) returning * into b;
  end if;
  v_from := b.state;
  v_problem := case p_action
    when 'bill_correct' then private.correct_bill(b, p_supplies, v_who)
    when 'bill_page' then private.say_page(b, m, p_of)
    when 'bill_reject' then private.reject_bill(b) end;
  if v_problem is not null then
    if b.reader_version is null and b.due_at is null and b.state = 'waiting' then
      delete from public.bills where id = b.id;
    end if;
    return jsonb_build_object('error', 'not_possible', 'status', v_problem);
  end if;
  update public.bills set confirmed_at = clock_timestamp(), confirmed_by = v_who, due_at = null, lease_token = null
   where id = b.id
  returning * into b;
  -- A repeat is what it repeats.
  update public.bills set state = b.state, kind = b.kind, reason = b.reason, due_at = null, lease_token = null
   where duplicate_of = b.id and confirmed_at is null;
  perform private.fill_annual_consumption(m.conversation_id, v_annual);
  if not private.counts_as_bill(m) then
    perform private.unmark_bill(m.conversation_id, not b.backlog);
  elsif not v_counted then
    perform private.mark_bill(m.conversation_id, clock_timestamp());
  end if;
  insert into public.staff_actions (who, action, conversation_id, message_id, from_status, to_status)
  values (v_who, p_action, m.conversation_id, m.id, v_from, b.state);
  return jsonb_build_object('bill', private.feed_bill(m));
end
$$;
comment on function public.act_on_bill is
  'bill_confirm (what was read is right), bill_correct (p_supplies, as lib/bills/bill.ts has them, replace it), bill_page (it is a page of the bill of message p_of), bill_reject (it is no electricity bill). Returns { bill } or { error: not_found | not_possible, status }.';
revoke execute on function public.act_on_bill from public, anon, authenticated, service_role;
grant execute on function public.act_on_bill to authenticated, service_role;

create or replace function public.bills_due() returns boolean
language plpgsql stable security definer set search_path = '' as $$
begin
  perform private.authorize();
  return exists (select from public.bills where due_at <= now());
end
$$;
comment on function public.bills_due is
  'Whether a bill file is to be read now. What the clock asks before it rings POST /api/read-bills.';
revoke execute on function public.bills_due from public, anon, authenticated, service_role;
grant execute on function public.bills_due to anon, service_role;

create or replace function public.claim_bill(p_lease_ms integer, p_most_readers integer) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  b public.bills;
  m public.whatsapp_messages;
begin
  perform private.authorize();
  -- One at a time decides: each would count the readers before the other's claim.
  perform pg_catalog.pg_advisory_xact_lock(hashtextextended('claim_bill', 0));
  -- The function that read it died, twice: the file itself is the cause.
  perform private.give_up_bill(id) from public.bills where due_at <= now() and attempts >= 2;
  if (select count(*) from public.bills where lease_token is not null and due_at > now()) >= p_most_readers then
    return jsonb_build_object('bill', null);
  end if;
  -- What ended a reader by force comes last.
  select * into b from public.bills where due_at <= now() order by attempts, backlog, due_at, id limit 1 for update skip locked;
  if b.id is null then
    return jsonb_build_object('bill', null);
  end if;
  update public.bills set
    attempts = attempts + 1, lease_token = gen_random_uuid(), due_at = clock_timestamp() + p_lease_ms * interval '1 ms'
  where id = b.id
  returning * into b;
  select * into m from public.whatsapp_messages where id = b.message_id;
  return jsonb_build_object('bill', jsonb_build_object(
    'id', b.id, 'message_id', b.message_id, 'lease_token', b.lease_token, 'attempts', b.attempts,
    'path', m.media_path, 'mime_type', m.media_mime_type));
end
$$;
comment on function public.claim_bill is
  'Takes the next bill file that is to be read, if fewer than p_most_readers read. Returns { bill: { id, message_id, lease_token, attempts, path, mime_type } | null }; path is null if the file was deleted.';
revoke execute on function public.claim_bill from public, anon, authenticated, service_role;
grant execute on function public.claim_bill to anon, service_role;

create or replace function public.export_bills() returns jsonb
language plpgsql stable security definer set search_path = '' as $$
begin
  perform private.require_staff();
  return coalesce((
    select jsonb_agg(jsonb_build_object(
      'phone_number', private.phone_of(m.conversation_id), 'name', c.name, 'received_at', coalesce(m.message_at, m.created_at),
      'file_name', coalesce(m.media ->> 'fileName', m.media ->> 'title'), 'bill', to_jsonb(b), 'supply', to_jsonb(s))
      order by m.id desc, s.id)
    from (select * from public.bills order by message_id desc limit 20000) b
    join public.whatsapp_messages m on m.id = b.message_id
    join public.conversations c on c.id = m.conversation_id
    left join public.bill_supplies s on s.bill_id = b.id), '[]');
end
$$;
comment on function public.export_bills is
  'All bill files and what they say for a spreadsheet, one row a supply, newest first, at most 20,000 files.';
revoke execute on function public.export_bills from public, anon, authenticated, service_role;
grant execute on function public.export_bills to authenticated, service_role;

create or replace function public.export_conversations(
  p_state text default null, p_q text default null, p_objection boolean default null, p_undelivered boolean default null
) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
begin
  perform private.require_staff();
  return coalesce((
    select jsonb_agg(jsonb_build_object(
      'phone_number', private.phone_of(c.id), 'name', c.name, 'state', c.state, 'last_at', c.last_at, 'unread', c.unread,
      'objected_at', c.objected_at, 'objection_reason', c.objection_reason, 'bill_at', c.bill_at, 'bill_by', c.bill_by,
      'bills', coalesce((
        select jsonb_agg(jsonb_build_object('supplier', s.supplier, 'pod', s.pod, 'period_from', s.period_from, 'period_to', s.period_to,
            'kwh', s.kwh, 'power_kw', s.power_kw, 'confirmed', b.confirmed_at is not null) order by m.id desc, s.id)
          from public.whatsapp_messages m join public.bills b on b.message_id = m.id join public.bill_supplies s on s.bill_id = b.id
         where m.conversation_id = c.id and m.is_bill and m.media_state is not null), '[]'),
      'last_text', (select left(l.text, 500) from public.whatsapp_messages l where l.id = c.last_message_id),
      'last_call_at', (select coalesce(k.call_end_time, k.call_start_time, k.created_at) from public.cloudtalk_calls k
                        where k.conversation_id = c.id order by k.id desc limit 1),
      'company_name', (select k.company_name from public.cloudtalk_calls k
                        where k.conversation_id = c.id and k.company_name is not null order by k.id desc limit 1)))
    from private.find_conversations(p_state, p_q, null, 20000, p_objection, p_undelivered) c), '[]');
end
$$;
comment on function public.export_conversations is
  'The list by state and search for a spreadsheet, newest first, at most 20,000.';
revoke execute on function public.export_conversations from public, anon, authenticated, service_role;
grant execute on function public.export_conversations to authenticated, service_role;

create or replace function public.forget_media(p_message_ids bigint[]) returns void
language plpgsql security definer set search_path = '' as $$
begin
  perform private.authorize();
  perform private.lock_customers('{}', array(select conversation_id from public.whatsapp_messages where id = any (p_message_ids)));
  -- What would lead to them at WhatsApp goes as well.
  perform private.forget_media_keys(webhook_request_id, array_agg(media))
     from public.whatsapp_messages
    where id = any (p_message_ids) and media_state = 'stored' and webhook_request_id is not null
    group by webhook_request_id;
  perform private.forget_quotes(p_message_ids);
  update public.whatsapp_messages set
    media_state = 'deleted', media_path = null, media_thumb_path = null, media_sha256 = null,
    media = media - array['url', 'directPath', 'mediaKey', 'fileSha256', 'fileEncSha256', 'jpegThumbnail']
  where id = any (p_message_ids) and media_state = 'stored';
end
$$;
comment on function public.forget_media is
  'The files of these messages were deleted.';
revoke execute on function public.forget_media from public, anon, authenticated, service_role;
grant execute on function public.forget_media to anon, service_role;

create or replace function public.outbox_due() returns boolean
language plpgsql stable security definer set search_path = '' as $$
declare
  s public.whatsapp_sender;
begin
  perform private.authorize();
  select * into s from public.whatsapp_sender;
  return (private.what_is_due(s, private.read_pending()) - 'bills') @? '$.* ? (@ == true)';
end
$$;
comment on function public.outbox_due is
  'Whether background work has something to do now. What the clock asks before it rings.';
revoke execute on function public.outbox_due from public, anon, authenticated, service_role;
grant execute on function public.outbox_due to anon, service_role;

create or replace function public.read_bills(p_limit integer, p_before bigint default null) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  v_limit integer := least(greatest(p_limit, 1), 200);
  v_rows public.whatsapp_messages[];
begin
  perform private.require_staff();
  v_rows := array(
    select m from public.bills b join public.whatsapp_messages m on m.id = b.message_id
     where b.confirmed_at is null and b.page_of is null and b.duplicate_of is null and b.state in ('read', 'needs_eyes', 'failed')
       and m.media_state = 'stored' and (p_before is null or b.message_id < p_before)
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

create or replace function public.reread_bills(p_reader_version integer) returns integer
language plpgsql security definer set search_path = '' as $$
declare
  v_count integer;
begin
  perform private.authorize();
  update public.bills b set due_at = clock_timestamp() + o.place * interval '1 microsecond', attempts = 0, backlog = true
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

create or replace function public.settle_bill(
  p_bill_id bigint, p_lease_token uuid, p_reading jsonb, p_reader_version integer default null, p_retry_ms integer default null
) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  b public.bills;
  m public.whatsapp_messages;
  v_by_force boolean := p_reading ->> 'reason' in ('took_too_long', 'too_much_memory', 'crashed');
begin
  perform private.authorize();
  perform private.lock_customers('{}', array(
    select w.conversation_id from public.bills x join public.whatsapp_messages w on w.id = x.message_id where x.id = p_bill_id));
  select * into b from public.bills where id = p_bill_id for update;
  -- Erased, or staff have acted, or the lease is over and another function has it.
  if b.id is null or b.confirmed_at is not null or b.lease_token is distinct from p_lease_token then
    return jsonb_build_object('settled', false);
  end if;
  if p_reading is null then
    -- It could not be had: that is no attempt of reading it.
    update public.bills set
      attempts = attempts - 1, lease_token = null, due_at = clock_timestamp() + p_retry_ms * interval '1 ms'
    where id = b.id;
    return jsonb_build_object('settled', true, 'state', b.state);
  elsif v_by_force and b.attempts < 2 then
    update public.bills set lease_token = null, due_at = clock_timestamp() where id = b.id;
    return jsonb_build_object('settled', true, 'state', b.state);
  elsif v_by_force and b.state <> 'waiting' then
    -- A newer reader hangs where an older one did not.
    update public.bills set lease_token = null, due_at = null, reader_version = p_reader_version where id = b.id;
    return jsonb_build_object('settled', true, 'state', b.state);
  end if;
  perform private.take_reading(b, p_reading, p_reader_version);
  select * into b from public.bills where id = b.id;
  return jsonb_build_object('settled', true, 'state', b.state);
end
$$;
comment on function public.settle_bill is
  'Says what became of a claim: a reading (lib/bills/bill.ts), or null and in how many milliseconds to try again because the file could not be had. What ended its reader by force waits at the end of the queue for a second time. Returns { settled, state }.';
revoke execute on function public.settle_bill from public, anon, authenticated, service_role;
grant execute on function public.settle_bill to anon, service_role;

create or replace function public.start_erasure(p_phone_number text) returns bigint
language plpgsql security definer set search_path = '' as $$
declare
  v_customer bigint;
  v_id bigint;
begin
  perform private.authorize();
  if p_phone_number !~ '^\+[1-9][0-9]{5,14}$' then
    raise invalid_parameter_value using message = 'p_phone_number must be E.164';
  end if;
  v_customer := private.customer_of(p_phone_number);
  insert into private.erasures as known (phone_number, addresses, message_ids, call_ids, names, paths)
  values (
    p_phone_number,
    private.addresses_of(p_phone_number),
    array(
      select distinct i from public.whatsapp_messages m, unnest(array[m.whatsapp_id, m.wasender_id]) i
       where m.conversation_id = v_customer and i is not null),
    array(
      select distinct i from public.cloudtalk_calls k, unnest(array[k.call_uuid, k.call_id, k.cdr_id]) i
       where k.conversation_id = v_customer and i is not null),
    array(
      select name from public.conversations where id = v_customer and name is not null
      union select contact_name from public.whatsapp_messages where conversation_id = v_customer and contact_name is not null
      union select n from public.cloudtalk_calls k, unnest(array[k.contact_name, k.customer_name, k.company_name]) n
             where k.conversation_id = v_customer and n is not null
      union select s.holder from public.whatsapp_messages m join public.bills b on b.message_id = m.id
              join public.bill_supplies s on s.bill_id = b.id
             where m.conversation_id = v_customer and s.holder is not null),
    array(
      select p from public.whatsapp_messages m, unnest(array[m.media_path, m.media_thumb_path]) p
       where m.conversation_id = v_customer and p is not null))
  -- It was begun before: what was known then is looked for as well, and what is new also in what was looked through.
  on conflict (phone_number) do update set
    addresses = array(select unnest(known.addresses) union select unnest(excluded.addresses)),
    message_ids = array(select unnest(known.message_ids) union select unnest(excluded.message_ids)),
    call_ids = array(select unnest(known.call_ids) union select unnest(excluded.call_ids)),
    names = array(select unnest(known.names) union select unnest(excluded.names)),
    paths = array(select unnest(known.paths) union select unnest(excluded.paths)),
    scanned = case when excluded.addresses <@ known.addresses then known.scanned else '{}' end
  returning id into v_id;
  return v_id;
end
$$;
comment on function public.start_erasure is
  'Begins (or goes on with) the erasure of the customer who has this number, and returns its id. Then erase_customer, erase_mentions until it is done, the files, finish_erasure: each can be repeated.';
revoke execute on function public.start_erasure from public, anon, authenticated, service_role;
grant execute on function public.start_erasure to anon, service_role;

alter table public.bills add constraint bills_message_id_fkey
  foreign key (message_id) references public.whatsapp_messages (id) on delete cascade;

alter table public.bill_supplies add constraint bill_supplies_bill_id_fkey
  foreign key (bill_id) references public.bills (id) on delete cascade;

alter table public.bills add constraint bills_duplicate_of_fkey
  foreign key (duplicate_of) references public.bills (id) on delete set null;

alter table public.bills add constraint bills_page_of_fkey
  foreign key (page_of) references public.bills (id) on delete set null;

alter table public.staff_actions
  add constraint "staff_actions_action_check"
    check
    ((action = ANY (ARRAY['retry'::text, 'resend'::text, 'give_up'::text, 'cancel'::text, 'pause'::text, 'resume'::text,
    'reply'::text,
    'bill_set'::text,
    'bill_unset'::text,
    'objection_set'::text,
    'objection_lift'::text,
    'objection_none'::text, 'bill_confirm'::text, 'bill_correct'::text, 'bill_page'::text, 'bill_reject'::text])));

create trigger bills_changed after insert or update of state, kind, page_of, duplicate_of, confirmed_at, reader_version on public.bills
  for each row execute function private.bill_changed();

create trigger whatsapp_messages_bill_inserted after insert on public.whatsapp_messages
  for each row when (new.is_bill and new.media_state is not null)
  execute function private.bill_came();

create trigger whatsapp_messages_bill_updated after update on public.whatsapp_messages
  for each row when (new.is_bill and new.media_state in ('pending', 'stored') and old.media_state is distinct from new.media_state)
  execute function private.bill_came();

comment on column public.conversations."bill_at" is 'When a file came that is a bill, or may be one and waits; or when staff said that the bill has come.';

comment on type private.pending is 'What waits: how many messages are queued; when the first of them can go, when the first of the files, of the chores and of the bills is due; when the last message became unknown. And the sender''s lights: see private.with_lights.';

-- Files that were there before are read after what comes now, newest first.
insert into public.bills (message_id, backlog, due_at)
select id, true, now() + row_number() over (order by id desc) * interval '1 microsecond'
  from public.whatsapp_messages
 where is_bill and media_state = 'stored';

reset check_function_bodies;

reset lock_timeout;
