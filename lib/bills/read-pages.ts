import { COLUMNS, type Evidence, type Reading, type Supply, without } from "./bill.ts";
import { type Cell, right, toCells, type Word, wordsOf } from "./cell.ts";
import { choose } from "./choose.ts";
import { crossCheck } from "./cross-check.ts";
import { type Fact, type Facts, factAt } from "./fact.ts";
import { findHits, type Hit } from "./find-hits.ts";
import { findKind } from "./find-kind.ts";
import { findMeasured } from "./find-measured.ts";
import { findMonths } from "./find-months.ts";
import { findPods } from "./find-pods.ts";
import { findSupplier, isSuppliersVat } from "./find-supplier.ts";
import { joinWrapped } from "./join-wrapped.ts";
import { toQuote } from "./quote.ts";
import { type Part, splitSupplies } from "./split-supplies.ts";

/** The words of a file, the sizes of its pages in points, and how many pages it has in all. */
export type Pages = { words: Word[]; sizes: { width: number; height: number }[]; count: number; isPhoto: boolean };

/** A reading, and the facts behind each of its supplies. */
export type ReadPages = { reading: Reading; facts: Facts[] };

const CREDIT = /^nota di (?:credito|variazione)/;
const CORRECTION = /(?:bolletta|fattura) di (?:conguaglio|ricalcolo|rettifica)|^conguaglio$/;
const COMPANY =
  /sede legale|cap(?:itale)?\.? soc|registro (?:delle )?imprese|r\.?e\.?a\.?\b|gruppo iva|s\.p\.a|distribu/;

/** What a file is and says, by its words alone; and the facts behind each of its supplies. */
export function readPages(pages: Pages): ReadPages {
  const cells = joinWrapped(toCells(pages.words));
  const hasPod = cells.some(({ text }) => findPods(text, pages.isPhoto).length > 0);
  const kind = findKind(cells, hasPod, pages.isPhoto);
  if (kind === null) return { reading: without("needs_eyes", null, "too_little", pages.count), facts: [] };
  if (kind !== "electricity" && kind !== "both")
    return { reading: without("not_a_bill", kind, null, pages.count), facts: [] };
  const hits = findHits(cells, pages.isPhoto);
  const has = (pattern: RegExp) => cells.some(({ plain }) => pattern.test(plain));
  const correction = has(CREDIT) ? "credit" : has(CORRECTION) ? "other" : null;
  const facts = splitSupplies(cells, hits, pages.isPhoto)
    .map((part) => factsOf(part, cells, correction, pages.isPhoto))
    .filter(({ size }) => size > 0);
  const isRead = facts.some((one) => one.has("pod") || one.has("period_from"));
  const supplies = facts.map((one) => toSupply(one, pages));
  const state = isRead ? "read" : "needs_eyes";
  return { reading: { state, kind, reason: isRead ? null : "too_little", pages: pages.count, supplies }, facts };
}

function factsOf(part: Part, cells: readonly Cell[], correction: "credit" | "other" | null, isPhoto: boolean): Facts {
  const facts = choose(part.hits.filter(({ field, found }) => field !== "pod" || found.values.pod === part.pod));
  const pod = facts.get("pod") ?? (part.pod === null ? null : sightOf(part.pod, cells, isPhoto));
  if (pod) facts.set("pod", pod);
  const supplier = findSupplier(cells);
  if (supplier) {
    const { cell, start, end, name, rule, sure } = supplier;
    facts.set("supplier", factAt(name, rule, cell.text.slice(start, end), wordsOf(cell, start, end), sure));
  }
  const id = holderId(part.hits);
  if (id) facts.set("holder_hash", id);
  const measured = findMeasured(part.cells);
  const labelled = facts.get("measured");
  if (measured && (!labelled || labelled.value === measured.value))
    facts.set("measured", { ...measured, sure: measured.sure || labelled?.sure === true });
  else if (measured && labelled) facts.set("measured", { ...labelled, value: false, sure: false });
  const months = findMonths(part.cells);
  if (months) {
    const words = months.cell.words.map(({ word }) => word);
    facts.set("months", {
      ...factAt(months.months, "table of months", months.cell.text, words, months.sure),
      unit: "kWh",
    });
  }
  crossCheck(facts, part.cells, correction);
  return facts;
}

function sightOf(pod: string, cells: readonly Cell[], isPhoto: boolean): Fact | null {
  for (const cell of cells) {
    const at = findPods(cell.text, isPhoto).find((one) => one.pod === pod);
    const listed = isListed(cell, cells);
    const rule = listed ? "list of pods" : "shape";
    if (at) return factAt(pod, rule, cell.text.slice(at.start, at.end), wordsOf(cell, at.start, at.end), listed);
  }
  return null;
}

/** Whether it stands in a column of PODs whose head says so. */
function isListed(cell: Cell, cells: readonly Cell[]): boolean {
  const isPod = ({ text }: Cell) => findPods(text, false).some(({ start, end }) => end - start === text.trim().length);
  const over = cells.filter(
    (one) => one.page === cell.page && one.y < cell.y && one.x < right(cell) && cell.x < right(one),
  );
  const head = over.toReversed().find((one) => !isPod(one));
  return isPod(cell) && head !== undefined && /^(?:codice |cod\. ?)?p\.?o\.?d\.?$/.test(head.plain.trim());
}

/** The holder's VAT number, else tax code; not a company's that the bill's footer names. */
function holderId(hits: readonly Hit[]): Fact | null {
  const own = hits.filter(({ found, label }) => {
    const id = found.values.holder_id;
    return id !== undefined && !isSuppliersVat(String(id)) && !COMPANY.test(label.plain);
  });
  const ids = [...new Set(own.map(({ found }) => String(found.values.holder_id)))];
  const numbers = ids.filter((id) => /^\d/.test(id));
  const id = numbers[0] ?? ids[0];
  const hit = own.find(({ found }) => found.values.holder_id === id);
  if (id === undefined || !hit) return null;
  const sure = hit.clear && numbers.length <= 1 && ids.length - numbers.length <= 1;
  return factAt(id, `${hit.rule}, ${hit.place}`, hit.label.text.slice(0, 20).replace(/\d/g, ""), hit.words, sure);
}

function toSupply(facts: Facts, pages: Pages): Supply {
  const evidence: Supply["evidence"] = {};
  const values: Record<string, unknown> = {};
  for (const column of COLUMNS) {
    const fact = facts.get(column);
    values[column] = fact?.value ?? null;
    if (fact) evidence[column] = toEvidence(fact, column === "holder_hash", pages);
  }
  const { holder_hash: holder_id, months, ...rest } = values;
  return { ...rest, holder_id, months: months ?? [], evidence } as Supply;
}

function toEvidence(fact: Fact, isPersonal: boolean, { sizes, isPhoto }: Pages): Evidence {
  const { value, unit, rule, quote, place, sure } = fact;
  const size = sizes[place.page - 1];
  const box =
    !size || isPhoto
      ? null
      : {
          x: round(place.x / size.width),
          y: round(place.y / size.height),
          width: round(place.width / size.width),
          height: round(place.height / size.height),
        };
  const keep = isPersonal ? [] : [String(value), ...(rule === "vat number" ? [quote] : [])];
  return { value: isPersonal ? null : value, unit, page: place.page, quote: toQuote(quote, keep), rule, sure, box };
}

const round = (part: number): number => Math.round(part * 10_000) / 10_000;
