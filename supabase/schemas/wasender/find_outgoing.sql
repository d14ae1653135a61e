create or replace function private.find_outgoing(p_event jsonb, p_phone_number text) returns bigint
language plpgsql stable set search_path = '' as $$
declare
  v_wasender_id text := p_event ->> 'wasender_id';
  v_at timestamptz := (p_event ->> 'message_at')::timestamptz;
begin
  -- By an id; else by the same words to the same number; else, under a LID that is not known yet, by what was just
  -- sent.
  return coalesce(
    private.find_by_ids(p_event ->> 'whatsapp_id', v_wasender_id),
    private.find_by_words(p_phone_number, p_event ->> 'text', v_at, v_wasender_id is not null),
    case when p_phone_number is null then
      private.find_just_sent(p_event ->> 'text', v_at) end);
end
$$;
comment on function private.find_outgoing is
  'Which of our messages an echo is of; null if it was typed on the phone itself.';
revoke execute on function private.find_outgoing from public;
