/** The rows that our webhook leaves, in tables without triggers, further indexes or constraints. */
export const FLOOR_SQL = `
create schema floor;
create table floor.webhook_requests
  (like public.webhook_requests including defaults including identity, primary key (id));
create table floor.conversations
  (like public.conversations including defaults including identity, primary key (id));
create table floor.conversation_numbers
  (like public.conversation_numbers including defaults, primary key (address));
create table floor.cloudtalk_calls
  (like public.cloudtalk_calls including defaults, primary key (id));
create table floor.whatsapp_messages
  (like public.whatsapp_messages including defaults including identity including generated, primary key (id));

create function public.floor_webhook(p_request jsonb) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  b jsonb := p_request -> 'body';
  v_number text := '+' || (b ->> 'external_number');
  v_request_id bigint;
  v_conversation_id bigint;
  v_call_id bigint;
  v_message_id bigint;
begin
  insert into floor.webhook_requests (source, path, url, headers, body, event_type, outcome)
  values ('cloudtalk', p_request ->> 'url', p_request ->> 'url', p_request -> 'headers', b, 'call', 'accepted')
  returning id into v_request_id;
  insert into floor.conversations (name, state) values (b ->> 'contact_name', 'waiting') returning id into v_conversation_id;
  insert into floor.conversation_numbers (address, conversation_id, known_by) values (v_number, v_conversation_id, 'call');
  insert into floor.cloudtalk_calls
    (webhook_request_id, conversation_id, call_uuid, phone_number, phone_number_raw, phone_number_from, duration, talking_time,
     direction, agent_id, agent_name, contact_name, call_start_time, call_end_time, should_send, should_send_reason, talked, raw_data)
  values
    (v_request_id, v_conversation_id, b ->> 'call_uuid', v_number, b ->> 'external_number', b ->> 'internal_number',
     (b ->> 'waiting_time')::integer + (b ->> 'talking_time')::integer, (b ->> 'talking_time')::integer, b ->> 'direction',
     b ->> 'agent_id', b ->> 'agent_first_name', b ->> 'contact_name', (b ->> 'started_at')::timestamptz,
     (b ->> 'ended_at')::timestamptz, true, 'eligible', true, b)
  returning id into v_call_id;
  insert into floor.whatsapp_messages
    (conversation_id, direction, kind, status, phone_number, contact_name, text, call_id, webhook_request_id, due_at)
  values
    (v_conversation_id, 'outgoing', 'ask', 'queued', v_number, b ->> 'contact_name',
     'Buongiorno, avrei bisogno di ricevere una copia delle bollette elettriche.', v_call_id, v_request_id, clock_timestamp())
  returning id into v_message_id;
  return jsonb_build_object('success', true, 'call', v_call_id, 'message', v_message_id);
end
$$;
revoke execute on function public.floor_webhook from public, anon, authenticated;
grant execute on function public.floor_webhook to service_role;
`;
