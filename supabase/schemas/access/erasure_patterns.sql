create or replace function private.erasure_patterns(e private.erasures) returns text[]
language plpgsql immutable set search_path = '' as $$
begin
  return array(
    select case when a like '+%' then private.number_pattern(a) else '(^|[^0-9])' || split_part(a, '@', 1) || '($|[^0-9])' end
      from unnest(e.addresses) a);
end
$$;
comment on function private.erasure_patterns is
  'Regular expressions for a customer''s numbers, in any spelling, and LIDs.';
revoke execute on function private.erasure_patterns from public;
