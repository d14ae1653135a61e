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
