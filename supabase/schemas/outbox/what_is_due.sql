create or replace function private.what_is_due(s public.whatsapp_sender, p private.pending) returns jsonb
language plpgsql stable set search_path = '' as $$
begin
  return jsonb_build_object(
    'outbox', coalesce(
      (s.paused_at is null and greatest(p.queued_due_at, s.next_send_at) <= now() and p.queued_due_at is not null)
      or p.chore_due_at <= now() or s.probe_at <= now()
      -- Evidence for unknown outcomes may be in Wasender's log, if that can be read.
      or (s.log_due_at <= now() and s.log_ok_at > now() - interval '1 day' and p.unknown_at > now() - interval '1 day'),
      false),
    'media', coalesce(p.media_due_at <= now() or s.sweep_at <= now(), false),
    'history', coalesce(s.reconcile_due_at <= now(), false),
    'bills', coalesce(p.bill_due_at <= now(), false));
end
$$;
comment on function private.what_is_due is
  'Of what works after an answer: { outbox, media, history }, and in a function of its own, bills.';
revoke execute on function private.what_is_due from public;
