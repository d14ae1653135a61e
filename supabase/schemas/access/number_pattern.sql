create or replace function private.number_pattern(p_phone_number text) returns text
language plpgsql immutable set search_path = '' as $$
declare
  v_digits text := substr(p_phone_number, 2);
  v_apart constant text := '\1[^0-9a-zA-Z"]{0,3}';
begin
  return '(^|[^0-9])' || case
    when v_digits like '39%' and length(v_digits) >= 8
      then '(0{0,2}39[^0-9a-zA-Z"]{0,3})?' || regexp_replace(substr(v_digits, 3), '(\d)(?!$)', v_apart, 'g')
    else regexp_replace(v_digits, '(\d)(?!$)', v_apart, 'g')
  end || '($|[^0-9])';
end
$$;
comment on function private.number_pattern is
  'A regular expression that finds a number (E.164) in a text, with or without prefix and separators.';
revoke execute on function private.number_pattern from public;
