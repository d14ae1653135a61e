import { spawnSync } from "node:child_process";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";

// The schema of vercel.json is published at its "$schema" address. Vercel's own package @vercel/config carries the types
// that are generated from it, so a file holds to the schema where it has that type, as a literal: what the schema does not
// know is an error then too.

const ROOT = new URL("../../", import.meta.url);
const FOLDER = new URL(".vercel/schema/", ROOT);
afterAll(() => rm(FOLDER, { recursive: true, force: true }));

/** What the compiler says against it. */
async function against(config: object): Promise<string> {
  const file = new URL("vercel-json.ts", FOLDER);
  await mkdir(FOLDER, { recursive: true });
  await writeFile(
    file,
    `import type { VercelConfig } from "@vercel/config/v1/types";\nexport const config: VercelConfig = ${JSON.stringify(config)};\n`,
  );
  const options = ["--noEmit", "--strict", "--skipLibCheck", "--module", "nodenext", "--ignoreConfig"];
  // npx finds the same program, and takes a second for it.
  const tsc = ["node_modules/typescript/bin/tsc", ...options, fileURLToPath(file)];
  const { stdout } = spawnSync(process.execPath, tsc, { cwd: ROOT, encoding: "utf8" });
  return stdout;
}

async function vercelJson() {
  const { $schema, ...config } = JSON.parse(await readFile(new URL("vercel.json", ROOT), "utf8"));
  return { $schema, config };
}

describe("vercel.json", () => {
  it("holds to its published schema", async () => {
    const { $schema, config } = await vercelJson();
    expect($schema).toBe("https://openapi.vercel.sh/vercel.json");
    expect(Object.keys(config).length).toBeGreaterThan(3);
    expect(await against(config)).toBe("");
  });

  it.each([
    ["a key that it does not know", { rewritez: [] }, "rewritez"],
    ["a rewrite without its destination", { rewrites: [{ source: "/monitor" }] }, "destination"],
    ["a header without its value", { headers: [{ source: "/(.*)", headers: [{ key: "X-Frame-Options" }] }] }, "value"],
    ["a time that is no number", { functions: { "api/**/*.ts": { maxDuration: "60" } } }, "'\"60\"'"],
    ["a framework that there is not", { framework: "vue-on-rails" }, "vue-on-rails"],
  ])("with %s it would not", async (_, wrong, named) => {
    const { config } = await vercelJson();
    expect(await against({ ...config, ...wrong })).toContain(named);
  });
});
