create or replace function public.claim_chores(p_limit integer) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_messages jsonb;
  v_lids jsonb;
begin
  -- Each is handed out once until its next time, which comes later and later; a message is given up after five.
  perform private.authorize();
  with due as (
    select id from public.whatsapp_messages where info_at is not null and info_at <= now()
     order by info_at limit p_limit for update skip locked
  ), taken as (
    update public.whatsapp_messages m set
      info_attempts = m.info_attempts + 1,
      info_at = case when m.info_attempts < 4 then clock_timestamp() + interval '1 minute' * 6 ^ m.info_attempts end
    from due where due.id = m.id
    returning m.id, m.wasender_id, m.whatsapp_id
  )
  select coalesce(jsonb_agg(jsonb_build_object('id', id, 'wasender_id', wasender_id)), '[]') into v_messages
    from taken where wasender_id is not null and whatsapp_id is null;

  with due as (
    select lid from public.whatsapp_lids where phone_number is null and ask_again_at <= now()
     order by ask_again_at limit p_limit for update skip locked
  ), taken as (
    update public.whatsapp_lids l set
      attempts = l.attempts + 1, updated_at = clock_timestamp(),
      ask_again_at = clock_timestamp() + least(interval '1 day', interval '1 minute' * 4 ^ least(l.attempts, 6))
    from due where due.lid = l.lid
    returning l.lid
  )
  select coalesce(jsonb_agg(lid), '[]') into v_lids from taken;
  return jsonb_build_object('messages', v_messages, 'lids', v_lids, 'unknown', exists (
    select from public.whatsapp_messages where status = 'unknown' and updated_at > now() - interval '1 day'));
end
$$;
comment on function public.claim_chores is
  'Takes what to ask Wasender now. Returns { messages: [{ id, wasender_id }], lids: [lid], unknown }: unknown says whether a message waits for evidence.';
revoke execute on function public.claim_chores from public, anon, authenticated, service_role;
grant execute on function public.claim_chores to anon, service_role;
