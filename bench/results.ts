import { readFile, writeFile } from "node:fs/promises";
import { chart } from "./chart.ts";
import { type Entry, Results } from "./entry.ts";
import { ITEMS } from "./items.ts";

const JSON_FILE = new URL("results.json", import.meta.url);
const SVG_FILE = new URL("results.svg", import.meta.url);

/** Puts an item's entry in its place; those of the others stay as they are. */
export async function keep(name: string, entry: Entry): Promise<void> {
  const known = await readResults();
  const names = Object.keys(ITEMS);
  const results: Results = Object.fromEntries(
    Object.entries({ ...known, [name]: entry }).sort(([a], [b]) => names.indexOf(a) - names.indexOf(b)),
  );
  await writeFile(JSON_FILE, `${JSON.stringify(results, null, 2)}\n`);
  await writeFile(SVG_FILE, chart(results));
}

async function readResults(): Promise<Results> {
  const text = await readFile(JSON_FILE, "utf8").catch(() => "{}");
  return Results.parse(JSON.parse(text));
}
