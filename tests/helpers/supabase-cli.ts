import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { expect } from "vitest";

const ROOT = new URL("../../", import.meta.url);

/** What runs the CLI knows of nobody's account, and tells nobody. */
const QUIET = {
  DO_NOT_TRACK: "1",
  SUPABASE_TELEMETRY_DISABLED: "1",
  SUPABASE_NO_UPDATE_NOTIFIER: "1",
  SUPABASE_NO_KEYRING: "1",
};

/**
 * Runs a command of the pinned Supabase CLI as somebody types it, from a folder of the repository. Nobody is asked: what it
 * asks for is answered as it proposes.
 */
export async function runCli(command: string, folder = "."): Promise<{ code: number | null; out: string }> {
  const home = await mkdtemp(join(tmpdir(), "supabase-cli-"));
  try {
    const { PATH = "" } = process.env;
    const bin = fileURLToPath(new URL("node_modules/.bin", ROOT));
    // npx finds the same program, and takes a second for it.
    const child = spawn("bash", ["-c", command.replace(/^npx /, "")], {
      cwd: new URL(folder, ROOT),
      env: { ...QUIET, PATH: `${bin}${delimiter}${PATH}`, HOME: home, SUPABASE_HOME: home },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const [out, errors, code] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      new Promise<number | null>((done) => child.once("close", done)),
    ]);
    return { code, out: out + errors };
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

/** The README's commands for a database. */
export const PUSH = /npx supabase db push --db-url "<[^>]+>"/;
export const REPAIR = /npx supabase migration repair --db-url "<[^>]+>" --status reverted(?:[\s\\]+\d{14})+/;

/** A command as the README gives it, for a database on this machine. */
export async function readmeCommand(pattern: RegExp, url: string): Promise<string> {
  const [command] = pattern.exec(await readFile(new URL("README.md", ROOT), "utf8")) ?? [];
  expect(command, `${pattern} in README.md`).toBeDefined();
  // The server here has no certificate.
  return (command ?? "").replace(/"<[^>]+>"/, `"${url}?sslmode=disable"`);
}
