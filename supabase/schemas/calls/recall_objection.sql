create or replace function private.recall_objection(p_conversation_id bigint, variadic p_addresses text[]) returns void
language plpgsql set search_path = '' as $$
declare
  v_at timestamptz;
begin
  -- Most projects have none: nothing is hashed then.
  if exists (select from private.objection_hashes) then
    select min(h.at) into v_at from private.objection_hashes h
     where h.hash = any (array(select private.keyed_hash(a) from unnest(p_addresses) a));
    if v_at is not null then
      update public.conversations set objected_at = v_at, objected_by = 'customer'
       where id = p_conversation_id and objected_at is null;
    end if;
  end if;
end
$$;
comment on function private.recall_objection is
  'Whoever objected and was erased has not changed their mind: the customer who has one of these new numbers and LIDs objects.';
revoke execute on function private.recall_objection from public;
