create or replace function public.erase_mentions(p_id bigint, p_limit integer) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_until timestamptz := clock_timestamp() + interval '1 second';
  e private.erasures;
  v_table text;
  v_ids bigint[];
  v_looked integer;
  v_all integer := 0;
  r record;
begin
  perform private.authorize();
  select * into e from private.erasures where id = p_id for update;
  foreach v_table in array array['webhook_requests', 'cloudtalk_calls', 'whatsapp_queue'] loop
    continue when to_regclass('public.' || v_table) is null;
    v_ids := '{}';
    v_looked := 0;
    -- However large the rows are, and however slow the machine: it stops in time for the shortest of Supabase's limits.
    for r in execute private.mentions_query(v_table, e)
      using coalesce((e.scanned ->> v_table)::bigint, 0), p_limit, e.message_ids || e.call_ids
    loop
      v_looked := v_looked + 1;
      if r.found then v_ids := v_ids || r.id; end if;
      exit when clock_timestamp() > v_until;
    end loop;
    v_all := v_all + v_looked;
    if v_looked > 0 then
      perform private.erase_rows(e, v_table, v_ids);
      update private.erasures set scanned = scanned || jsonb_build_object(v_table, r.id) where id = p_id;
    end if;
    if v_looked = p_limit or clock_timestamp() > v_until then
      return jsonb_build_object('done', false, 'looked', v_all);
    end if;
  end loop;
  return jsonb_build_object('done', true, 'looked', v_all);
end
$$;
comment on function public.erase_mentions is
  'Erases what mentions a customer among the next p_limit rows that belong to no customer: stored webhooks, calls without a customer, the previous system''s queue. Works for a second at most. Returns { done, looked }: looked at so many rows.';
revoke execute on function public.erase_mentions from public, anon, authenticated, service_role;
grant execute on function public.erase_mentions to anon, service_role;
