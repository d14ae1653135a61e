create or replace function private.reminder_template(p_step integer) returns text
language plpgsql stable set search_path = '' as $$
begin
  return coalesce(
    (select text from public.reminder_texts where step = p_step),
    (array[
      'Buongiorno {nome}, per la sua domanda {mancano}. Può mandarci una foto o il PDF qui su WhatsApp, quando le è comodo. Grazie!',
      'Buongiorno {nome}, per la sua domanda {mancano}. Il PDF di ogni bolletta si trova nell''area clienti del suo fornitore, sul sito o nell''app, tra le bollette: basta scaricarlo e inoltrarlo qui. Se serve aiuto, ci scriva.',
      'Buongiorno {nome}, questo è l''ultimo promemoria: per la sua domanda {mancano}. Dobbiamo riceverle entro il {scadenza}. Se preferisce non procedere, ce lo scriva. Grazie!'])[p_step]);
end
$$;
comment on function private.reminder_template is
  'What a reminder says before its variables are filled in: staff''s words, or those that are built in. {nome}, {mancano}, {anno}, {scadenza}.';
revoke execute on function private.reminder_template from public;
