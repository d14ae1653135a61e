import { isStreet } from "./read-address.ts";
import type { Found, Region } from "./region.ts";

const LONGEST = 100;
/** Words of a sentence, a heading or another fact; a name has none of them. */
const NOT_A_NAME =
  /[€@]|https?|www\.|\bkwh?\b|\b(?:contratto|fornitura|bolletta|fattura|pagamento|importo|totale|euro|periodo|codice|numero|clienti?|servizio|indirizzo|dati|residente|domestico|altri usi|uso|mercato|offerta|energia elettrica|punto|tipo|tipologia|scadenza|data|questo|della tua|puoi|sono|deve|presente|dal|kw|pod|pdr|iban)\b/;
const SMALL =
  /^(?:d[aieo]|de[li]?|della|dell[eo]?|dei|degli|e|ed|in|&|c\.?|f\.?lli|s|ss|snc|sas|srl|la|il|lo|le|i|gli|a|al|d'\p{Lu}.*|dell'\p{Lu}.*)$/iu;
const GOES_ON = /(?:\b(?:di|e|ed|da|de|del|della|dei|degli)|[&,-])$/i;

const LEGAL_FORM =
  /^(?:s\.?r\.?l\.?s?\.?|s\.?p\.?a\.?|s\.?s\.?|s\.?n\.?c\.?|s\.?a\.?s\.?|societa'? (?:agricola|semplice|cooperativa).*|soc\..*|ss|& c\.? ?.*)$/;

/** The holder's name, on one line or two. It is exact only if nothing that could belong to it stands under it. */
export function readHolder(region: Region): Found | null {
  const start = /^[\s:=.*–-]*(?:(?:sig\.?(?:ra)?|spett\.? ?le|azienda:)\s+)?/i.exec(region.text)?.[0].length ?? 0;
  const first = region.text.slice(start).replace(/[\s,;:–-]+$/, "");
  if (!isName(first)) return null;
  const next = region.next(region.cell);
  const line = next?.text.trim() ?? "";
  // A line that begins with a letter, is no street and has no number may belong to the name.
  const follows = next && /^[\p{L}&]/u.test(line) && !/\d/.test(line) && !isStreet(next.plain) ? next : null;
  const isForm = LEGAL_FORM.test(next?.plain.trim() ?? "");
  const isJoined = follows !== null && (isForm || (GOES_ON.test(first) && isName(line)));
  const last = isJoined ? follows.next(follows.cell) : follows;
  const ends = isJoined
    ? !last || /\d|:/.test(last.text) || isStreet(last.plain)
    : follows === null && !GOES_ON.test(first);
  return {
    values: { holder: isJoined ? `${first} ${line}` : first },
    unit: null,
    start,
    end: start + first.length,
    more: isJoined ? [follows.cell] : [],
    exact: ends && !/[;:]/.test(first),
  };
}

function isName(text: string): boolean {
  const plain = text.toLowerCase();
  if (text.length > LONGEST || NOT_A_NAME.test(plain) || /\d[./,-]\d|\d{5}/.test(text)) return false;
  const words = text.split(/[\s/]+/).filter((word) => /\p{L}/u.test(word));
  const named = words.filter((word) => /^[^\p{L}]*\p{Lu}/u.test(word));
  const letters = text.match(/\p{L}/gu)?.length ?? 0;
  return letters >= 4 && words.length >= 2 && words.every((word) => named.includes(word) || SMALL.test(word));
}
