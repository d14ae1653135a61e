create or replace function private.clear_clock_log() returns integer
language plpgsql set search_path = '' as $$
declare
  v_count integer;
begin
  -- By their number, which grows with time: a run that was cut off has no times.
  execute $q$
    delete from cron.job_run_details
     where runid <= (select max(runid) from cron.job_run_details where end_time < now() - interval '2 days')
       and command ~ '^select private\.(ring_outbox|clear_clock_log)\(' $q$;
  get diagnostics v_count = row_count;
  return v_count;
end
$$;
comment on function private.clear_clock_log is
  'Removes what Supabase Cron noted of the clock''s runs more than two days ago. Returns how many notes.';
revoke execute on function private.clear_clock_log from public;
