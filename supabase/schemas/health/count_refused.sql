create or replace function public.count_refused(p_source text, p_count integer) returns void
language plpgsql security definer set search_path = '' as $$
begin
  perform private.authorize();
  insert into private.refused_webhooks as r (source, count) values (p_source, p_count)
  on conflict (source, day) do update set count = r.count + excluded.count, last_at = excluded.last_at;
end
$$;
comment on function public.count_refused is
  'So many more requests came to a webhook''s address without its secret.';
revoke execute on function public.count_refused from public, anon, authenticated, service_role;
grant execute on function public.count_refused to anon, service_role;
