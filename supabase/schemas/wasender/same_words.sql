create or replace function private.same_words(p_ours text, p_theirs text) returns boolean
language sql immutable set search_path = '' as $$
  -- White space may have been folded on the way, and Wasender's own logs shorten a long text with an ellipsis.
  with w as (
    select btrim(regexp_replace(p_ours, '\s+', ' ', 'g')) as ours, btrim(regexp_replace(p_theirs, '\s+', ' ', 'g')) as theirs
  )
  select coalesce(ours = theirs
    or (theirs ~ '(…|\.\.\.)$' and length(theirs) > 12
        and starts_with(ours, rtrim(regexp_replace(theirs, '(…|\.\.\.)$', '')))), false)
  from w
$$;
revoke execute on function private.same_words from public;
