import { randomBytes } from "node:crypto";
import type { Config } from "../config.ts";
import { keyKind } from "../key-kind.ts";
import { type Finding, fail, ok } from "./finding.ts";

const LINK_SECONDS = 60;
const TIMEOUT_MS = 15_000;

/**
 * With the public key: are files kept, read and removed as the app does it? A policy of Storage's lets the app in by
 * the secret in its headers, and only a try shows whether a project passes these on to its policies.
 */
export async function checkFiles(config: Config): Promise<Finding[]> {
  if (keyKind(config.supabase.key) !== "public") return [];
  // All of supabase-js: only who needs it waits for it.
  const { bucket, StorageError } = await import("../supabase/bucket.ts");
  const files = bucket(config);
  const name = randomBytes(8).toString("hex");
  const path = `doctor/${name}.txt`;
  try {
    await files.upload(path, Buffer.from(name), "text/plain");
    const link = await files.sign(path, LINK_SECONDS, null);
    const content = await (await fetch(link, { signal: AbortSignal.timeout(TIMEOUT_MS) })).text();
    const removed = await files.remove([path]);
    if (content !== name || !removed.includes(path))
      return [refused("A file that was kept cannot be read and removed")];
    return [ok("public key", "A file was kept, read and removed with it.")];
  } catch (error) {
    if (error instanceof StorageError && (error.status === 401 || error.status === 403)) {
      return [refused("No file can be kept")];
    }
    const why = error instanceof Error ? error.message : String(error);
    return [fail("public key", `Storage does not answer as it should (${why}).`, "Look at Supabase, Storage.")];
  }
}

const refused = (what: string) =>
  fail(
    "public key",
    `${what} with the public key: this project's Storage does not hand SUPABASE_APP_SECRET on to its policies.`,
    "Use the secret key: SUPABASE_KEY=sb_secret_… (Supabase, Project Settings, API Keys), here and on Vercel, and deploy again.",
  );
