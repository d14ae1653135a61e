create or replace function public.outbox_due() returns boolean
language plpgsql stable security definer set search_path = '' as $$
declare
  s public.whatsapp_sender;
begin
  perform private.authorize();
  select * into s from public.whatsapp_sender;
  return (private.what_is_due(s, private.read_pending()) - 'bills') @? '$.* ? (@ == true)';
end
$$;
comment on function public.outbox_due is
  'Whether background work has something to do now. What the clock asks before it rings.';
revoke execute on function public.outbox_due from public, anon, authenticated, service_role;
grant execute on function public.outbox_due to anon, service_role;
