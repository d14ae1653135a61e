create or replace function private.bills_to_check(c public.conversations, f private.case_facts) returns boolean
language plpgsql stable set search_path = '' as $$
begin
  -- If no POD is known, the first text goes, which claims nothing, once staff have taken the mark away.
  return (f.file_waits and (c.bill_at is not null or f.months <> '{}')) or (f.months <> '{}' and (
    (private.missing(f) = '[]' and private.case_state(c, f) <> 'complete')
    -- Of which POD or months a bill is, is not certain: what is missing is not either.
    or exists (select from unnest(f.supplies) s where not s.confirmed and (not s.pod_counts or s.period is null))));
end
$$;
comment on function private.bills_to_check is
  'Staff are to look at bills before the customer can be told what is missing.';
revoke execute on function private.bills_to_check from public;
