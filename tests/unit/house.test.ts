import { spawnSync } from "node:child_process";
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** A file, what it imports, and whether lib/biome.json lets it. */
const IMPORTS: [file: string, imported: string, allowed: boolean][] = [
  ["lib/phone.ts", "./log.ts", true],
  ["lib/phone.ts", "./supabase/client.ts", false],
  ["lib/followup/new.ts", "../phone.ts", true],
  ["lib/followup/new.ts", "../wasender/event.ts", false],
  ["lib/followup/new.ts", "../supabase/client.ts", false],
  ["lib/wasender/new.ts", "../exchange.ts", true],
  ["lib/wasender/new.ts", "../followup/new.ts", true],
  ["lib/wasender/new.ts", "../cloudtalk/call.ts", false],
  ["lib/wasender/new.ts", "../supabase/client.ts", false],
  ["lib/cloudtalk/new.ts", "../http/body.ts", false],
  ["lib/supabase/client.ts", "../config.ts", true],
  ["lib/supabase/client.ts", "../wasender/event.ts", false],
  ["lib/supabase/calls/new.ts", "../client.ts", true],
  ["lib/supabase/calls/new.ts", "../../cloudtalk/call.ts", true],
  ["lib/supabase/calls/new.ts", "../../outbox/drain.ts", false],
  ["lib/outbox/new.ts", "../supabase/outbox/claim-message.ts", true],
  ["lib/outbox/new.ts", "../wasender/client.ts", false],
  ["lib/outbox/new.ts", "../chores/read-log.ts", false],
  ["lib/http/new.ts", "../supabase/client.ts", true],
  ["lib/http/new.ts", "../cloudtalk/call.ts", false],
  ["lib/http/new.ts", "../background/run.ts", false],
  ["lib/replay/new.ts", "../http/body.ts", true],
  ["lib/replay/new.ts", "../reconcile/reconcile.ts", false],
  // A room that there is not yet is a room of work.
  ["lib/bills/new.ts", "../wasender/content.ts", true],
  ["lib/bills/new.ts", "../supabase/media/read-media.ts", true],
  ["lib/bills/new.ts", "../media/download.ts", false],
  ["lib/bills/new.ts", "../http/errors.ts", false],
  ["lib/bills/new.ts", "../../api/health.ts", false],
  ["lib/bills/new.ts", "zod/v3", true],
  ["lib/bills/new.ts", "zod", false],
  ["lib/background/new.ts", "../outbox/drain.ts", true],
  ["lib/background/new.ts", "../monitor/csv.ts", false],
  ["lib/monitor/new.ts", "../background/run.ts", true],
  ["lib/monitor/new.ts", "../../api/health.ts", false],
  ["api/new.ts", "../lib/outbox/drain.ts", true],
  ["api/new.ts", "zod", false],
];

it("imports go down the ladder: lib/biome.json lets these and no others", async () => {
  const folder = await mkdtemp(join(tmpdir(), "house-"));
  try {
    for (const config of ["biome.json", "lib/biome.json"]) await cp(join(ROOT, config), join(folder, config));
    const files = IMPORTS.map(([file, imported], n) => ({
      file: file.replace(/\.ts$/, `-${n}.ts`),
      text: `export async function load() {\n  return import(${JSON.stringify(imported)});\n}\n`,
    }));
    for (const { file, text } of files) {
      await mkdir(dirname(join(folder, file)), { recursive: true });
      await writeFile(join(folder, file), text);
    }
    const biome = join(ROOT, "node_modules/.bin/biome");
    const options = ["lint", "--only=style/noRestrictedImports", "--vcs-enabled=false", "--reporter=json"];
    const { stdout } = spawnSync(biome, [...options, "--max-diagnostics=none"], { cwd: folder, encoding: "utf8" });
    const refused = new Set<string>(
      JSON.parse(stdout).diagnostics.map(({ location }: { location: { path: string } }) => location.path),
    );
    expect(IMPORTS.map(([file, imported], n) => [file, imported, !refused.has(files[n]?.file ?? "")])).toEqual(IMPORTS);
  } finally {
    await rm(folder, { recursive: true });
  }
});

async function filesOf(folder: string): Promise<{ file: string; text: string }[]> {
  const names = await readdir(join(ROOT, folder), { recursive: true });
  const files = names.filter((name) => name.endsWith(".ts")).map((name) => `${folder}/${name}`);
  expect(files.length).toBeGreaterThan(0);
  return Promise.all(files.map(async (file) => ({ file, text: await readFile(join(ROOT, file), "utf8") })));
}

it("the outbox knows no provider, and nothing of HTTP", async () => {
  const found = (await filesOf("lib/outbox")).filter(({ text }) => /wasender|http|undici/i.test(text));
  expect(found.map(({ file }) => file)).toEqual([]);
});

it("only lib/http, the monitor's session and the endpoints know of requests to us", async () => {
  const knows = /[:<|]\s*(Request|Response)\b|\bnew (Request|Response)\(|\bHttpError\b/;
  const found = (await filesOf("lib")).filter(({ text }) => knows.test(text)).map(({ file }) => file);
  expect(found).toContain("lib/http/endpoint.ts");
  expect(found.filter((file) => !/^lib\/(http|monitor)\//.test(file))).toEqual([]);
});
