create or replace function private.file_waits(m public.whatsapp_messages) returns boolean
language plpgsql stable set search_path = '' as $$
declare
  b public.bills;
begin
  if not m.is_bill or m.media_state is null then
    return false;
  end if;
  select * into b from public.bills where message_id = m.id;
  return case
    when b.confirmed_at is not null or b.page_of is not null or b.duplicate_of is not null then false
    when m.media_state in ('pending', 'failed') then true
    when m.media_state = 'stored' then coalesce(b.state in ('waiting', 'needs_eyes', 'failed'), true)
    else false end;
end
$$;
comment on function private.file_waits is
  'Whether a customer''s file may be a bill and nobody knows yet: it is being fetched or could not be, was not read yet, or too little could be read. Until staff act or the file is deleted. Neither a page of a bill nor a repeat waits.';
revoke execute on function private.file_waits from public;
