import { CODE, type Label, OF, pattern, strong, weak } from "./label.ts";

/** Labels of who and where the customer is, and of the invoice. */
export const LABELS_OF_PAPERS: readonly Label[] = [
  strong(
    "holder",
    "intestatario",
    pattern(
      `(?:intestatari[oa]${OF}(?: contratto| fornitura| utenza| bolletta| fattura)?|intestazione(?: contratto| del contratto| fattura)?|intestat[oa] a)`,
    ),
  ),
  strong(
    "holder",
    "ragione sociale",
    pattern(
      "(?:(?:nome|cognome e nome|nome e cognome|denominazione) ?(?:\\/|o|e) ?)?ragione sociale(?: ?\\/ ?nome)?|nome e cognome|cognome e nome|denominazione",
    ),
  ),
  weak("holder", "cliente", pattern("(?:dati (?:del )?)?cliente")),
  strong(
    null,
    "altro cliente",
    pattern(
      "(?:codice|numero|n\\.|n°|servizio|gentile|tipo|cod\\.) ?client[ei](?: finale)?|cliente (?:n\\.|numero|finale|tipo|domestico|non domestico)|intestatario (?:del )?(?:conto|c\\/c|pagamento|metodo|carta)(?: corrente)?",
    ),
  ),

  strong(
    "holder_id",
    "codice fiscale e partita iva",
    pattern(
      "(?:(?:codice fiscale|cod\\. ?fisc\\.?|c\\. ?f\\.?|cf)(?: ?(?:\\/|e|-|o) ?(?:partita iva|p\\. ?iva|p\\.? ?iva))?|(?:partita iva|p\\. ?i\\.? ?v\\.? ?a\\.?|p\\.?iva)(?: ?(?:\\/|e|-|o) ?(?:codice fiscale|c\\. ?f\\.?|cf))?)",
    ),
  ),

  strong(
    "address",
    "indirizzo di fornitura",
    pattern("indirizzo (?:di |della |della tua |del punto di )?(?:fornitura|prelievo)"),
  ),
  strong("address", "punto di fornitura", pattern("(?:punto|luogo|ubicazione|sede)(?: di| della)? fornitura")),
  strong(
    "address",
    "fornitura in",
    pattern(
      "(?:la tua )?fornitura(?: di (?:energia elettrica|luce|elettricita))?(?: e)? (?:in|sita in|ubicata in)(?=[: ]|$)",
    ),
  ),
  strong(
    null,
    "altro indirizzo",
    pattern(
      "(?:indirizzo|recapito|sede legale|residenza|spett(?:\\.|abile) ?(?:le)?)(?: (?:di |del |della |per )?(?:recapito|fatturazione|spedizione|residenza|corrispondenza|sede legale|invio|postale|cliente))?(?: (?:della )?(?:bolletta|fattura))?",
    ),
  ),

  strong("issued", "data di emissione", pattern("data (?:di )?emissione(?: della)?(?: fattura| bolletta)?")),
  strong("issued", "emessa il", pattern("emess[ao] (?:il|in data)(?: giorno)?")),
  weak("issued", "emissione", pattern("emissione")),
  strong("issued", "data fattura", pattern("data (?:della )?(?:fattura|bolletta|documento)")),
  strong(
    null,
    "scadenza",
    pattern(
      "(?:data (?:di )?)?scadenza(?: pagamento)?|scade il|(?:da pagare )?entro il|pagata? il|data (?:di )?(?:pagamento|attivazione|decorrenza|inizio|stipula|lettura|prossim\\w+|ultim\\w+|switch|addebito|valuta)(?: \\w+)?",
    ),
  ),

  strong(
    "invoice",
    "numero fattura elettronica",
    pattern(`(?:${CODE} ?)?(?:della )?fattura elettronica(?: ?${CODE})? valida ai fini fiscali(?: ?${CODE}(?![a-z]))?`),
  ),
  strong(
    "invoice",
    "fattura elettronica n.",
    pattern(`(?:${CODE} ?(?:della |di )?)?fattura elettronica(?: ?${CODE}(?![a-z]))?`),
  ),
  strong("invoice", "fattura n.", pattern(`(?:bolletta|fattura|documento)(?: fiscale)? ?${CODE}(?![a-z])`)),
  strong(
    "invoice",
    "numero fattura",
    pattern(`${CODE} ?(?:della |del |di )?(?:bolletta|fattura|documento)(?: fiscale)?`),
  ),
  strong(
    null,
    "altro numero",
    pattern(
      `${CODE} ?(?:(?:di |del )?(?:contratto|offerta|contatore|matricola|verde|utente|presa|utenza))|(?:contratto|offerta) ?${CODE}(?![a-z])|matricola(?: contatore| misuratore)?|codice (?:contratto|offerta|utenza|univoco|avviso|sia)|(?:codice )?p\\.?d\\.?r\\.?(?![a-z])|(?:nota di credito|fattura di riferimento|bolletta precedente|fattura precedente|rif\\.? fattura)(?: ?${CODE})?|iban|importo(?: totale)?|totale (?:da pagare|bolletta|fattura|imponibile|iva)|spesa (?:per|totale)|quota (?:fissa|energia|consumi)|distributore|comune|provincia|cap(?= ?[:\\d])|telefono|email|pec(?= ?:)`,
    ),
  ),
];
