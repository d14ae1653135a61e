import type { LocalDatabase } from "../../dev/database.ts";

/** The previous system's tables, trigger and policies, as its users' projects have them. */
const SCHEMA = `
create table public.webhook_requests (
  id bigserial primary key, method varchar(10) not null, path text not null, url text not null, headers jsonb, query jsonb,
  body jsonb, raw_body text, ip_address text, user_agent text, timestamp timestamptz not null, is_cloudtalk boolean default false,
  cloudtalk_call_id text, cloudtalk_event_type text, cloudtalk_phone_number text, cloudtalk_status text,
  cloudtalk_duration integer, created_at timestamptz default now());
create table public.cloudtalk_calls (
  id bigserial primary key, webhook_request_id bigint not null references public.webhook_requests (id) on delete cascade,
  call_id text, event_type text, phone_number text, phone_number_from text, status text, duration integer, direction text,
  agent_id text, agent_name text, customer_name text, recording_url text, transcript text, call_start_time timestamptz,
  call_end_time timestamptz, call_result text, call_outcome text, contact_name text, company_name text, ateco_code text,
  ateco_eligible boolean, interest_confirmed boolean, electricity_bill_received boolean, annual_consumption_kwh integer,
  should_send boolean, reason text, raw_data jsonb, created_at timestamptz default now());
create table public.whatsapp_queue (
  id bigserial primary key, phone_number text, message text, call_id text, webhook_request_id bigint, status text,
  created_at timestamptz default now(), sent_at timestamptz);
create index idx_cloudtalk_calls_phone on public.cloudtalk_calls (phone_number);
create function public.auto_insert_cloudtalk_call() returns trigger language plpgsql as $$
begin
  insert into public.cloudtalk_calls (webhook_request_id, call_id, phone_number)
  values (new.id, new.body ->> 'call_uuid', new.body ->> 'external_number');
  return new;
end $$;
create function public.send_whatsapp() returns trigger language plpgsql as $$ begin return new; end $$;
alter table public.webhook_requests enable row level security;
alter table public.cloudtalk_calls enable row level security;
create policy "Allow all operations on webhook_requests" on public.webhook_requests for all using (true) with check (true);
create policy "Allow all operations on cloudtalk_calls" on public.cloudtalk_calls for all using (true) with check (true);
`;

/** Made after the data, which it would double. */
const TRIGGERS = `
create trigger trigger_auto_insert_cloudtalk_call after insert on public.webhook_requests
  for each row when (new.is_cloudtalk) execute function public.auto_insert_cloudtalk_call();
create trigger trigger_auto_send_whatsapp after insert on public.cloudtalk_calls
  for each row execute function public.send_whatsapp();
`;

/**
 * Fills a database as the previous system left it: of every ten webhooks five are calls (one of them twice), three
 * messages that were sent and two that were received; numbers in every spelling.
 */
export async function fillLegacy(database: LocalDatabase, webhooks: number): Promise<void> {
  await database.exec(`${SCHEMA}
    insert into public.webhook_requests (method, path, url, headers, body, raw_body, timestamp, is_cloudtalk, cloudtalk_call_id, created_at)
    select 'POST',
      case when n % 10 < 5 then '/webhook/cloudtalk' when n % 10 < 8 then '/api/send-whatsapp' else '/api/whatsapp-webhook' end,
      'https://old.example/', '{"host": "old.example"}',
      case when n % 10 < 5 then jsonb_build_object('call_uuid', 'call-' || (n / 10 * 4 + least(n % 10, 3)), 'external_number', '39333' || lpad((n % 3000)::text, 7, '0'))
           when n % 10 < 8 then jsonb_build_object('from_me', true, 'to', '+39 333 ' || lpad((n % 3000)::text, 7, '0'), 'text', 'Buongiorno ' || n, 'timestamp', to_char(at, 'YYYY-MM-DD"T"HH24:MI:SS"Z"'))
           else jsonb_build_object('from', '39333' || lpad((n % 3000)::text, 7, '0') || '@s.whatsapp.net', 'phone_number', '39333' || lpad((n % 3000)::text, 7, '0'), 'text', 'Ecco ' || n,
                                   'from_me', false, 'id', 'WA' || n, 'timestamp', extract(epoch from at)::bigint, '_wasender', true) end,
      'raw ' || n, at, n % 10 < 5, case when n % 10 < 5 then 'call-' || n end, at
    from (select n, timestamptz '2025-01-01' + n * interval '5 minutes' as at from generate_series(1, ${webhooks}) n) t;
    insert into public.cloudtalk_calls (webhook_request_id, call_id, phone_number, status, duration, customer_name,
      electricity_bill_received, should_send, reason, raw_data, created_at, transcript)
    select id, body ->> 'call_uuid',
      case id % 7 when 0 then body ->> 'external_number' when 1 then '+' || (body ->> 'external_number') when 2 then substr(body ->> 'external_number', 3)
        when 3 then '+39 333 ' || right(body ->> 'external_number', 7) when 4 then '0039' || substr(body ->> 'external_number', 3)
        when 5 then 'anonymous' else null end,
      'completed', 60, 'Cliente ' || id,
      case id % 3 when 0 then true when 1 then false end, case id % 4 when 0 then true when 1 then false end, 'vecchio motivo', body, created_at, 'testo ' || id
    from public.webhook_requests where is_cloudtalk;
    insert into public.whatsapp_queue (phone_number, message, status) values ('+393330000001', 'Ciao', 'sent');
    ${TRIGGERS}`);
}
