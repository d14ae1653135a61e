import { type Label, OF, pattern, strong, weak } from "./label.ts";
import { LABELS_OF_PAPERS } from "./labels-of-papers.ts";

/** The labels of all suppliers, on plain text. Where several begin at one place the longest counts. */
export const LABELS: readonly Label[] = [
  ...LABELS_OF_PAPERS,

  strong(
    "pod",
    "pod",
    pattern(
      "(?:(?:codice|cod\\.|numero|n\\.) ?)?p\\.?o\\.?d\\.?(?: ?\\(?(?:punto di prelievo|punto di riconsegna|punto di fornitura)\\)?)?",
    ),
  ),
  strong("pod", "punto di prelievo", pattern("punto di prelievo(?: ?\\(? ?p\\.?o\\.?d\\.?\\)?)?")),

  strong(
    "period",
    "periodo di riferimento",
    pattern(`(?:il |nel )?periodo${OF} riferimento(?: della bolletta| dei consumi)?`),
  ),
  strong("period", "periodo di fatturazione", pattern(`(?:il |nel )?periodo(?: oggetto)?${OF} fatturazione`)),
  strong(
    "period",
    "periodo fatturato",
    pattern("(?:il |nel )?periodo (?:fatturato|bolletta|della bolletta|fattura|della fattura)"),
  ),
  strong(
    "period",
    "periodo consumi",
    pattern(`(?:il |nel )?periodo${OF} (?:consumo|consumi|competenza|fornitura)(?: fatturati| fatturato)?`),
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
      "(?:totale )?consum[oi](?: total[ei])? (?:del|dei|nel) (?:periodo|bimestre|mese|trimestre)(?: di riferimento| di fatturazione)?",
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
