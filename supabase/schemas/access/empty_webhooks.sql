create or replace function private.empty_webhooks(p_ids bigint[], p_detail text) returns integer
language plpgsql set search_path = '' as $$
declare
  v_columns text;
  v_count integer;
begin
  -- The previous system's table has columns of its own, which hold numbers and ids as well.
  select string_agg(format('%I = null', a.attname), ', ') into v_columns
    from pg_catalog.pg_attribute a
   where a.attrelid = 'public.webhook_requests'::regclass and a.attnum > 0 and not a.attisdropped and not a.attnotnull
     and a.attname not in ('created_at', 'event_type', 'outcome_detail', 'emptied_at');
  execute format('
    update public.webhook_requests
       set %s, url = path, outcome_detail = coalesce($2, outcome_detail), emptied_at = clock_timestamp()
     where id = any ($1)', v_columns) using p_ids, p_detail;
  get diagnostics v_count = row_count;
  return v_count;
end
$$;
comment on function private.empty_webhooks is
  'Removes what stored webhooks say, and who sent them; that they came, and what became of them, stays. Returns how many.';
revoke execute on function private.empty_webhooks from public;
