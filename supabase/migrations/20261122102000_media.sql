-- The bills: what a customer sends is fetched from WhatsApp in the background, kept in a private bucket, and counted.
--
-- The queue is the state on the message, like the outbox: pending → stored | failed. A claim moves media_due_at to the
-- end of its lease, so a file whose function died is simply due again. Running twice is safe: a file's place follows
-- from its message and its content.

alter table public.whatsapp_messages
  add column if not exists media_state text,
  add column if not exists media_error text,
  add column if not exists media_attempts integer not null default 0,
  add column if not exists media_due_at timestamptz,
  add column if not exists media_lease_token uuid,
  add column if not exists media_path text,
  add column if not exists media_thumb_path text,
  add column if not exists media_mime_type text,
  add column if not exists media_size integer,
  add column if not exists media_pages integer,
  add column if not exists media_sha256 text;
alter table public.whatsapp_messages
  drop constraint if exists whatsapp_messages_media_state_check,
  add constraint whatsapp_messages_media_state_check check (media_state in ('pending', 'stored', 'failed', 'deleted')),
  drop constraint if exists whatsapp_messages_media_check,
  add constraint whatsapp_messages_media_check check (
    case media_state
      when 'pending' then media_due_at is not null and media is not null
      when 'stored' then media_path is not null and media_mime_type is not null and media_size is not null
      when 'failed' then media_error is not null
      else media_path is null and media_thumb_path is null
    end);
create index if not exists whatsapp_messages_media_due_idx
  on public.whatsapp_messages (media_due_at) where media_state = 'pending';
create index if not exists whatsapp_messages_media_stored_idx
  on public.whatsapp_messages (created_at) where media_state = 'stored';
create index if not exists whatsapp_messages_bill_idx
  on public.whatsapp_messages (phone_number)
  where direction = 'incoming' and type in ('image', 'document') and media_state in ('stored', 'deleted');
comment on column public.whatsapp_messages.media_state is
  'The file of an incoming message: pending (to be fetched), stored, failed (media_error says why), deleted (it was stored, and its time is over).';
comment on column public.whatsapp_messages.media_error is 'A code of lib/media/media-error.ts: why it failed, or why the last attempt did.';
comment on column public.whatsapp_messages.media_due_at is
  'When it may next be fetched; while somebody is fetching it, when their lease ends.';
comment on column public.whatsapp_messages.media_path is 'Where the file is, in the bucket "bills".';
comment on column public.whatsapp_messages.media_mime_type is 'By the file''s content, not by what the sender said.';
comment on column public.whatsapp_messages.media_size is 'Bytes.';
comment on column public.whatsapp_messages.media_sha256 is 'Of the stored file, in hexadecimal.';

alter table public.cloudtalk_calls
  add column if not exists bill_received_at timestamptz,
  add column if not exists bill_files integer not null default 0;
comment on column public.cloudtalk_calls.bill_received_at is
  'When the customer''s first bill file (a photo or a document that was stored) was received.';
comment on column public.cloudtalk_calls.bill_files is 'How many bill files the customer has sent.';

alter table public.whatsapp_sender add column if not exists media_sweep_at timestamptz;
comment on column public.whatsapp_sender.media_sweep_at is
  'When files that are older than MEDIA_RETENTION_DAYS are next looked for; null where they are kept.';

-- ── The bucket ──────────────────────────────────────────────────────────────────────────────────────────────────

do $$
begin
  if to_regclass('storage.buckets') is null then
    raise notice 'There is no Supabase Storage here: files cannot be kept.';
    return;
  end if;
  -- Private, and no policy for anybody: only the service role, and the links that it signs for staff.
  execute $q$
    insert into storage.buckets (id, name, public, file_size_limit) values ('bills', 'bills', false, 20971520)
    on conflict (id) do update set public = false, file_size_limit = excluded.file_size_limit
  $q$;
end
$$;

-- ── What happens by itself ──────────────────────────────────────────────────────────────────────────────────────

create or replace function private.queue_media() returns trigger
language plpgsql set search_path = '' as $$
begin
  new.media_state := 'pending';
  new.media_due_at := clock_timestamp();
  return new;
end
$$;
-- Stickers are no bills.
create or replace trigger whatsapp_messages_media before insert or update of media, type on public.whatsapp_messages
  for each row when (new.media is not null and new.media_state is null and new.direction = 'incoming'
    and new.type in ('image', 'document', 'audio', 'video'))
  execute function private.queue_media();

create or replace function private.bill_stored() returns trigger
language plpgsql set search_path = '' as $$
begin
  -- A bill file has come, or the number behind one is known now. Staff may take the mark away again: only the next file
  -- sets it anew.
  if new.phone_number is not null then
    -- Writing the number runs the trigger that counts.
    update public.cloudtalk_calls set phone_number = phone_number, updated_at = clock_timestamp()
     where phone_number = new.phone_number;
    update public.conversations set bill_at = new.created_at where phone_number = new.phone_number and bill_at is null;
  else
    update public.conversations set bill_at = new.created_at
     where lid = new.lid and phone_number is null and merged_into is null and bill_at is null;
  end if;
  perform private.refresh_conversation(new.phone_number, new.lid);
  return null;
end
$$;
-- Triggers run in the order of their names: by now whatsapp_messages_conversation has seen to the customer's row.
create or replace trigger whatsapp_messages_stored_bill
  after update of media_state, phone_number on public.whatsapp_messages
  for each row when (new.direction = 'incoming' and new.type in ('image', 'document') and new.media_state = 'stored'
    and (old.media_state, old.phone_number) is distinct from (new.media_state, new.phone_number))
  execute function private.bill_stored();

create or replace function private.count_bills() returns trigger
language plpgsql set search_path = '' as $$
begin
  select count(*), min(created_at) into new.bill_files, new.bill_received_at
    from public.whatsapp_messages
   where phone_number = new.phone_number and direction = 'incoming' and type in ('image', 'document')
     and media_state in ('stored', 'deleted');
  return new;
end
$$;
create or replace trigger cloudtalk_calls_bills before insert or update of phone_number on public.cloudtalk_calls
  for each row execute function private.count_bills();

-- ── claim → store → settle ──────────────────────────────────────────────────────────────────────────────────────

create or replace function private.media_folder(p_phone_number text, p_lid text) returns text
language sql immutable set search_path = '' as $$
  select coalesce(substr(p_phone_number, 2), 'lid-' || split_part(p_lid, '@', 1))
$$;
comment on function private.media_folder is 'A customer''s folder in the bucket.';

create or replace function public.claim_media(p_lease_ms integer, p_max_attempts integer) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  m public.whatsapp_messages;
begin
  perform private.authorize();
  -- Whoever fetched it never came back, time after time: it may be the file itself that ends them.
  update public.whatsapp_messages set
    media_state = 'failed', media_error = coalesce(media_error, 'gave_up'), media_due_at = null, media_lease_token = null
  where id in (
    select id from public.whatsapp_messages
     where media_state = 'pending' and media_due_at <= now() and media_attempts >= p_max_attempts
     limit 100 for update skip locked);
  select * into m from public.whatsapp_messages
   where media_state = 'pending' and media_due_at <= now() and media_attempts < p_max_attempts
   order by media_due_at limit 1 for update skip locked;
  if m.id is null then
    return jsonb_build_object('message', null);
  end if;
  update public.whatsapp_messages set
    media_attempts = media_attempts + 1,
    media_lease_token = gen_random_uuid(),
    media_due_at = clock_timestamp() + p_lease_ms * interval '1 ms'
  where id = m.id
  returning * into m;
  return jsonb_build_object('message', jsonb_build_object(
    'id', m.id, 'lease_token', m.media_lease_token, 'attempts', m.media_attempts, 'type', m.type, 'media', m.media,
    'folder', private.media_folder(m.phone_number, m.lid) || '/'
      || to_char(coalesce(m.message_at, m.created_at) at time zone 'Europe/Rome', 'YYYY-MM')));
end
$$;
comment on function public.claim_media is
  'Takes the next file that is to be fetched. Returns { message: { id, lease_token, attempts, type, media, folder } | null }.';

create or replace function public.settle_media(p_message_id bigint, p_lease_token uuid, p_outcome text, p_detail jsonb) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  m public.whatsapp_messages;
  v_phone text;
begin
  perform private.authorize();
  select phone_number into v_phone from public.whatsapp_messages where id = p_message_id;
  perform private.lock_keys('customer:' || v_phone);
  select * into m from public.whatsapp_messages where id = p_message_id for update;
  -- The lease is over and somebody else has it, or the message was erased meanwhile: what was stored may have to go.
  if m.id is null or m.media_state <> 'pending' or m.media_lease_token is distinct from p_lease_token then
    return jsonb_build_object('settled', false, 'keep', m.media_state = 'pending' or m.media_path = p_detail ->> 'path');
  end if;
  if p_outcome = 'stored' then
    update public.whatsapp_messages set
      media_state = 'stored', media_error = null, media_due_at = null, media_lease_token = null,
      media_path = p_detail ->> 'path', media_thumb_path = p_detail ->> 'thumb_path',
      media_mime_type = p_detail ->> 'mime_type', media_size = (p_detail ->> 'size')::integer,
      media_pages = (p_detail ->> 'pages')::integer, media_sha256 = p_detail ->> 'sha256'
    where id = m.id;
  elsif p_outcome = 'failed' or m.media_attempts >= (p_detail ->> 'max_attempts')::integer then
    update public.whatsapp_messages set
      media_state = 'failed', media_error = p_detail ->> 'reason', media_due_at = null, media_lease_token = null
    where id = m.id;
  else
    update public.whatsapp_messages set
      media_error = p_detail ->> 'reason', media_lease_token = null,
      media_due_at = clock_timestamp() + (p_detail ->> 'retry_ms')::integer * interval '1 ms'
    where id = m.id;
  end if;
  return jsonb_build_object('settled', true, 'keep', true);
end
$$;
comment on function public.settle_media is
  'Says what became of a claim: stored, failed, or retry. Returns { settled, keep }; keep is false or null where what was uploaded belongs to no message.';

-- ── What staff see ──────────────────────────────────────────────────────────────────────────────────────────────

create or replace function public.read_media(p_message_id bigint) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  m public.whatsapp_messages;
begin
  perform private.require_staff();
  select * into m from public.whatsapp_messages where id = p_message_id and media_state is not null;
  if m.id is null then
    return jsonb_build_object('state', 'none');
  end if;
  return jsonb_strip_nulls(jsonb_build_object(
    'state', m.media_state, 'error', m.media_error, 'path', m.media_path, 'thumb_path', m.media_thumb_path,
    'mime_type', m.media_mime_type, 'file_name', coalesce(m.media ->> 'fileName', m.media ->> 'title'),
    'received_at', m.created_at));
end
$$;
comment on function public.read_media is
  'Where a message''s file is, for staff. Returns { state: none|pending|stored|failed|deleted, error, path, thumb_path, mime_type, file_name, received_at }.';

create or replace function private.feed_message(m public.whatsapp_messages) returns jsonb
language sql stable set search_path = '' as $$
  select jsonb_build_object(
    'id', m.id, 'conversation_id', private.conversation_of(m), 'direction', m.direction, 'kind', m.kind,
    'phone_number', m.phone_number, 'contact_name', m.contact_name, 'type', m.type, 'text', m.text, 'status', m.status,
    'error', m.error, 'author', m.author,
    'media', case when m.media is not null then jsonb_build_object(
      -- For whoever looks, a file that was deleted is one that cannot be had.
      'state', case m.media_state when 'deleted' then 'failed' else m.media_state end,
      'file_name', coalesce(m.media ->> 'fileName', m.media ->> 'title'),
      'mime_type', coalesce(m.media_mime_type, m.media ->> 'mimetype'),
      'size', coalesce(to_jsonb(m.media_size), m.media -> 'fileLength'),
      'pages', coalesce(to_jsonb(m.media_pages), m.media -> 'pageCount'),
      'error', case m.media_state when 'deleted' then 'deleted' else m.media_error end) end,
    'message_at', coalesce(m.message_at, m.sent_at), 'created_at', m.created_at, 'updated_at', m.updated_at, 'call_id', m.call_id)
$$;

create or replace function private.feed_bills(c public.conversations) returns jsonb
language sql stable set search_path = '' as $$
  select coalesce(jsonb_agg(jsonb_build_object(
    'id', b.id, 'type', b.type, 'at', coalesce(b.message_at, b.created_at),
    'file_name', coalesce(b.media ->> 'fileName', b.media ->> 'title'), 'size', b.media_size, 'pages', b.media_pages)
    order by b.id desc), '[]')
  from (select * from public.whatsapp_messages m
         where m.phone_number = c.phone_number and m.direction = 'incoming' and m.type in ('image', 'document')
           and m.media_state = 'stored'
         order by m.id desc limit 100) b
$$;
comment on function private.feed_bills is 'The bill files of a customer that are kept, newest first.';

-- ── What is forgotten ───────────────────────────────────────────────────────────────────────────────────────────

create or replace function public.claim_old_media(p_limit integer, p_days integer default null) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  s public.whatsapp_sender;
  v_files jsonb;
  v_count integer;
begin
  perform private.authorize();
  if p_days is null then
    update public.whatsapp_sender set media_sweep_at = null where media_sweep_at is not null;
    return '[]';
  end if;
  select * into s from public.whatsapp_sender for update;
  if s.media_sweep_at > clock_timestamp() then
    return '[]';
  end if;
  select coalesce(jsonb_agg(jsonb_build_object('id', f.id, 'paths', f.paths)), '[]'), count(*) into v_files, v_count
    from (select id, array_remove(array[media_path, media_thumb_path], null) as paths
            from public.whatsapp_messages
           where media_state = 'stored' and created_at < now() - p_days * interval '1 day'
           order by created_at limit p_limit) f;
  -- A full batch may have left some. A minute is enough to delete it in.
  update public.whatsapp_sender set
    media_sweep_at = clock_timestamp() + case when v_count < p_limit then interval '1 hour' else interval '1 minute' end;
  return v_files;
end
$$;
comment on function public.claim_old_media is
  'Files received more than p_days ago, at most p_limit and once an hour: [{ id, paths }]. Null days: none, ever.';

create or replace function public.forget_media(p_message_ids bigint[]) returns void
language plpgsql security definer set search_path = '' as $$
begin
  -- The files are gone. What would lead to them at WhatsApp goes as well.
  perform private.authorize();
  update public.whatsapp_messages set
    media_state = 'deleted', media_path = null, media_thumb_path = null, media_sha256 = null,
    media = media - array['url', 'directPath', 'mediaKey', 'fileSha256', 'fileEncSha256']
  where id = any (p_message_ids) and media_state = 'stored';
end
$$;
comment on function public.forget_media is 'The files of these messages were deleted.';

create table if not exists private.erased_messages (
  message_id text primary key,
  erased_at timestamptz not null default now()
);
comment on table private.erased_messages is
  'The ids at WhatsApp and Wasender of messages that were erased: a late webhook, or Wasender''s log, must not bring them back. Nothing else of them is kept.';

create or replace function private.was_erased(p_event jsonb) returns boolean
language sql stable set search_path = '' as $$
  select exists (select from private.erased_messages
                  where message_id in (p_event ->> 'whatsapp_id', p_event ->> 'wasender_id'))
$$;

create or replace function private.without_content(p_request jsonb) returns jsonb
language sql immutable set search_path = '' as $$
  select p_request - array['headers', 'query', 'body', 'raw_body', 'ip_address', 'user_agent']
    || jsonb_build_object('url', p_request ->> 'path')
$$;
comment on function private.without_content is 'A received webhook without what it says: for one that tells of an erased customer.';

create or replace function private.refuse_erased() returns trigger
language plpgsql set search_path = '' as $$
begin
  -- Wasender's log tells of them too.
  if exists (select from private.erased_messages where message_id in (new.whatsapp_id, new.wasender_id)) then
    return null;
  end if;
  return new;
end
$$;
create or replace trigger whatsapp_messages_erased before insert on public.whatsapp_messages
  for each row when (new.whatsapp_id is not null or new.wasender_id is not null)
  execute function private.refuse_erased();

create or replace function public.customer_files(p_phone_number text) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
begin
  perform private.authorize();
  return jsonb_build_object(
    'folders', (
      select jsonb_agg(folder) from (
        select private.media_folder(p_phone_number, null) as folder
        union select private.media_folder(null, lid) from public.whatsapp_lids where phone_number = p_phone_number
        union select private.media_folder(null, lid) from public.whatsapp_messages
               where phone_number = p_phone_number and direction = 'incoming' and lid is not null) f),
    'paths', coalesce((
      select jsonb_agg(path) from public.whatsapp_messages m, unnest(array[m.media_path, m.media_thumb_path]) as path
       where m.phone_number = p_phone_number and path is not null), '[]'));
end
$$;
comment on function public.customer_files is 'Where a customer''s files are: { folders, paths }.';

create or replace function public.erase_customer(p_phone_number text) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_digits text := substr(p_phone_number, 2);
  v_number text;
  v_files jsonb;
  v_lids text[];
  v_message_ids bigint[];
  v_ids text[];
  v_requests bigint[];
  v_marks text[];
  v_messages integer;
  v_calls integer;
  v_webhooks integer;
  v_conversations integer;
begin
  perform private.authorize();
  if p_phone_number !~ '^\+[1-9][0-9]{5,14}$' then
    raise invalid_parameter_value using message = 'p_phone_number must be E.164';
  end if;
  perform private.lock_keys('customer:' || p_phone_number);
  v_files := public.customer_files(p_phone_number);

  select coalesce(array_agg(distinct lid), '{}') into v_lids from (
    select lid from public.whatsapp_lids where phone_number = p_phone_number
    union select lid from public.whatsapp_messages where phone_number = p_phone_number and lid is not null) l;
  select coalesce(array_agg(id), '{}'), coalesce(array_agg(webhook_request_id) filter (where webhook_request_id is not null), '{}')
    into v_message_ids, v_requests
    from public.whatsapp_messages
   where phone_number = p_phone_number or (phone_number is null and lid = any (v_lids));
  select coalesce(array_agg(i), '{}') into v_ids
    from public.whatsapp_messages m, unnest(array[m.whatsapp_id, m.wasender_id]) as i
   where m.id = any (v_message_ids) and i is not null;
  select v_requests || coalesce(array_agg(webhook_request_id) filter (where webhook_request_id is not null), '{}')
    into v_requests from public.cloudtalk_calls where phone_number = p_phone_number;

  insert into private.erased_messages (message_id) select unnest(v_ids) on conflict do nothing;
  delete from public.whatsapp_receipts where whatsapp_id = any (v_ids) or wasender_id = any (v_ids);
  delete from public.conversations
   where phone_number = p_phone_number or (phone_number is null and lid = any (v_lids));
  get diagnostics v_conversations = row_count;
  delete from public.whatsapp_messages where id = any (v_message_ids);
  get diagnostics v_messages = row_count;
  delete from public.whatsapp_lids where lid = any (v_lids);

  -- The call itself stays, for the statistics, and so that CloudTalk's telling of it again does not bring it back.
  update public.cloudtalk_calls set
    phone_number = null, phone_number_raw = null, customer_name = null, contact_id = null, contact_name = null,
    company_name = null, recording_url = null, transcript = null, call_outcome = null, reason = null, raw_data = null,
    ateco_code = null, ateco_eligible = null, interest_confirmed = null, annual_consumption_kwh = null,
    should_send = false, should_send_reason = 'erased', updated_at = clock_timestamp()
  where phone_number = p_phone_number
     or duplicate_of in (select id from public.cloudtalk_calls where phone_number = p_phone_number);
  get diagnostics v_calls = row_count;

  -- Webhooks that were about this customer, or mention the number as digits, with or without prefix and separators.
  v_number := '(^|[^0-9])' || case
    when v_digits like '39%' and length(v_digits) >= 8
      then '(0{0,2}39[^0-9a-zA-Z"]{0,3})?' || regexp_replace(substr(v_digits, 3), '(\d)(?!$)', '\1[^0-9a-zA-Z"]{0,3}', 'g')
    else regexp_replace(v_digits, '(\d)(?!$)', '\1[^0-9a-zA-Z"]{0,3}', 'g')
  end || '($|[^0-9])';
  select array_agg('%' || replace(replace(replace(mark, '\', '\\'), '%', '\%'), '_', '\_') || '%') into v_marks
    from unnest(v_lids || array(select i from unnest(v_ids) i where length(i) >= 12)) as mark;
  update public.webhook_requests w set
    headers = null, query = null, body = null, raw_body = null, url = w.path, ip_address = null, user_agent = null,
    outcome_detail = 'erased'
  where w.id = any (v_requests)
     or concat_ws(' ', w.url, w.body, w.raw_body) ~ v_number
     or concat_ws(' ', w.url, w.body, w.raw_body) like any (v_marks);
  get diagnostics v_webhooks = row_count;

  return jsonb_build_object('messages', v_messages, 'conversations', v_conversations, 'calls', v_calls,
    'webhooks', v_webhooks, 'files', v_files);
end
$$;
comment on function public.erase_customer is
  'Removes a customer: messages, conversation, personal fields of the calls, and the content of webhooks. Returns { messages, conversations, calls, webhooks, files: { folders, paths } }; the files are still to be removed.';

revoke all on private.erased_messages from public;
revoke execute on all functions in schema private from public;
revoke execute on function public.claim_media, public.settle_media, public.read_media,
  public.claim_old_media, public.forget_media, public.customer_files, public.erase_customer from public, anon, authenticated;
grant execute on function public.claim_media, public.settle_media, public.read_media,
  public.claim_old_media, public.forget_media, public.customer_files, public.erase_customer to service_role;
grant execute on function public.read_media to authenticated;
