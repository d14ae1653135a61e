create or replace function private.make_customer(p_phone_number text, p_lid text, p_known_by text) returns bigint
language plpgsql set search_path = '' as $$
declare
  v_id bigint := private.customer_of(p_phone_number);
  v_other bigint := private.customer_of(p_lid);
  v_new boolean := v_id is null and v_other is null;
begin
  if v_new then
    insert into public.conversations default values returning id into v_id;
  elsif v_id is null then
    v_id := v_other;
  elsif v_other <> v_id and private.is_known(v_id) and exists (
    select from public.conversation_numbers where address = p_lid and known_by = 'code') then
    -- Whoever wrote with the code of another customer's call turns out to be somebody that we know: staff decide.
    perform private.take_back_lid(p_lid, v_other, v_id);
  elsif v_other <> v_id then
    -- The older one stays: lock_customers says why.
    perform private.merge_customers(greatest(v_id, v_other), least(v_id, v_other));
    v_id := least(v_id, v_other);
  end if;
  if p_phone_number is not null or p_lid is not null then
    insert into public.conversation_numbers (address, conversation_id, known_by)
    select a.address, v_id, a.known_by
      from (values (p_phone_number, p_known_by), (p_lid, case when p_phone_number is null then p_known_by else 'lid' end))
        as a (address, known_by)
     where a.address is not null
    on conflict (address) do nothing;
    if found then
      -- The list shows the number.
      if not v_new then
        update public.conversations set updated_at = clock_timestamp() where id = v_id;
      end if;
      perform private.recall_objection(v_id, p_phone_number, p_lid);
    end if;
  end if;
  return v_id;
end
$$;
comment on function private.make_customer is
  'The conversation of a number, of a LID, or of both, which then are the same customer''s: made if there is none, made one if there were two. The caller holds the keys of both.';
revoke execute on function private.make_customer from public;
