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
