create or replace function private.take_reading(b public.bills, p_reading jsonb, p_reader_version integer) returns void
language plpgsql set search_path = '' as $$
declare
  m public.whatsapp_messages;
  v_counted boolean;
  v_again boolean := b.reader_version is not null;
  v_supplies jsonb;
  v_pages jsonb;
begin
  select * into m from public.whatsapp_messages where id = b.message_id;
  v_counted := private.counts_as_bill(m);
  v_supplies := case when p_reading ->> 'kind' in ('electricity', 'both') then coalesce(p_reading -> 'supplies', '[]') else '[]' end;
  update public.bills set
    state = p_reading ->> 'state', kind = p_reading ->> 'kind', reason = p_reading ->> 'reason', reader_version = p_reader_version,
    page_of = null, duplicate_of = null, due_at = null, lease_token = null
  where id = b.id
  returning * into b;
  -- What staff say is its page stays one, and what that says.
  v_pages := (
    select jsonb_agg(jsonb_build_object('said', private.take_from_bill(id), 'message_id', message_id))
      from public.bills where page_of = b.id and confirmed_at is not null);
  update public.whatsapp_messages set media_pages = coalesce((p_reading ->> 'pages')::integer, media_pages) where id = m.id;
  perform private.save_supplies(b.id, v_supplies);
  perform private.add_to_bill(b.id, value -> 'said', (value ->> 'message_id')::bigint)
     from jsonb_array_elements(v_pages) where value -> 'said' <> 'null';
  -- What it says of other files' contents belongs to one bill only.
  if not private.find_original(b, m) and not private.find_bill_of_page(b, m) then
    perform private.find_pages(b, m);
  end if;
  -- What its other pages said has gone with its old supplies.
  update public.bills p set due_at = clock_timestamp(), attempts = 0, backlog = true
   where p.page_of = b.id and v_again and p.confirmed_at is null and p.due_at is null
     and exists (select from public.whatsapp_messages w where w.id = p.message_id and w.media_state = 'stored');
  perform private.compare_pods(m.conversation_id);
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
