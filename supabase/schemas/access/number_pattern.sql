create or replace function private.number_pattern(p_phone_number text) returns text
language plpgsql immutable set search_path = '' as $$
declare
  v_digits text := substr(p_phone_number, 2);
  -- In a document a line break is two characters.
  v_gap constant text := '([^0-9a-zA-Z"]|\\[nrt]){0,3}';
  v_italian boolean := v_digits like '39%' and length(v_digits) >= 8;
begin
  return '(^|[^0-9])' || case when v_italian then '(0{0,2}39' || v_gap || ')?' else '' end
    || array_to_string(string_to_array(case when v_italian then substr(v_digits, 3) else v_digits end, null), v_gap)
    || '($|[^0-9])';
end
$$;
comment on function private.number_pattern is
  'A regular expression that finds a number (E.164) in a text, with or without prefix and separators.';
revoke execute on function private.number_pattern from public;
