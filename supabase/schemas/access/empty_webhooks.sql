create or replace function private.empty_webhooks(p_ids bigint[], p_detail text, p_patterns text[] default null) returns integer
language plpgsql set search_path = '' as $$
declare
  v_count integer;
begin
  execute format('
    update public.webhook_requests set %s,
      path = case when path ~ any ($3) then '''' else path end,
      url = case when path ~ any ($3) then '''' else path end,
      event_type = case when event_type ~ any ($3) is not true then event_type end,
      outcome_detail = coalesce($2, outcome_detail), emptied_at = clock_timestamp()
     where id = any ($1)', private.all_null('public.webhook_requests',
       array['created_at', 'event_type', 'outcome_detail', 'emptied_at'])) using p_ids, p_detail, p_patterns;
  get diagnostics v_count = row_count;
  return v_count;
end
$$;
comment on function private.empty_webhooks is
  'Removes what stored webhooks say, and who sent them; that they came, and what became of them, stays. Returns how many.';
revoke execute on function private.empty_webhooks from public;
