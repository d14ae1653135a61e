import type { Cell } from "./cell.ts";

/** Short names; VAT numbers that sources agree on; the company's name without its legal form. */
const SUPPLIERS: readonly { name: string; vat: string | null; company: string }[] = [
  { name: "Enel Energia", vat: "06655971007", company: "enel energia" },
  {
    name: "Servizio Elettrico Nazionale",
    vat: "09633951000",
    company: "servizio elettrico nazionale|enel servizio elettrico",
  },
  { name: "Plenitude", vat: "12300020158", company: "eni plenitude|plenitude|eni gas e luce" },
  { name: "A2A Energia", vat: "12883420155", company: "a2a energia" },
  { name: "Edison Energia", vat: "08526440154", company: "edison energia" },
  { name: "Hera Comm", vat: "02221101203", company: "hera comm" },
  { name: "Iren Mercato", vat: "01178580997", company: "iren mercato" },
  { name: "Acea Energia", vat: null, company: "acea energia" },
  { name: "Sorgenia", vat: null, company: "sorgenia" },
  { name: "E.ON", vat: null, company: "e\\.? ?on energia" },
  { name: "ENGIE", vat: null, company: "engie italia" },
  { name: "Axpo", vat: null, company: "axpo italia" },
  { name: "Dolomiti", vat: null, company: "dolomiti energia(?: mercato)?" },
  { name: "AGSM AIM", vat: null, company: "agsm aim energia|agsm energia" },
  { name: "Duferco", vat: null, company: "duferco energia" },
  { name: "Illumia", vat: null, company: "illumia" },
  { name: "NeN", vat: null, company: "nen|yada energia" },
  { name: "Octopus", vat: null, company: "octopus energy italia" },
];
const VAT_NUMBERS = new Set(SUPPLIERS.flatMap(({ vat }) => vat ?? []));
const FORM = ",? ?(?:s\\.? ?p\\.? ?a|s\\.? ?r\\.? ?l|societa per azioni)(?![a-z])";
/** What stands before a company that is not the one who writes the bill. */
const ANOTHER =
  /(?:gruppo|coordinamento (?:di|da parte di)|controllata da|fornitore (?:precedente|uscente)|precedente fornitore|da|verso|contro|ex)[: ]*$/;
const FOOTER =
  /\b(?:p\.? ?iva|partita iva|sede legale|cap(?:itale)?\.? soc|registro (?:delle )?imprese|r\.?e\.?a\.?\b|societa benefit|socio unico)/;

export type FoundSupplier = { name: string; cell: Cell; start: number; end: number; rule: string; sure: boolean };

export const isSuppliersVat = (digits: string): boolean => VAT_NUMBERS.has(digits);

/** Who writes the bill: by VAT number or by name with legal form, never by a word of a logo. */
export function findSupplier(cells: readonly Cell[]): FoundSupplier | null {
  const found = cells.flatMap((cell) => mentionsIn(cell, cells));
  const byVat = found.filter(({ rule }) => rule === "vat number");
  const printed = found.filter(({ inFooter }) => inFooter);
  const best = byVat[0] ?? printed[0] ?? found[0];
  if (!best) return null;
  // Another company in a footer, or with its VAT number, contradicts; one in a sentence does not.
  const others = (byVat.length > 0 ? [...byVat, ...printed] : found).filter(({ name }) => name !== best.name);
  const isNamed = best.rule === "vat number" || best.inFooter;
  return { ...best, sure: others.length === 0 && isNamed };
}

type Mention = Omit<FoundSupplier, "sure"> & { inFooter: boolean };

function mentionsIn(cell: Cell, cells: readonly Cell[]): Mention[] {
  const nearby = () => {
    const at = cells.indexOf(cell);
    return cells
      .slice(Math.max(0, at - 1), at + 3)
      .filter((one) => one.page === cell.page)
      .map(({ plain }) => plain)
      .join(" ");
  };
  return SUPPLIERS.flatMap(({ name, vat, company }) => {
    const mentions: Mention[] = [];
    const at = vat === null ? -1 : (new RegExp(`(?<!\\d)${vat}(?!\\d)`).exec(cell.plain)?.index ?? -1);
    if (at >= 0) mentions.push({ name, cell, start: at, end: at + 11, rule: "vat number", inFooter: true });
    for (const match of cell.plain.matchAll(new RegExp(`(?<![a-z.])(?:${company})${FORM}`, "g"))) {
      if (ANOTHER.test(cell.plain.slice(0, match.index))) continue;
      const end = match.index + match[0].length;
      mentions.push({ name, cell, start: match.index, end, rule: "name", inFooter: FOOTER.test(nearby()) });
    }
    return mentions;
  });
}
