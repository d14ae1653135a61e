create or replace function private.forget_media_keys(p_request_id bigint, p_media jsonb[]) returns void
language plpgsql set search_path = '' as $$
begin
  -- Between its quotation marks, each of these values is a piece of the text on its own.
  update public.webhook_requests set body = (
    select string_agg(case when v.value is null then piece.text else '' end, '"' order by piece.n)::jsonb
      from string_to_table(body::text, '"') with ordinality piece (text, n)
      left join (
        select distinct trim('"' from to_jsonb(value)::text) as value
          from unnest(p_media) m, jsonb_each_text(m)
         where key in ('url', 'directPath', 'mediaKey', 'fileSha256', 'fileEncSha256') and length(value) >= 8
      ) v on v.value = piece.text)
  where id = p_request_id;
end
$$;
comment on function private.forget_media_keys is
  'Removes from a stored webhook what leads to these files at WhatsApp: addresses and keys.';
revoke execute on function private.forget_media_keys from public;
