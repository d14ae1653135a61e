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
