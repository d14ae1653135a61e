import { execFile } from "node:child_process";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { z } from "zod/v3";
import type { BuiltFunction } from "../built.ts";

const TRACE = fileURLToPath(new URL("trace.js", import.meta.url));
const Traced = z.object({ atOnce: z.array(z.string()), later: z.array(z.string()) });

/** What a function carries: its own files under "", and each package. */
export type Carried = {
  name: string;
  bytes: number;
  /** Whether the import of the function loads anything of it, only an `import()` in its code does, or nothing does. */
  loaded: "at once" | "later" | "never";
};

/** The packages that Vercel deploys with a function, the largest first. */
export async function packagesOf({ folder, entry }: BuiltFunction): Promise<Carried[]> {
  const bytes = new Map<string, number>();
  const lazy: LaterImport[] = [];
  for (const file of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!file.isFile()) continue;
    const path = join(file.parentPath, file.name);
    const name = packageOf(path);
    bytes.set(name, (bytes.get(name) ?? 0) + (await stat(path)).size);
    if (name === "" && path.endsWith(".js")) lazy.push(...(await laterImports(path)));
  }
  const { stdout } = await promisify(execFile)(process.execPath, [TRACE, entry, JSON.stringify(lazy)]);
  const traced = Traced.parse(JSON.parse(stdout));
  const atOnce = new Set(traced.atOnce.map(packageOf));
  const later = new Set(traced.later.map(packageOf));
  return [...bytes]
    .map(([name, size]): Carried => {
      const loaded = name === "" || atOnce.has(name) ? "at once" : later.has(name) ? "later" : "never";
      return { name, bytes: size, loaded };
    })
    .sort((a, b) => b.bytes - a.bytes);
}

/** The innermost package that a file belongs to; "" for our own. */
const packageOf = (path: string) => /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? "";

type LaterImport = { from: string; specifier: string };

async function laterImports(path: string): Promise<LaterImport[]> {
  const found = (await readFile(path, "utf8")).matchAll(/\b(?:import|require)\(\s*["']([^"']+)["']\s*\)/g);
  return [...found].map(([, specifier = ""]) => ({ from: pathToFileURL(path).href, specifier }));
}
