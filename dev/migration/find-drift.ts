import { readFile } from "node:fs/promises";
import { fillLegacy } from "../../tests/helpers/legacy.ts";
import { type Catalog, readCatalog } from "../catalog.ts";
import { compareCatalogs, describeDifferences, differenceLines } from "../compare-catalogs.ts";
import type { LocalDatabase } from "../database.ts";
import { applyMigrations } from "./apply-migrations.ts";
import { applySchemas } from "./apply-schemas.ts";
import type { CreateProject } from "./projects.ts";
import { readMigrations } from "./read-migrations.ts";

/**
 * Differences between what the migrations make and what supabase/schemas say, in sentences that say what to do: on an
 * empty project, and over what the previous system left, apart from what is listed.
 *
 * @param migrated a project that had nothing before all migrations
 */
export async function findDrift(supabase: URL, migrated: LocalDatabase, create: CreateProject): Promise<string[]> {
  const schemas = await create();
  await applySchemas(schemas.database, supabase);
  const wanted = await readCatalog(schemas.database);
  const differences = compareCatalogs(wanted, await readCatalog(migrated));
  if (differences.length > 0) {
    const title = "supabase/schemas have (-), and the migrations make instead (+):";
    const todo = "Write the next migration: npm run migration -- <name>";
    return [[title, ...describeDifferences(differences), todo].join("\n  ")];
  }
  const legacy = await create();
  await fillLegacy(legacy.database, 10);
  await applyMigrations(legacy.database, await readMigrations(supabase));
  return compareLegacy(wanted, await readCatalog(legacy.database), supabase);
}

const LEFT = "legacy-differences.txt";

async function compareLegacy(wanted: Catalog, found: Catalog, supabase: URL): Promise<string[]> {
  const list = await readFile(new URL(LEFT, supabase), "utf8");
  const known = list.split(/\r?\n/).filter((line) => /^[-+] /.test(line));
  const lines = differenceLines(compareCatalogs(wanted, found));
  const parts: [string, string[]][] = [
    [`Over the previous system's, and not in supabase/${LEFT}:`, lines.filter((line) => !known.includes(line))],
    [`In supabase/${LEFT}, and no longer so:`, known.filter((line) => !lines.includes(line))],
  ];
  return parts.flatMap(([title, of]) => (of.length > 0 ? [[title, ...of].join("\n  ")] : []));
}
