create or replace function public.record_webhook(p_request jsonb, p_outcome text, p_detail text) returns jsonb
language plpgsql security definer set search_path = '' as $$
begin
  perform private.authorize();
  if p_outcome not in ('ignored', 'invalid') then
    raise invalid_parameter_value using message = 'p_outcome must be ignored or invalid';
  end if;
  return jsonb_build_object('id', private.keep_webhook(p_request, p_outcome, p_detail));
end
$$;
comment on function public.record_webhook is
  'Keeps a webhook that was ignored or invalid, with the reason. Returns { id }.';
revoke execute on function public.record_webhook from public, anon, authenticated, service_role;
grant execute on function public.record_webhook to anon, service_role;
