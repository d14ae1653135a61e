import type { Cell } from "./cell.ts";
import type { Hit } from "./find-hits.ts";
import { findPods } from "./find-pods.ts";
import type { Field } from "./label.ts";

/** The part of a file that is about one POD; a pod of null is a file's that prints none. */
export type Part = { pod: string | null; hits: Hit[]; cells: Cell[] };

/** What is said once for the whole file. */
const SHARED: readonly Field[] = ["holder", "holder_id", "issued", "invoice"];
const PDR = /(?:p\.?d\.?r\.?|punto di riconsegna)/;

type Sight = { id: string; cell: Cell };

/**
 * Divides a file by its PODs. A page with one POD is that one's, and so are the next pages without any. On a page with
 * several, each label must come as often as the PODs, always before or always behind its own; otherwise it is nobody's.
 * A PDR is divided off like a POD: what stands with it is about gas.
 */
export function splitSupplies(cells: readonly Cell[], hits: readonly Hit[], isPhoto: boolean): Part[] {
  const sights = cells.flatMap((cell): Sight[] => [
    ...findPods(cell.text, isPhoto).map(({ pod }) => ({ id: pod, cell })),
    ...(PDR.test(cell.plain) ? [{ id: "gas", cell }] : []),
  ]);
  const pods = [...new Set(sights.map(({ id }) => id))].filter((id) => id !== "gas");
  const gas = sights.some(({ id }) => id === "gas");
  if (pods.length <= 1 && !gas) return [{ pod: pods[0] ?? null, hits: [...hits], cells: [...cells] }];

  const order = new Map(cells.map((cell, i) => [cell, i]));
  const at = (cell: Cell) => order.get(cell) ?? 0;
  const parts = new Map<string, Part>(pods.map((pod) => [pod, { pod, hits: [], cells: [] }]));
  if (pods.length === 0) parts.set("", { pod: null, hits: [], cells: [] });
  let current: string | null = null;
  for (const page of new Set(cells.map((cell) => cell.page))) {
    const ofPage = cells.filter((cell) => cell.page === page);
    const own = hits.filter(({ label }) => label.page === page);
    const here = [
      ...new Map(
        sights
          .filter(({ cell }) => cell.page === page)
          .toReversed()
          .map((sight) => [sight.id, sight]),
      ).values(),
    ];
    if (here.length === 1) current = here[0]?.id ?? null;
    if (here.length <= 1) {
      const part = current === null ? undefined : parts.get(current);
      part?.hits.push(...own);
      part?.cells.push(...ofPage);
      if (current === null) for (const one of parts.values()) one.hits.push(...own);
      continue;
    }
    current = null;
    here.sort((a, b) => at(a.cell) - at(b.cell));
    here.forEach(({ id, cell }, i) => {
      const part = parts.get(id);
      const end = here[i + 1]?.cell;
      part?.cells.push(...ofPage.filter((one) => at(one) >= at(cell) && (!end || at(one) < at(end))));
    });
    for (const one of pair(here, own, at)) parts.get(one.id)?.hits.push(one.hit);
  }
  const shared = hits.filter(({ field }) => SHARED.includes(field));
  return [...parts.values()].map((part) => ({
    ...part,
    hits: [...shared, ...part.hits.filter(({ field }) => !SHARED.includes(field))],
  }));
}

function pair(sights: readonly Sight[], hits: readonly Hit[], at: (cell: Cell) => number): { id: string; hit: Hit }[] {
  return [...Map.groupBy(hits, ({ field }) => field).values()].flatMap((own) => {
    const sorted = own.toSorted((a, b) => at(a.label) - at(b.label));
    // Also in one line of a table, label and POD in one cell.
    const behind = sights.every(({ cell }, i) => {
      const [hit, next] = [sorted[i], sights[i + 1]];
      return hit && at(hit.label) >= at(cell) - 1 && (!next || at(hit.label) < at(next.cell) - 1);
    });
    const before = sights.every(({ cell }, i) => {
      const [hit, last] = [sorted[i], sights[i - 1]];
      return hit && at(hit.label) <= at(cell) && (!last || at(hit.label) > at(last.cell));
    });
    const isPod = own[0]?.field === "pod";
    if (isPod) return sorted.map((hit) => ({ id: String(hit.found.values.pod), hit }));
    if (own[0]?.field === "period" && isForAll(sorted, sights, at))
      return sights.flatMap(({ id }) => sorted.map((hit) => ({ id, hit })));
    if (sorted.length !== sights.length || behind === before) return [];
    return sights.flatMap(({ id }, i) => (sorted[i] ? [{ id, hit: sorted[i] }] : []));
  });
}

/** Said once, before the list of supplies. */
function isForAll(hits: readonly Hit[], sights: readonly Sight[], at: (cell: Cell) => number): boolean {
  const [first] = sights;
  return (
    first !== undefined &&
    hits.every(({ label }) => at(label) < at(first.cell)) &&
    new Set(hits.map(({ found }) => JSON.stringify(found.values))).size === 1
  );
}
