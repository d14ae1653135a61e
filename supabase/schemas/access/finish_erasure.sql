create or replace function public.finish_erasure(p_id bigint) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_counts jsonb;
begin
  perform private.authorize();
  delete from private.erasures where id = p_id returning counts into v_counts;
  return v_counts;
end
$$;
comment on function public.finish_erasure is
  'The customer''s files are gone too: nothing is looked for any more. Returns how much was erased: { messages, conversations, calls, webhooks }.';
revoke execute on function public.finish_erasure from public, anon, authenticated, service_role;
grant execute on function public.finish_erasure to anon, service_role;
