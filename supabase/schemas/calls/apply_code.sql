create or replace function private.apply_code(e private.incoming) returns void
language plpgsql set search_path = '' as $$
declare
  v_customers bigint[] := private.customers_of_code(e.code);
  v_message_id bigint;
begin
  select id into v_message_id from public.whatsapp_messages where direction = 'incoming' and whatsapp_id = e.whatsapp_id;
  if cardinality(v_customers) = 0 then
    insert into private.written_codes (message_id, code) values (v_message_id, e.code) on conflict do nothing;
  elsif cardinality(v_customers) = 1 then
    perform private.join_by_code(v_message_id, e.code, v_customers[1]);
  end if;
end
$$;
comment on function private.apply_code is
  'What the code of a call in a customer''s message means. One that fits no call waits for it; one that fits two says nothing.';
revoke execute on function private.apply_code from public;
