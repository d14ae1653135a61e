create or replace function private.read_pending() returns private.pending
language plpgsql stable set search_path = '' as $$
declare
  p private.pending;
  s public.whatsapp_sender;
begin
  select * into s from public.whatsapp_sender;
  select count(*) into p.queued from public.whatsapp_messages where status = 'queued';
  if p.queued > 0 then
    p.queued_due_at := private.next_sendable(s, now());
  end if;
  p.queued_due_at := least(p.queued_due_at, (
    select min(reminder_at) from public.conversations where reminder_at is not null and merged_into is null));
  select min(media_due_at) into p.media_due_at from public.whatsapp_messages where media_state = 'pending';
  select min(due_at) into p.bill_due_at from public.bills where due_at is not null;
  p.chore_due_at := least(
    (select min(lease_until) from public.whatsapp_messages where status = 'sending'),
    (select min(info_at) from public.whatsapp_messages where info_at is not null),
    (select min(ask_again_at) from public.whatsapp_lids where phone_number is null));
  select max(updated_at) into p.unknown_at from public.whatsapp_messages where status = 'unknown';
  return p;
end
$$;
revoke execute on function private.read_pending from public;
