create or replace function private.counts_as_bill(m public.whatsapp_messages) returns boolean
language plpgsql stable set search_path = '' as $$
declare
  b public.bills;
begin
  if not m.is_bill or m.media_state is null then
    return false;
  end if;
  select * into b from public.bills where message_id = m.id;
  return case
    -- Deleted before files were read.
    when b.id is null and m.media_state = 'deleted' then true
    when b.state = 'read' or b.page_of is not null then true
    when b.state = 'not_a_bill' then false
    when b.confirmed_at is not null or b.duplicate_of is not null then true
    else private.file_waits(m) end;
end
$$;
comment on function private.counts_as_bill is
  'Whether a file is why the bill counts as received: it is a bill, or it waits.';
revoke execute on function private.counts_as_bill from public;
