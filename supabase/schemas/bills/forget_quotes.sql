create or replace function private.forget_quotes(p_message_ids bigint[]) returns void
language plpgsql set search_path = '' as $$
begin
  update public.bill_supplies s set evidence = (
    select coalesce(jsonb_object_agg(e.key, case
      when coalesce((e.value ->> 'message_id')::bigint, b.message_id) = any (p_message_ids)
      then e.value || '{"quote": "", "box": null}' else e.value end), '{}')
    from jsonb_each(s.evidence) e)
   from public.bills b
  where b.id = s.bill_id and b.id in (
    select coalesce(page_of, id) from public.bills where message_id = any (p_message_ids)
    union select id from public.bills where message_id = any (p_message_ids));
  update public.bills set due_at = null, lease_token = null where message_id = any (p_message_ids);
end
$$;
comment on function private.forget_quotes is
  'These messages'' files are deleted: what is quoted from them goes as well, and nothing of them is read any more.';
revoke execute on function private.forget_quotes from public;
