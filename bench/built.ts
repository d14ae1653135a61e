import { spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Bench } from "./entry.ts";

const ROOT = new URL("../", import.meta.url);

export type BuiltFunction = {
  /** api/webhook/cloudtalk */
  name: string;
  /** The folder that Vercel deploys. */
  folder: string;
  /** The module in it that has the handlers. */
  entry: string;
};

/** Builds the functions as Vercel does. A copy of its own: another build meanwhile does not change what is measured. */
export async function useBuiltFunctions(bench: Bench): Promise<BuiltFunction[]> {
  bench.say("npm run build:vercel");
  const build = spawn("npm", ["run", "build:vercel"], { cwd: ROOT, stdio: ["ignore", "ignore", "pipe"] });
  let errors = "";
  build.stderr.on("data", (chunk) => {
    errors += chunk;
  });
  const [code] = await once(build, "close");
  if (code !== 0) throw new Error(`npm run build:vercel failed:\n${errors}`);
  const copy = await mkdtemp(join(tmpdir(), "bench-functions-"));
  bench.use({ close: () => rm(copy, { recursive: true, force: true }) });
  await cp(fileURLToPath(new URL(".vercel/output/functions/", ROOT)), copy, { recursive: true });
  const folders = (await readdir(copy, { recursive: true })).filter((path) => path.endsWith(".func")).sort();
  return folders.map((path) => {
    const name = path.slice(0, -".func".length);
    return { name, folder: join(copy, path), entry: join(copy, path, `${name}.js`) };
  });
}
