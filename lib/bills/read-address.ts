import type { Cell } from "./cell.ts";
import type { Found, Region } from "./region.ts";

const STREET =
  /^(?:via|viale|v\.le|vle|v\.|piazza|p\.?za|p\.?zza|piazzale|p\.le|corso|c\.so|strada|str\.|s\.p\.|s\.s\.|sp|ss|contrada|c\.da|c\/da|cda|localita|loc\.?|frazione|fraz\.?|fr\.|vicolo|largo|podere|cascina|c\.na|borgo|borgata|salita|regione|reg\.|vocabolo|voc\.|masseria|tenuta|fondo|traversa|trav\.|calle|lungo\w*|rione|maso|zona|case|casale|villaggio|rotonda|galleria|stradone|argine|carraia|ca'|snc)(?![a-z])/;
const TOWN = /(?<!\d)\d{5}(?!\d)[ ,-]+\p{L}[\p{L}' .-]+/u;
const TOWN_LAST = /(?<!\d)\d{5}(?!\d)[ ,-]+\p{Lu}[\p{L}' .-]*?(?:[ ,-]+\(?[A-Z]{2}\)?)?\.?$/u;
/** A province in the middle: something that is no address follows it. */
const PROVINCE_INSIDE = /\d{5}.*?(?:\([A-Z]{2}\)|(?<=[a-z] )[A-Z]{2}(?= )).*[a-z0-9€]/;
const CODES =
  "AG|AL|AN|AO|AP|AQ|AR|AT|AV|BA|BG|BI|BL|BN|BO|BR|BS|BT|BZ|CA|CB|CE|CH|CL|CN|CO|CR|CS|CT|CZ|EN|FC|FE|FG|FI|FM|FR|GE|GO|GR|IM|IS|KR|LC|LE|LI|LO|LT|LU|MB|MC|ME|MI|MN|MO|MS|MT|NA|NO|NU|OR|PA|PC|PD|PE|PG|PI|PN|PO|PR|PT|PU|PV|PZ|RA|RC|RE|RG|RI|RM|RN|RO|SA|SI|SO|SP|SR|SS|SU|SV|TA|TE|TN|TO|TP|TR|TS|TV|UD|VA|VB|VC|VE|VI|VR|VT|VV";
const PROVINCE = new RegExp(`(?:\\((?:${CODES})\\)|(?:^|[ ,-])\\(?(?:${CODES})\\)?)\\.?$`);
const MOST_LINES = 3;

/** Whether a plain text begins as an Italian street or place does. */
export const isStreet = (plain: string): boolean => STREET.test(plain.replace(/^[^a-z]+/, ""));

/** The address of the supply, on up to three lines. It is exact only with its town, and if nothing goes on under it. */
export function readAddress(region: Region): Found | null {
  const start = /^[\s:=*–-]*/.exec(region.text)?.[0].length ?? 0;
  const first = region.text.slice(start).replace(/[\s,;:–-]+$/, "");
  if (!isStreet(region.plain.slice(start)) || first.length > 120) return null;
  let address = first;
  const more: Cell[] = [];
  let next = region.next(region.cell);
  while (next && more.length < MOST_LINES - 1 && goesOn(address, next)) {
    const line = next.text.trim().replace(/[\s,;:–-]+$/, "");
    const joint = /[,-]$/.test(address) || /^[,(-]/.test(line) || TOWN.test(address) ? " " : ", ";
    address = `${address}${joint}${line}`;
    more.push(next.cell);
    next = next.next(next.cell);
  }
  const exact = isWhole(address) && (next === null || PROVINCE.test(address) || !isPlace(next));
  return { values: { address }, unit: null, start, end: start + first.length, more, exact };
}

const isWhole = (address: string) =>
  !/[;:€]/.test(address) &&
  !PROVINCE_INSIDE.test(address) &&
  (TOWN_LAST.test(address) || (PROVINCE.test(address) && /\d|s\.?n\.?c/i.test(address)));

/** A line that a part of an address could be. */
function isPlace({ text, plain }: Region): boolean {
  return (
    text.length < 60 &&
    !/[€:@]|\bkwh?\b/.test(plain) &&
    (/^\D*\d{5}\D/.test(text) || /^[\p{Lu}(][\p{L}'(). -]+$/u.test(text.trim()))
  );
}

function goesOn(address: string, next: Region): boolean {
  if (!isPlace(next)) return false;
  const startsTown = /^\D{0,3}\d{5}\D/.test(next.text.trim());
  if (!TOWN.test(address)) return startsTown || isStreet(next.plain) || PROVINCE.test(next.text.trim());
  // The rest of the town's name, or the province alone.
  return !PROVINCE.test(address) && PROVINCE.test(next.text.trim());
}
