-- What https://github.com/citusdata/pg_cron shows of itself: jobs, their runs, and schedules that it would accept.
create schema cron;

create sequence cron.jobid_seq;
create table cron.job (
  jobid bigint primary key default nextval('cron.jobid_seq'),
  schedule text not null,
  command text not null,
  nodename text not null default 'localhost',
  nodeport integer not null default inet_server_port(),
  database text not null default current_database(),
  username text not null default current_user,
  active boolean not null default true,
  jobname text,
  unique (jobname, username)
);
alter table cron.job enable row level security;
create policy cron_job_policy on cron.job using (username = current_user);

create sequence cron.runid_seq;
create table cron.job_run_details (
  jobid bigint,
  runid bigint primary key default nextval('cron.runid_seq'),
  job_pid integer,
  database text,
  username text,
  command text,
  status text,
  return_message text,
  start_time timestamptz,
  end_time timestamptz
);
alter table cron.job_run_details enable row level security;
create policy cron_job_run_details_policy on cron.job_run_details using (username = current_user);

-- The real ones write with the extension's own rights, independent of the caller.
create function cron.schedule(job_name text, schedule text, command text) returns bigint
language plpgsql security definer set search_path = '' as $$
declare
  v_id bigint;
begin
  if schedule !~* '^\s*([1-9]|[1-5]\d)\s+seconds?\s*$' and schedule !~* '^\s*([\da-z*,/$-]+\s+){4}[\da-z*,/$-]+\s*$' then
    raise invalid_parameter_value using message = format('invalid schedule: %s', schedule),
      hint = 'Use cron format (e.g. 5 4 * * *), or interval format ''[1-59] seconds''';
  end if;
  insert into cron.job (jobname, schedule, command, username) values (job_name, schedule, command, session_user)
  on conflict on constraint job_jobname_username_key
    do update set schedule = excluded.schedule, command = excluded.command
  returning jobid into v_id;
  return v_id;
end
$$;

create function cron.unschedule(job_name text) returns boolean
language plpgsql security definer set search_path = '' as $$
begin
  delete from cron.job where jobname = job_name and username = session_user;
  if not found then
    raise internal_error using message = format('could not find valid entry for job ''%s''', job_name);
  end if;
  return true;
end
$$;

create function cron.unschedule(job_id bigint) returns boolean
language sql security definer set search_path = '' as $$
  select cron.unschedule(jobname) from cron.job where jobid = job_id
$$;

-- What Supabase grants when the extension is made.
grant usage on schema cron to postgres with grant option;
grant all on all tables in schema cron to postgres with grant option;
revoke trigger on cron.job_run_details from postgres;
revoke all on cron.job from postgres;
grant select on cron.job to postgres with grant option;
