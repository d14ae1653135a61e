import type { Catalog } from "./catalog.ts";

/** A fact that is not the same in two catalogs; null if one of them does not have it. */
export type Difference = { name: string; wanted: string | null; found: string | null };

export function compareCatalogs(wanted: Catalog, found: Catalog): Difference[] {
  const names = [...new Set([...wanted.keys(), ...found.keys()])].sort();
  return names
    .map((name) => ({ name, wanted: wanted.get(name) ?? null, found: found.get(name) ?? null }))
    .filter((fact) => fact.wanted !== fact.found);
}

/** Each difference in whole lines: `-` is wanted, `+` is found. */
export const differenceLines = (differences: Difference[]): string[] =>
  differences.flatMap(({ name, wanted, found }) => [...line("-", name, wanted), ...line("+", name, found)]);

const line = (sign: string, name: string, says: string | null): string[] =>
  says === null ? [] : [`${sign} ${name}${says && ": "}${says.replace(/\s+/g, " ").trim()}`];

/**
 * The same for a person: whatever belongs to a table or function that is not in both is left out, and long texts are
 * cut.
 */
export function describeDifferences(differences: Difference[], limit = 24): string[] {
  const whole = differences.filter(
    ({ name, wanted, found }) => /^(table|function) /.test(name) && (wanted === null || found === null),
  );
  const owners = whole.map(({ name }) => name.replace(/^\w+ /, "").replace(/\(.*/, ""));
  const partOf = (owner: string, { name }: Difference) =>
    name.split(/[ (]/).some((word) => word === owner || word.startsWith(`${owner}.`));
  const shown = differences.filter((one) => whole.includes(one) || !owners.some((owner) => partOf(owner, one)));
  const lines = shown.flatMap(({ name, wanted, found }) => {
    if (wanted === null || found === null) return [`${found === null ? "-" : "+"} ${name}`];
    return [...line("-", name, excerpt(wanted, found)), ...line("+", name, excerpt(found, wanted))];
  });
  return lines.length > limit ? [...lines.slice(0, limit), `… and ${lines.length - limit} more`] : lines;
}

/** The place at which a text begins to differ from another, with a little before it. */
function excerpt(text: string, other: string): string {
  const same = [...text].findIndex((character, index) => character !== other[index]);
  const start = Math.max(0, (same === -1 ? text.length : same) - 40);
  return `${start > 0 ? "…" : ""}${text.slice(start, start + 120)}${text.length > start + 120 ? "…" : ""}`;
}
