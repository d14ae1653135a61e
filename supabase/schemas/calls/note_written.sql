create or replace function private.note_written(p_phone_numbers text[]) returns void
language plpgsql set search_path = '' as $$
declare
  v_first text[];
begin
  with first as (
    update public.conversation_numbers set written_at = clock_timestamp()
     where address = any (p_phone_numbers) and written_at is null
    returning address
  ) select array_agg(address) into v_first from first;
  if v_first is not null then
    update public.whatsapp_messages set first_contact = false
     where phone_number = any (v_first) and status = 'queued' and first_contact;
  end if;
end
$$;
comment on function private.note_written is
  'Messages came from these numbers: what goes to them is no first contact any more.';
revoke execute on function private.note_written from public;
