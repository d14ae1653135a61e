-- Tables that are there already get the shape that the next file gives to new ones: no row and no column's content is lost.
-- On an empty project nothing happens here.

-- ── This product's first version ────────────────────────────────────────────────────────────────────────────────────
-- Nothing it had queued was ever sent. What it derived is derived anew, by `npm run replay -- --apply`, from the webhooks and
-- calls, which stay in place; its own tables are kept in a schema of their own.
do $$
declare
  r record;
begin
  if to_regclass('public.whatsapp_messages') is null
     or exists (select from pg_attribute where attrelid = to_regclass('public.whatsapp_messages') and attname = 'conversation_id') then
    return;
  end if;
  create schema first_version;
  comment on schema first_version is 'Tables of this product''s first version, set aside; nothing reads them.';
  revoke all on schema first_version from public;
  for r in
    select c.oid::regclass as relation from pg_class c
     where c.relkind = 'r' and (c.relnamespace = to_regnamespace('private') or (c.relnamespace = 'public'::regnamespace
       and c.relname in ('whatsapp_messages', 'whatsapp_attempts', 'whatsapp_sender', 'whatsapp_lids', 'whatsapp_receipts',
                         'conversations', 'staff', 'staff_actions', 'alerts')))
  loop
    execute format('alter table %s set schema first_version', r.relation);
  end loop;
  for r in
    select p.oid::regprocedure as name from pg_proc p
     where p.pronamespace = 'public'::regnamespace and p.prosecdef and p.prosrc ~ 'private\.'
  loop
    execute format('drop function %s cascade', r.name);
  end loop;
  drop schema private cascade;
  for r in
    select n.nspname, c.relname, k.conname from pg_constraint k join pg_class c on c.oid = k.conrelid
      join pg_namespace n on n.oid = c.relnamespace
     where c.oid in ('public.webhook_requests'::regclass, 'public.cloudtalk_calls'::regclass) and k.contype in ('c', 'f')
  loop
    execute format('alter table %I.%I drop constraint %I', r.nspname, r.relname, r.conname);
  end loop;
  for r in
    select i.indexrelid::regclass as name from pg_index i
     where i.indrelid in ('public.webhook_requests'::regclass, 'public.cloudtalk_calls'::regclass) and not i.indisprimary
  loop
    execute format('drop index %s', r.name);
  end loop;
  alter table public.cloudtalk_calls rename column conversation to talked;
  alter table public.cloudtalk_calls drop column bill_files, drop column bill_received_at;
  update public.cloudtalk_calls set should_send_reason = 'nobody_talked' where should_send_reason = 'no_conversation';
end
$$;

-- ── webhook_requests ────────────────────────────────────────────────────────────────────────────────────────────────
do $$
begin
  if to_regclass('public.webhook_requests') is null then
    return;
  end if;
  alter table public.webhook_requests
    add column if not exists source text not null default 'legacy',
    add column if not exists event_type text,
    add column if not exists outcome text not null default 'legacy',
    add column if not exists outcome_detail text,
    add column if not exists emptied_at timestamptz;
  alter table public.webhook_requests
    alter column source drop default,
    alter column outcome drop default,
    alter column method set default 'POST',
    alter column path set default '',
    alter column url set default '',
    alter column "timestamp" set default now(),
    add constraint webhook_requests_source_check check (source in ('cloudtalk', 'wasender', 'reconciled', 'legacy')),
    add constraint webhook_requests_outcome_check check (outcome in ('accepted', 'duplicate', 'ignored', 'invalid', 'legacy'));
end
$$;

-- ── cloudtalk_calls ─────────────────────────────────────────────────────────────────────────────────────────────────
-- A number as the previous system stored it (+39…, 39…, 333…, with spaces) as E.164, or null. Bare national numbers are
-- Italian. It goes when its work is done, in take_over_messages.
create function public.legacy_phone_to_e164(p_raw text) returns text
language sql immutable set search_path = '' as $$
  with d as (
    select regexp_replace(coalesce(p_raw, ''), '[^0-9]', '', 'g') as digits, btrim(coalesce(p_raw, '')) ~ '^\+' as plus
  ), n as (
    select case
      when plus then digits
      when digits ~ '^00' then substr(digits, 3)
      when digits ~ '^0' then '39' || digits
      when digits ~ '^3[0-9]{8,9}$' then '39' || digits
      else digits
    end as digits
    from d
  )
  select case when digits ~ '^[1-9][0-9]{7,14}$' then '+' || digits end from n
$$;
revoke execute on function public.legacy_phone_to_e164 from public, anon, authenticated, service_role;

do $$
begin
  if to_regclass('public.cloudtalk_calls') is null then
    return;
  end if;
  alter table public.cloudtalk_calls
    add column if not exists conversation_id bigint,
    add column if not exists call_uuid text,
    add column if not exists cdr_id text,
    add column if not exists duplicate_of bigint,
    add column if not exists phone_number_raw text,
    add column if not exists talking_time integer,
    add column if not exists contact_id text,
    add column if not exists electricity_bill_received_at timestamptz,
    add column if not exists should_send_reason text,
    add column if not exists stated_should_send boolean,
    add column if not exists stated_bill_received boolean,
    add column if not exists talked boolean,
    add column if not exists erased_hash text,
    add column if not exists updated_at timestamptz;
  -- A stored webhook may be purged without taking the call with it: this key cascaded.
  alter table public.cloudtalk_calls
    alter column webhook_request_id drop not null,
    drop constraint if exists cloudtalk_calls_webhook_request_id_fkey;

  -- Numbers to E.164 with the original kept, repeats linked to the first, no unknown flags.
  update public.cloudtalk_calls
     set phone_number_raw = coalesce(phone_number_raw, phone_number),
         phone_number = public.legacy_phone_to_e164(phone_number)
   where phone_number is not null and phone_number !~ '^\+[1-9][0-9]{5,14}$';
  update public.cloudtalk_calls c
     set duplicate_of = f.first_id
    from (
      select id, min(id) over (partition by call_id) as first_id
        from public.cloudtalk_calls
       where call_id is not null and duplicate_of is null
    ) f
   where f.id = c.id and f.first_id <> c.id;
  update public.cloudtalk_calls
     set electricity_bill_received = coalesce(electricity_bill_received, false),
         should_send_reason = coalesce(should_send_reason, 'legacy'),
         created_at = coalesce(created_at, now()),
         updated_at = coalesce(updated_at, created_at, now())
   where electricity_bill_received is null or should_send_reason is null
      or created_at is null or updated_at is null;

  alter table public.cloudtalk_calls
    alter column electricity_bill_received set default false,
    alter column electricity_bill_received set not null,
    alter column should_send_reason set not null,
    alter column created_at set default now(),
    alter column created_at set not null,
    alter column updated_at set default now(),
    alter column updated_at set not null,
    add constraint cloudtalk_calls_phone_number_check check (phone_number ~ '^\+[1-9][0-9]{5,14}$'),
    add constraint cloudtalk_calls_ask_needs_number_check
      check (should_send_reason = 'legacy' or (should_send is not null and (not should_send or phone_number is not null))),
    add constraint cloudtalk_calls_duplicate_check check (duplicate_of <> id);
end
$$;

-- The previous system's queue, if there was one, is kept and closed.
do $$
begin
  if to_regclass('public.whatsapp_queue') is not null then
    alter table public.whatsapp_queue enable row level security;
    revoke all on public.whatsapp_queue from public, anon, authenticated, service_role;
  end if;
end
$$;
