create or replace function private.fill_customer() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  new.conversation_id := private.make_customer(new.phone_number, to_jsonb(new) ->> 'lid', tg_argv[0]);
  return new;
end
$$;
comment on function private.fill_customer is
  'Finds or makes the customer of a new message or call by its number or LID.';
revoke execute on function private.fill_customer from public;
