/** What stands behind a label. `type` is the kind of customer or contract, which tells use and voltage. */
export type Field =
  | "pod"
  | "period"
  | "kwh"
  | "annual"
  | "power"
  | "type"
  | "voltage"
  | "holder"
  | "holder_id"
  | "address"
  | "issued"
  | "invoice"
  | "replaces"
  | "measured";

/** A field of null is a label of something that is not kept, and that must not be taken for what is. */
export type Label = { field: Field | null; rule: string; pattern: RegExp; strong: boolean };

const strong = (field: Field | null, rule: string, pattern: RegExp): Label => ({ field, rule, pattern, strong: true });
/** Says less than the others: it counts only if none of them is there. */
const weak = (field: Field, rule: string, pattern: RegExp): Label => ({ field, rule, pattern, strong: false });

const OF = "(?: (?:di|del|della|dei|delle|per la|per il))?";
const CODE = "(?:n\\.?(?: ?[°o]\\.?)?|nr\\.?|num\\.?|numero)";
const pattern = (source: string) => new RegExp(source, "y");

/** The labels of all suppliers, on plain text. Where several begin at one place the longest counts. */
export const LABELS: readonly Label[] = [
  strong(
    "pod",
    "pod",
    pattern(
      "(?:(?:codice|cod\\.|numero|n\\.) ?)?p\\.?o\\.?d\\.?(?: ?\\(?(?:punto di prelievo|punto di riconsegna|punto di fornitura)\\)?)?",
    ),
  ),
  strong("pod", "punto di prelievo", pattern("punto di prelievo(?: ?\\(? ?p\\.?o\\.?d\\.?\\)?)?")),

  strong("period", "periodo di riferimento", pattern(`periodo${OF} riferimento(?: della bolletta| dei consumi)?`)),
  strong("period", "periodo di fatturazione", pattern(`periodo(?: oggetto)?${OF} fatturazione`)),
  strong("period", "periodo fatturato", pattern("periodo (?:fatturato|bolletta|della bolletta|fattura|della fattura)")),
  strong(
    "period",
    "periodo consumi",
    pattern(`periodo${OF} (?:consumo|consumi|competenza|fornitura)(?: fatturati| fatturato)?`),
  ),
  weak("period", "periodo", pattern("(?:nel |il )?periodo(?: dal(?= \\d))?")),
  weak("period", "competenza", pattern("competenza")),
  strong(
    null,
    "periodo altro",
    pattern(
      "periodo (?:precedente|di validita|validita|contrattuale|storico|di applicabilita|di ricalcolo|di osservazione|di raffronto)",
    ),
  ),
  strong(
    null,
    "condizioni",
    pattern(
      "(?:condizioni economiche|offerta|contratto|prezzi?)(?: \\w+)? valid[aieo](?: dal)?|validita(?: dell'offerta| condizioni economiche)?",
    ),
  ),

  strong(
    "kwh",
    "consumo totale fatturato",
    pattern(
      "(?:totale )?consum[oi] total[ei](?: energia| energia elettrica| elettrico)? fatturat[oi](?: (?:nel|del|per il) periodo)?",
    ),
  ),
  strong(
    "kwh",
    "consumi fatturati",
    pattern(
      "(?:totale )?consum[oi](?: elettric[oi])? fatturat[oi](?: (?:nel|del|per il) periodo)?(?: \\(?energia attiva\\)?)?",
    ),
  ),
  strong(
    "kwh",
    "consumo del periodo",
    pattern(
      "(?:totale )?consum[oi](?: total[ei])? (?:del|nel) (?:periodo|bimestre|mese|trimestre)(?: di riferimento| di fatturazione)?",
    ),
  ),
  strong("kwh", "quanto ho consumato", pattern("quanto (?:ho|hai|abbiamo) consumato(?: nel periodo)?\\??")),
  strong(
    "kwh",
    "totale consumo",
    pattern("total[ei] consum[oi](?: energia(?: elettrica| attiva)?| fatturat[oi]| (?:nel|del) periodo)*"),
  ),
  weak("kwh", "consumo rilevato", pattern("consum[oi] (?:rilevat[oi]|effettiv[oi]|misurat[oi])")),
  weak("kwh", "energia attiva", pattern("energia attiva(?: fatturata| prelevata| consumata| totale)?")),
  weak("kwh", "consumo totale", pattern("consum[oi] total[ei]|consumo energia(?: elettrica)?")),
  strong(null, "consumo stimato", pattern("consum[oi] stimat[oi]|di cui stimat[oi]")),
  strong(null, "energia reattiva", pattern("energia reattiva(?: induttiva| capacitiva)?|perdite(?: di rete)?")),
  strong(
    null,
    "consumo precedente",
    pattern(
      "consum[oi] (?:medi[oi]|gia fatturat[oi]|precedent[ei]|giornalier[oi]|dello stesso periodo)(?: (?:nel|del) periodo)?(?: giornalier[oi])?",
    ),
  ),

  strong("annual", "consumo annuo", pattern("consumo annu(?:o|ale)(?: aggiornato| complessivo| totale| rilevato)?")),
  strong(
    "annual",
    "ultimi 12 mesi",
    pattern("consum[oi](?: total[ei]| complessiv[oi])? (?:degli |negli )?ultimi (?:12|dodici) mesi"),
  ),
  strong("annual", "in un anno", pattern("in un anno hai consumato")),
  strong(
    null,
    "da inizio fornitura",
    pattern(
      "consum[oi](?: annu[oi])?(?: rilevat[oi]| complessiv[oi])? (?:da(?:ll')? ?inizio|dall'attivazione)(?: della)?(?: fornitura)?",
    ),
  ),
  strong(
    null,
    "consumo annuo stimato",
    pattern("consumo annuo (?:stimato|presunto|previsto|contrattuale|medio|di riferimento)"),
  ),

  strong("power", "potenza impegnata", pattern("potenza (?:contrattual(?:mente|e) )?impegnata")),
  strong(
    null,
    "altra potenza",
    pattern(
      "(?:quota )?potenza(?: disponibile| massima| prelevata| media| di picco| contrattuale(?! impegnata))?(?: prelevata)?(?! impegnata| contrattual\\w+ impegnata)|livello massimo di potenza(?: prelevata)?",
    ),
  ),

  strong(
    "voltage",
    "tensione",
    pattern(
      "(?:livello |tipo |tipologia )?(?:di )?(?<!media |bassa |alta )tensione(?: di (?:alimentazione|fornitura|consegna))?",
    ),
  ),
  strong(
    "type",
    "tipologia",
    pattern(`tipo(?:logia)?(?: di| del)? ?(?:cliente|contratto|utenza|fornitura|uso|d'uso|utilizzo)`),
  ),
  strong("type", "uso", pattern("(?:destinazione d'uso|categoria(?: d'uso| cliente)?|uso(?= ?(?::|$)))")),
  strong(
    "type",
    "tariffa",
    pattern("(?:tariffa(?: di)?(?: distribuzione| applicata)?|opzione tariffaria|codice tariffa)"),
  ),

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

  strong(
    "replaces",
    "ricalcolo",
    pattern(
      "(?:periodo (?:di |del |dei |oggetto di )?|importo )?(?:ricalcol[oi]|conguagli[oo]|rettific(?:a|he))(?: (?:dei |di )?consumi)?(?: (?:per il |del |nel |relativo al )?periodo)?(?: gia fatturat[oi])?",
    ),
  ),
  strong(
    "replaces",
    "sostituisce",
    pattern(
      "(?:sostituisce|annulla e sostituisce|consumi gia fatturati|ricalcolati)(?: i consumi| la bolletta| le bollette)?(?: (?:per il |del |nel |relativi al )?periodo)?",
    ),
  ),

  strong(
    "measured",
    "tipo di lettura",
    pattern(
      "tipo(?:logia)?(?: di| della| dei)? ?(?:lettur[ae]|consum[oi]|dato|dati|misur[ae]|rilevazione)|natura (?:dei )?consumi",
    ),
  ),
];
