create or replace function private.count_erased(p_id bigint, p_what text, p_count integer) returns void
language plpgsql set search_path = '' as $$
begin
  update private.erasures
     set counts = counts || jsonb_build_object(p_what, coalesce((counts ->> p_what)::integer, 0) + p_count)
   where id = p_id;
end
$$;
revoke execute on function private.count_erased from public;
