import type { Kind } from "./bill.ts";
import type { Cell } from "./cell.ts";

const count = (text: string, pattern: RegExp) => text.match(pattern)?.length ?? 0;

const IDENTITY =
  /carta d'?\s?identita|identity card|patente di guida|tessera sanitaria|passaporto|c<ita|idita|ministero dell'?interno/g;
const F24 = /modello f ?24|mod\. ?f ?24|f ?24 semplificato|delega irrevocabile|codice tributo/g;
const RECEIPT =
  /ricevuta (?:di|del|bonifico|pagamento)|attestazione di pagamento|quietanza|bonifico (?:sepa|eseguito|disposto|ordinario|europeo|istantaneo)|pagamento (?:effettuato|eseguito|completato|riuscito|andato a buon fine)|esito (?:del )?pagamento|data (?:di )?esecuzione|\bcro\b|\btrn\b|ordinante|beneficiario|contabile (?:di|bonifico)|importo pagato|hai pagato/g;
const CONTRACT =
  /proposta di (?:contratto|adesione|fornitura)|contratto di (?:somministrazione|fornitura)|condizioni generali|modulo di adesione|plico contrattuale|richiesta di (?:fornitura|attivazione|voltura|subentro)|il sottoscritto|firma del cliente|diritto di (?:recesso|ripensamento)|luogo e data/g;
const WATER = /servizio idrico|acquedotto|fognatura|depurazione|acqua potabile|consumo acqua/g;
const OTHER =
  /tassa rifiuti|\btari\b|telefonia|fibra|linea fissa|canone rai (?:speciale|ordinario)|visura|camera di commercio|certificato di attribuzione/g;
/** Letters about a supply. */
const LETTER =
  /sollecito|messa in mora|\bdiffida\b|(?:variazione|modifica) (?:unilaterale )?(?:delle |di )?(?:condizioni|prezz|offerta)|rinnovo (?:delle |di )?(?:condizioni|offerta)|conferma (?:di |della )?(?:attivazione|adesione|voltura|cessazione|richiesta)|preavviso di (?:distacco|sospensione)|autolettura|dichiarazione|la informiamo che|ti informiamo che/g;
const DETAILS =
  /totale (?:da pagare|bolletta|fattura)|scontrino|consum[oi] (?:totale )?fatturat|periodo (?:oggetto )?di (?:fatturazione|riferimento)|data (?:di )?emissione|quanto (?:ho|hai) consumato|lettur[ae] (?:iniziale|finale|precedente|attuale)|potenza impegnata/g;
const INVOICE =
  /\bbolletta\b|\bfattura\b|totale da pagare|scontrino dell'energia|periodo di (?:riferimento|fatturazione)|consumo (?:totale )?fatturato|data (?:di )?emissione|nota di credito/g;
const ELECTRICITY = /energia elettrica|\bkwh\b|potenza impegnata|punto di prelievo|\bluce\b/g;
const GAS = /\bsmc\b|\bpdr\b|gas naturale|punto di riconsegna|coefficiente c\b|\bremi\b/g;
const METER = /imp\/kwh|contatore|\bmatricola\b|\bkwh\b|\bl1\b|cl\. ?[ab12]\b|3x230|230 ?v|50 ?hz/g;

/** A PDR: fourteen digits behind its name. */
const PDR = /(?:p\.?d\.?r\.?|punto di riconsegna)[^a-z0-9]{0,12}(?:\(pdr\)[^a-z0-9]{0,6})?\d{14}(?!\d)/;
const LEAST_LETTERS = 12;

/** What a file is, by its words; null if they do not tell. */
export function findKind(cells: readonly Cell[], hasPod: boolean, isPhoto: boolean): Kind | null {
  const text = cells.map(({ plain }) => plain).join("\n");
  if (count(text, /[a-z]/g) < LEAST_LETTERS && !hasPod) return null;
  const top = cells
    .filter(({ page }) => page === 1)
    .map(({ plain }) => plain)
    .join("\n");
  const invoice = count(text, INVOICE);
  if (count(top, F24) >= 2) return "f24";
  if (count(top, IDENTITY) >= 1 && invoice === 0) return "identity";
  const receipt = count(top, RECEIPT);
  if (receipt >= 2 && receipt >= count(top, INVOICE) + count(top, /consumo|scontrino|potenza/g)) return "receipt";
  if (receipt >= 1 && count(text, ELECTRICITY) + count(text, GAS) < 2 && invoice <= 3) return "receipt";
  const bill = billKind(text, hasPod);
  const contract = count(text, CONTRACT);
  if (
    contract >= 2 &&
    contract >
      count(
        text,
        /totale da pagare|scadenza|numero fattura|(?:bolletta|fattura) n|emess[ao] il|data (?:di )?emissione|consumo (?:totale )?fatturato|periodo di (?:riferimento|fatturazione)/g,
      )
  )
    return "contract";
  if (!hasPod && count(text, WATER) >= 2) return "other";
  if (count(top, LETTER) > 0 && count(text, DETAILS) === 0) return "other";
  if (bill && (invoice > 0 || hasPod)) return bill;
  if (isPhoto && count(text, METER) >= 2 && text.length < 500) return "meter";
  if (count(text, OTHER) > 0) return "other";
  return bill;
}

function billKind(text: string, hasPod: boolean): "electricity" | "gas" | "both" | null {
  const hasPdr = PDR.test(text);
  const gas = count(text, GAS);
  const electricity = count(text, ELECTRICITY);
  if (hasPod) return hasPdr || gas >= 4 ? "both" : "electricity";
  if (hasPdr) return "gas";
  // Without either, on the first page of a bill: the words that are printed more often.
  if (gas >= 2 && gas > count(text, /\bkwh\b|potenza/g)) return "gas";
  return electricity >= 2 ? "electricity" : null;
}
