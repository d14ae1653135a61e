create or replace function private.next_status(p_from text, p_evidence text) returns text
language plpgsql immutable set search_path = '' as $$
begin
  return case
    when p_evidence = 'failed' then
      case when p_from in ('sending', 'unknown', 'sent') then 'failed' else p_from end
    -- Staff had it sent again, or cancelled it, and now its first attempt turns out to have arrived. Something was sent
    -- after all: that is stronger than a report that it was not.
    when p_from in ('queued', 'cancelled') then p_evidence
    when p_from = 'failed' then case when p_evidence in ('delivered', 'read') then p_evidence else p_from end
    when private.status_rank(p_evidence) > private.status_rank(p_from) then p_evidence
    else p_from end;
end
$$;
comment on function private.next_status is
  'The state of an outgoing message after evidence from WhatsApp (sent, delivered, read or failed).';
revoke execute on function private.next_status from public;
