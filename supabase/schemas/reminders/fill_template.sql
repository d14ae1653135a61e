create or replace function private.fill_template(p_template text, p_values jsonb) returns text
language plpgsql immutable set search_path = '' as $$
declare
  v_text text := '';
  v_sentence text;
  v_name text;
  v_blank boolean;
begin
  for v_sentence in select s[1] from regexp_matches(p_template, '[^.!?\n]*[.!?]*[ ]*\n*', 'g') s loop
    v_blank := false;
    foreach v_name in array array['mancano', 'anno', 'scadenza'] loop
      v_blank := v_blank or (position('{' || v_name || '}' in v_sentence) > 0 and coalesce(p_values ->> v_name, '') = '');
      v_sentence := replace(v_sentence, '{' || v_name || '}', coalesce(p_values ->> v_name, ''));
    end loop;
    continue when v_blank;
    v_sentence := case when coalesce(p_values ->> 'nome', '') = '' then regexp_replace(v_sentence, '[ ,]*\{nome\}', '', 'g')
      else replace(v_sentence, '{nome}', p_values ->> 'nome') end;
    v_text := v_text || regexp_replace(v_sentence, '^[,;:] *', '');
  end loop;
  return btrim(regexp_replace(v_text, '  +', ' ', 'g'), E' \n');
end
$$;
comment on function private.fill_template is
  'A text with its variables filled in. A sentence with a blank one goes; a blank {nome} alone goes with what stands before it.';
revoke execute on function private.fill_template from public;
