create or replace function private.erase_rows(e private.erasures, p_table text, p_ids bigint[]) returns void
language plpgsql set search_path = '' as $$
begin
  case p_table
    when 'webhook_requests' then
      perform private.count_erased(e.id, 'webhooks', private.empty_webhooks(p_ids, 'erased', private.erasure_patterns(e)));
    when 'cloudtalk_calls' then
      perform private.count_erased(e.id, 'calls', private.empty_calls(p_ids, e));
    else
      -- The previous system's queue has no other use.
      execute format('delete from public.%I where id = any ($1)', p_table) using p_ids;
  end case;
end
$$;
revoke execute on function private.erase_rows from public;
