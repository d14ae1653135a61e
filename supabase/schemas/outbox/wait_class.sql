create or replace function private.wait_class(m public.whatsapp_messages, p_at timestamptz) returns text
language sql immutable set search_path = '' as $$
  select m.kind || case when m.in_hours then ' in hours' else '' end || case when m.first_contact then ' first' else '' end
    || case when m.free_until > p_at then ' fresh' else '' end
$$;
comment on function private.wait_class is
  'Messages of one class wait for the same hours, restriction and cap.';
revoke execute on function private.wait_class from public;
