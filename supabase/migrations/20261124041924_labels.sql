set check_function_bodies = off;

set lock_timeout = '5s';

alter table public.staff_actions
  drop constraint "staff_actions_action_check";

alter table public.whatsapp_messages
  add column "label" text;

alter table public.whatsapp_messages
  add column "label_date" date;

alter table public.whatsapp_messages
  add column "label_by" text;

alter type private.incoming add attribute "label" jsonb cascade;

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
        case when m.text is null then nullif(e.label, 'null') end
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
        e.objection, e.label
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
  insert into public.staff_actions (who, action, conversation_id, message_id, from_status, to_status)
  values (v_who, 'label', m.conversation_id, m.id, m.label, p_label);
  return jsonb_build_object('label', jsonb_build_object('value', p_label, 'date', p_date, 'by', 'staff'));
end
$$;
comment on function public.act_on_label is
  'Staff say what a customer''s message means, and until when a promise is. Returns { label: { value, date, by } } or { error: not_found }.';
revoke execute on function public.act_on_label from public, anon, authenticated, service_role;
grant execute on function public.act_on_label to authenticated, service_role;

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
      'label', (
        select jsonb_build_object('value', l.label, 'date', l.label_date) from public.whatsapp_messages l
         where l.conversation_id = c.id and l.direction = 'incoming' and l.label <> 'other' order by l.id desc limit 1),
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
    'bill_confirm'::text, 'bill_correct'::text, 'bill_page'::text, 'bill_reject'::text, 'label'::text])));

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

comment on column public.whatsapp_messages."label" is 'What an incoming message means for the follow-up (lib/followup/label-answer.ts); null if it has no words and staff have said nothing.';

comment on column public.whatsapp_messages."label_by" is 'rule: by its words; staff: they have said so (who and when: staff_actions).';

comment on column public.whatsapp_messages."label_date" is 'The last day (Europe/Rome) on which a promise is kept; null if none was named.';

comment on type private.incoming is 'An event of a message from a customer (lib/wasender/event.ts), and what the database knows of it: the message''s id if it is stored, whether the event says more than is stored, whether its file came with an earlier webhook; and what its words mean for automatic messages if they are new: objects, staff, or nothing; and its label, { value, date } (lib/followup/label-answer.ts), if they are new.';

reset check_function_bodies;

reset lock_timeout;
