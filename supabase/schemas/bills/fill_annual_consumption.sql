create or replace function private.fill_annual_consumption(p_conversation_id bigint, p_before numeric) returns void
language plpgsql set search_path = '' as $$
declare
  v_annual numeric := private.annual_consumption(p_conversation_id);
begin
  -- What CloudTalk gave stays; what was filled in before changes with the bills.
  update public.cloudtalk_calls set annual_consumption_kwh = round(v_annual), updated_at = clock_timestamp()
   where conversation_id = p_conversation_id and v_annual is not null and v_annual is distinct from p_before
     and (annual_consumption_kwh is null or annual_consumption_kwh = round(p_before));
end
$$;
comment on function private.fill_annual_consumption is
  'Gives the confirmed consumption of twelve months to the customer''s calls that have none. p_before: what private.annual_consumption was before.';
revoke execute on function private.fill_annual_consumption from public;
