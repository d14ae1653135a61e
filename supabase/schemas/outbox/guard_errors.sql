create or replace function private.guard_errors(s public.whatsapp_sender) returns boolean
language plpgsql stable set search_path = '' as $$
begin
  return exists (
    select from public.whatsapp_messages where error_code = 'restricted' and sent_at > s.guarded_from
  ) or (
    select count(*) = 3 and bool_and(l.status = 'failed')
      from (select status from public.whatsapp_messages
             where first_contact and sent_at > s.guarded_from
               -- One that is still under way says nothing.
               and status in ('failed', 'delivered', 'read')
             order by sent_at desc limit 3) l);
end
$$;
comment on function private.guard_errors is
  'One error 463, or three errors in a row on first contacts, since staff have resumed or a trial has arrived.';
revoke execute on function private.guard_errors from public;
