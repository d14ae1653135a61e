-- The clock: every five seconds Supabase Cron asks whether anything is due, and only then rings POST /api/outbox.
-- pg_cron and pg_net exist on every Supabase project; a plain PostgreSQL and PGlite have neither, and then something
-- else rings. If they are switched on later, the operator runs the two statements: doctor names them.
do $$
begin
  if (select count(*) from pg_available_extensions where name in ('pg_cron', 'pg_net')) < 2 then
    raise notice 'pg_cron or pg_net is not available here: POST /api/outbox must be rung by another clock.';
    return;
  end if;
  create extension if not exists pg_cron;
  create extension if not exists pg_net with schema extensions;
  perform cron.schedule('outbox-clock', '5 seconds', 'select private.ring_outbox()');
  -- Cron notes every run, 17,280 a day, and never clears its notes. Other jobs' are left alone.
  perform cron.schedule('outbox-clock-log', '17 3 * * *', 'select private.clear_clock_log()');
end
$$;
