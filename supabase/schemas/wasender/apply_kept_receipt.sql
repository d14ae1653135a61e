create or replace function private.apply_kept_receipt(p_message_id bigint, p_whatsapp_id text, p_wasender_id text) returns void
language plpgsql set search_path = '' as $$
begin
  -- Whoever applies it at this moment, having only Wasender's id, waits for this WhatsApp id: so that one is not waited
  -- for.
  perform from public.whatsapp_receipts where whatsapp_id = p_whatsapp_id for update skip locked;
  if found or p_wasender_id is not null then
    perform private.apply_receipts(p_message_id);
  end if;
end
$$;
comment on function private.apply_kept_receipt is
  'Applies a state that came before the echo with these ids, unless another transaction does so.';
revoke execute on function private.apply_kept_receipt from public;
