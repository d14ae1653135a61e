create or replace function private.call_code(p_call_uuid text, p_call_id text) returns text
language plpgsql immutable set search_path = '' as $$
declare
  -- The index cloudtalk_calls_code_idx has the same expression. The history's ids, which are numbers, begin alike.
  v_code text := left(regexp_replace(
    coalesce(p_call_uuid, case when p_call_id !~ '^[0-9]+$' then p_call_id end), '[^0-9A-Za-z]', '', 'g'), 8);
begin
  return case when length(v_code) = 8 then v_code end;
end
$$;
comment on function private.call_code is
  'The code by which a customer who writes first names a call: the first eight letters or digits of its id; null if there are fewer.';
revoke execute on function private.call_code from public;
