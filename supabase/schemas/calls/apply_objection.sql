create or replace function private.apply_objection(e private.incoming) returns void
language plpgsql set search_path = '' as $$
declare
  c public.conversations;
begin
  select * into c from public.conversations where id = private.customer_of(coalesce(e.phone_number, e.lid));
  if e.objection = 'objects' and c.objected_at is null then
    perform private.set_objection(c.id, 'customer', null, (
      select id from public.whatsapp_messages where direction = 'incoming' and whatsapp_id = e.whatsapp_id));
    perform private.confirm_objection(c.id);
  elsif e.objection = 'staff' and c.objected_at is null
    -- Never lifted by itself: a bill, or "inizia", asks staff.
    or c.objected_at is not null and (e.type in ('image', 'document')
      or lower(e.text) ~ '^\W*((sì|si|ok)\W+)?(start|inizia|iniziare|iniziate|inizi|riprendi|riprendere|riprendete)\W*$') then
    update public.conversations set objection_asked_at = clock_timestamp() where id = c.id and objection_asked_at is null;
  end if;
end
$$;
comment on function private.apply_objection is
  'What a customer''s message means for automatic messages: lib/objection.ts has read it.';
revoke execute on function private.apply_objection from public;
