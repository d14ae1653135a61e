create or replace function private.has_objected(p_address text) returns boolean
language plpgsql stable set search_path = '' as $$
declare
  v_customer bigint := private.customer_of(p_address);
begin
  if v_customer is not null then
    return exists (select from public.conversations where id = v_customer and objected_at is not null);
  end if;
  -- Most projects have none: nothing is hashed then.
  return exists (select from private.objection_hashes)
     and exists (select from private.objection_hashes where hash = private.keyed_hash(p_address));
end
$$;
comment on function private.has_objected is
  'Whether the program must not write to this number or LID; also to one whose owner was erased.';
revoke execute on function private.has_objected from public;
