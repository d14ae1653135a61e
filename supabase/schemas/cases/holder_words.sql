create or replace function private.holder_words(p_holder text) returns text
language plpgsql immutable set search_path = '' as $$
begin
  return (
    select string_agg(distinct w, ' ' order by w)
      from regexp_split_to_table(
        -- s.s., S.R.L. and the like are one word each.
        regexp_replace(
          regexp_replace(normalize(lower(p_holder), nfd), '[\u0300-\u036f]', '', 'g'), '\m([a-z])\.(?=[a-z]\M)', '\1', 'g'),
        '[^[:alnum:]]+') w
     where length(w) > 1 and w not in ('az', 'azienda', 'soc', 'societa', 'agr', 'agricola', 'agricole', 'impresa', 'ditta', 'individuale', 'ind',
       'semplice', 'cooperativa', 'coop', 'unipersonale', 'ss', 'srl', 'srls', 'snc', 'sas', 'spa', 'ssa', 'sa', 'scarl', 'arl', 'sarl',
       'di', 'ed', 'del', 'dei', 'della', 'fratelli', 'flli', 'sig', 'sigra', 'signor', 'signora'));
end
$$;
comment on function private.holder_words is
  'The words by which a holder is recognised: without case, accents, order, legal form and "di"; null if none is left.';
revoke execute on function private.holder_words from public;
