create or replace function private.apply_status(p_event jsonb) returns boolean
language plpgsql set search_path = '' as $$
declare
  v_whatsapp_id text := p_event ->> 'whatsapp_id';
  v_wasender_id text := p_event ->> 'wasender_id';
  v_id bigint := private.find_by_ids(v_whatsapp_id, v_wasender_id);
  v_kept boolean;
begin
  if v_id is not null then
    if not private.advance_message(
      v_id, p_event ->> 'status', coalesce(p_event ->> 'code', 'delivery_failed'), p_event ->> 'error', v_whatsapp_id, v_wasender_id) then
      return false;
    end if;
    perform private.apply_receipts(v_id);
    return true;
  end if;
  -- The message does not carry this id yet: keep the state until it does. A later one replaces an earlier one.
  if v_whatsapp_id is null then return false; end if;
  insert into public.whatsapp_receipts as r (whatsapp_id, wasender_id, status, code, error)
  values (v_whatsapp_id, v_wasender_id, p_event ->> 'status', p_event ->> 'code', p_event ->> 'error')
  on conflict (whatsapp_id) do update
     set status = excluded.status, code = excluded.code, error = excluded.error, wasender_id = coalesce(r.wasender_id, excluded.wasender_id)
   where private.status_rank(excluded.status) > private.status_rank(r.status)
      or (r.wasender_id is null and excluded.wasender_id is not null);
  v_kept := found;
  -- If the two ids were being joined with an earlier state, the insert has waited for that.
  v_id := private.find_by_ids(v_whatsapp_id, v_wasender_id);
  if v_id is not null then
    perform private.lock_customers('{}', array(select conversation_id from public.whatsapp_messages where id = v_id));
    perform private.apply_receipts(v_id);
  end if;
  return v_kept;
end
$$;
revoke execute on function private.apply_status from public;
