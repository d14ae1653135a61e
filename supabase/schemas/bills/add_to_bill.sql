create or replace function private.add_to_bill(p_bill_id bigint, p_said jsonb, p_message_id bigint) returns void
language plpgsql set search_path = '' as $$
declare
  s public.bill_supplies;
  v_evidence jsonb;
  v_change jsonb := '{}';
  c record;
begin
  -- Of what could not be read itself, this is what is known.
  if p_said ->> 'pod' is not null or p_said ->> 'period_from' is not null then
    update public.bills set state = 'read', kind = case kind when 'both' then kind else 'electricity' end, reason = null
     where id = p_bill_id and confirmed_at is null and state in ('needs_eyes', 'failed')
       and not exists (select from public.bill_supplies where bill_id = p_bill_id);
    if found then
      perform private.save_supplies(p_bill_id, jsonb_build_array(p_said || jsonb_build_object('evidence', (
        select jsonb_object_agg(key, value || jsonb_build_object('message_id', p_message_id)) from jsonb_each(p_said -> 'evidence')))));
      return;
    end if;
  end if;
  -- Of which supply, it cannot be told if there are several; what a person confirmed stays.
  select x.* into s from public.bill_supplies x join public.bills b on b.id = x.bill_id
   where x.bill_id = p_bill_id and b.confirmed_at is null
     and (select count(*) from public.bill_supplies where bill_id = p_bill_id) = 1;
  if s.id is null then
    return;
  end if;
  v_evidence := s.evidence;
  for c in
    select e.key, e.value as said, p_said -> e.key as value, nullif(to_jsonb(s) -> e.key, '[]') as known
      from jsonb_each(p_said -> 'evidence') e where coalesce(p_said -> e.key, 'null') not in ('null', '[]')
  loop
    if coalesce(c.known, 'null') = 'null' then
      v_change := v_change || jsonb_build_object(c.key, c.value);
      v_evidence := v_evidence || jsonb_build_object(c.key, c.said || jsonb_build_object('message_id', p_message_id));
    elsif c.known <> c.value and v_evidence ? c.key and c.key not in ('holder', 'address', 'supplier') then
      -- Two pages of one bill contradict each other. (Names and addresses are written in more ways than one.)
      v_evidence := jsonb_set(v_evidence, array[c.key, 'sure'], 'false');
    end if;
  end loop;
  perform private.change_supply(s, v_change || jsonb_build_object('evidence', v_evidence));
end
$$;
comment on function private.add_to_bill is
  'Adds what a page says to its bill, where that says nothing; what contradicts it makes it unsure.';
revoke execute on function private.add_to_bill from public;
