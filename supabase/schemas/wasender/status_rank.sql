create or replace function private.status_rank(p_status text) returns integer
language plpgsql immutable set search_path = '' as $$
begin
  return case p_status
    when 'queued' then 0 when 'sending' then 1 when 'unknown' then 2
    when 'sent' then 3 when 'delivered' then 4 when 'read' then 5
    when 'failed' then 9 when 'cancelled' then 9
  end;
end
$$;
comment on function private.status_rank is
  'The order in which a message moves forward.';
revoke execute on function private.status_rank from public;
