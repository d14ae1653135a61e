create or replace function private.bills_to_check(c public.conversations, f private.case_facts) returns boolean
language plpgsql stable set search_path = '' as $$
begin
  return f.file_waits or (f.months <> '{}' and (
    (private.missing(f) = '[]' and private.case_state(c, f) <> 'complete')
    -- Of which POD or months a bill is, is not certain: what is missing is not either.
    or exists (select from unnest(f.supplies) s where not s.confirmed and (not s.pod_counts or s.period is null))));
end
$$;
comment on function private.bills_to_check is
  'Staff are to look at bills before the customer can be told what is missing.';
revoke execute on function private.bills_to_check from public;
