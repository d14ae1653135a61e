import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import type { Migration } from "./read-migrations.ts";

// supabase/migrations.sha256 has the digest of each migration, so that none is edited that a database may have already.

const listIn = (supabase: URL) => new URL("migrations.sha256", supabase);

/** The same for every checkout, whatever its line ends. */
const digestOf = ({ sql }: Migration) => createHash("sha256").update(sql.replaceAll("\r\n", "\n")).digest("hex");

async function readSeals(supabase: URL): Promise<{ file: string; digest: string }[]> {
  const list = await readFile(listIn(supabase), "utf8");
  return list.split("\n").flatMap((line) => {
    const [, digest, file] = /^(\w{64}) {2}(\S+)$/.exec(line.trim()) ?? [];
    return digest && file ? [{ digest, file }] : [];
  });
}

/** What does not agree with the list, in sentences that say what to do. */
export async function findBrokenSeals(migrations: Migration[], supabase: URL): Promise<string[]> {
  const seals = await readSeals(supabase);
  const open = migrations.filter(({ file }) => !seals.some((seal) => seal.file === file));
  return [
    ...seals.flatMap(({ file, digest }) => {
      const migration = migrations.find((one) => one.file === file);
      if (migration && digestOf(migration) === digest) return [];
      return [
        `${file} was ${migration ? "edited" : "removed"}. If it has landed, put it back and write a new one; if not: npm run migration -- --seal`,
      ];
    }),
    ...open.map(({ file }) => `${file} is not sealed: npm run migration -- --seal`),
  ];
}

/**
 * Writes the list again. Of those that are in it, only the newest may have changed or gone: it may not have landed yet.
 */
export async function seal(migrations: Migration[], supabase: URL): Promise<void> {
  const seals = await readSeals(supabase);
  for (const { file, digest } of seals.slice(0, -1)) {
    const migration = migrations.find((one) => one.file === file);
    if (!migration || digestOf(migration) !== digest)
      throw new Error(`${file} is not the newest migration: put it back as it was.`);
  }
  await writeFile(listIn(supabase), migrations.map((one) => `${digestOf(one)}  ${one.file}\n`).join(""));
}
