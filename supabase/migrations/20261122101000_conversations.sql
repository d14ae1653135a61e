-- Who the staff are, what they do by hand, and one row for each customer that the monitor lists.

create table if not exists public.staff (
  user_id uuid primary key,
  name text not null check (btrim(name) <> ''),
  added_at timestamptz not null default now()
);
comment on table public.staff is
  'Who may sign in to the monitor: accounts of Supabase Auth that are listed here, with the name that colleagues see.';
do $$
begin
  -- Every Supabase project has auth.users; a bare PostgreSQL has not.
  if to_regclass('auth.users') is not null
     and not exists (select from pg_constraint where conname = 'staff_user_id_fkey') then
    alter table public.staff add constraint staff_user_id_fkey
      foreign key (user_id) references auth.users (id) on delete cascade;
  end if;
end
$$;

create table if not exists public.conversations (
  id bigint generated always as identity primary key,
  phone_number text unique check (phone_number ~ '^\+[1-9][0-9]{5,14}$'),
  lid text check (lid ~ '^[0-9]+@lid$'),
  name text,
  state text not null default 'none' check (state in ('none', 'waiting', 'answered', 'bill', 'error', 'check')),
  last_message_id bigint references public.whatsapp_messages (id) on delete set null,
  last_at timestamptz not null default clock_timestamp(),
  unread integer not null default 0 check (unread >= 0),
  seen_message_id bigint not null default 0,
  bill_at timestamptz,
  bill_by text,
  merged_into bigint references public.conversations (id) on delete cascade,
  updated_at timestamptz not null default clock_timestamp(),
  changed_xid xid8 not null default pg_current_xact_id(),
  constraint conversations_party_check check (phone_number is not null or lid is not null),
  constraint conversations_merged_check check (merged_into <> id)
);
create unique index if not exists conversations_lid_key
  on public.conversations (lid) where phone_number is null and merged_into is null;
create index if not exists conversations_last_idx
  on public.conversations (last_at desc, id desc) where merged_into is null;
create index if not exists conversations_state_idx
  on public.conversations (state, last_at desc, id desc) where merged_into is null;
create index if not exists conversations_changed_idx on public.conversations (changed_xid, id);
create index if not exists conversations_last_message_id_idx on public.conversations (last_message_id);
create index if not exists conversations_merged_into_idx
  on public.conversations (merged_into) where merged_into is not null;
comment on table public.conversations is
  'One row for each customer, derived from the calls and messages by triggers; only seen_message_id and the bill set by hand are its own.';
comment on column public.conversations.state is
  'What is owed: waiting (asked), answered, bill (received), error (the last message failed), check (nobody knows whether one was sent), none (never asked).';
comment on column public.conversations.seen_message_id is 'Staff has seen the messages up to this one.';
comment on column public.conversations.merged_into is 'A customer known by LID who turned out to be this one.';

create or replace trigger conversations_touch before update on public.conversations
  for each row execute function private.touch();

create table if not exists public.staff_actions (
  id bigint generated always as identity primary key,
  at timestamptz not null default clock_timestamp(),
  who text not null,
  action text not null check (action in
    ('retry', 'resend', 'give_up', 'cancel', 'pause', 'resume', 'reply', 'bill_set', 'bill_unset')),
  conversation_id bigint references public.conversations (id) on delete cascade,
  message_id bigint references public.whatsapp_messages (id) on delete set null,
  from_status text,
  to_status text
);
create index if not exists staff_actions_conversation_id_idx on public.staff_actions (conversation_id, id desc);
create index if not exists staff_actions_message_id_idx on public.staff_actions (message_id);
comment on table public.staff_actions is 'What staff did by hand: who, when, and what it changed.';

create or replace function private.refresh_conversation(p_phone_number text, p_lid text) returns void
language plpgsql set search_path = '' as $$
declare
  c public.conversations;
  l public.whatsapp_messages;
  v_name text;
  v_last_call timestamptz;
  v_unread integer;
  v_state text;
begin
  if p_phone_number is not null then
    select * into c from public.conversations where phone_number = p_phone_number for update;
    if c.id is null then
      insert into public.conversations (phone_number) values (p_phone_number) on conflict (phone_number) do nothing;
      select * into c from public.conversations where phone_number = p_phone_number for update;
    end if;
    select * into l from public.whatsapp_messages where phone_number = p_phone_number order by id desc limit 1;
    select created_at into v_last_call from public.cloudtalk_calls where phone_number = p_phone_number order by id desc limit 1;
    select coalesce(k.contact_name, k.customer_name, k.company_name) into v_name
      from public.cloudtalk_calls k
     where k.phone_number = p_phone_number and coalesce(k.contact_name, k.customer_name, k.company_name) is not null
     order by k.id desc limit 1;
    if v_name is null then
      select contact_name into v_name from public.whatsapp_messages
       where phone_number = p_phone_number and contact_name is not null order by id desc limit 1;
    end if;
    select count(*) into v_unread from public.whatsapp_messages
     where phone_number = p_phone_number and direction = 'incoming' and id > c.seen_message_id;
    v_state := case
      when c.bill_at is not null then 'bill'
      when exists (select from public.whatsapp_messages where phone_number = p_phone_number and status = 'unknown') then 'check'
      when l.direction = 'outgoing' and l.status = 'failed' then 'error'
      when exists (select from public.whatsapp_messages where phone_number = p_phone_number and direction = 'incoming')
        or exists (select from public.cloudtalk_calls where phone_number = p_phone_number and electricity_bill_received) then 'answered'
      when exists (select from public.whatsapp_messages
                    where phone_number = p_phone_number and direction = 'outgoing' and status <> 'cancelled') then 'waiting'
      else 'none' end;
  else
    select * into c from public.conversations
     where lid = p_lid and phone_number is null and merged_into is null for update;
    if c.id is null then
      insert into public.conversations (lid) values (p_lid)
      on conflict (lid) where phone_number is null and merged_into is null do nothing;
      select * into c from public.conversations
       where lid = p_lid and phone_number is null and merged_into is null for update;
    end if;
    select * into l from public.whatsapp_messages where lid = p_lid and phone_number is null order by id desc limit 1;
    select contact_name into v_name from public.whatsapp_messages
     where lid = p_lid and phone_number is null and contact_name is not null order by id desc limit 1;
    select count(*) into v_unread from public.whatsapp_messages
     where lid = p_lid and phone_number is null and direction = 'incoming' and id > c.seen_message_id;
    v_state := case when c.bill_at is not null then 'bill' else 'answered' end;
  end if;
  update public.conversations set
    name = v_name, state = v_state, unread = v_unread, last_message_id = l.id,
    last_at = coalesce(greatest(l.created_at, v_last_call), last_at)
  where id = c.id
    and (name, state, unread, last_message_id, last_at) is distinct from
        (v_name, v_state, v_unread, l.id, coalesce(greatest(l.created_at, v_last_call), last_at));
  -- The last message's own state is shown in the list too.
  if not found then
    update public.conversations set updated_at = clock_timestamp() where id = c.id;
  end if;
end
$$;
comment on function private.refresh_conversation is 'Derives a customer''s row anew from the calls and messages.';

create or replace function private.message_changed() returns trigger
language plpgsql set search_path = '' as $$
begin
  if tg_op = 'UPDATE' and old.phone_number is null and new.phone_number is not null then
    -- Its LID is resolved: that conversation becomes the number's, or goes into the one that the number has.
    update public.conversations set phone_number = new.phone_number
     where lid = old.lid and phone_number is null and merged_into is null
       and not exists (select from public.conversations where phone_number = new.phone_number);
    update public.conversations set merged_into = (select id from public.conversations where phone_number = new.phone_number)
     where lid = old.lid and phone_number is null and merged_into is null;
  end if;
  perform private.refresh_conversation(new.phone_number, new.lid);
  return null;
end
$$;
create or replace trigger whatsapp_messages_conversation
  after insert or update of phone_number, status, contact_name, text, type on public.whatsapp_messages
  for each row execute function private.message_changed();

create or replace function private.call_changed() returns trigger
language plpgsql set search_path = '' as $$
begin
  perform private.refresh_conversation(new.phone_number, null);
  return null;
end
$$;
create or replace trigger cloudtalk_calls_conversation_inserted
  after insert on public.cloudtalk_calls
  for each row when (new.phone_number is not null) execute function private.call_changed();
create or replace trigger cloudtalk_calls_conversation_updated
  after update on public.cloudtalk_calls
  for each row when (new.phone_number is not null and
    (old.phone_number, old.electricity_bill_received, old.contact_name, old.customer_name, old.company_name)
    is distinct from (new.phone_number, new.electricity_bill_received, new.contact_name, new.customer_name, new.company_name))
  execute function private.call_changed();

-- Customers of calls that were here before.
do $$
begin
  perform private.refresh_conversation(p.phone_number, null)
    from (select distinct phone_number from public.cloudtalk_calls where phone_number is not null) p;
end
$$;

do $$
declare
  r text;
begin
  foreach r in array array['staff', 'conversations', 'staff_actions'] loop
    execute format('alter table public.%I enable row level security', r);
    execute format('revoke all on public.%I from anon, authenticated', r);
  end loop;
end
$$;
revoke execute on all functions in schema private from public;
