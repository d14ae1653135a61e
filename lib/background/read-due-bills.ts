import { READER_VERSION } from "../bills/bill.ts";
import { readBill } from "../bills/read-bill.ts";
import type { Config } from "../config.ts";
import { FUNCTION_SECONDS, RESERVE_MS } from "../function-time.ts";
import { parseJson } from "../json.ts";
import { log } from "../log.ts";
import { type ClaimedBill, claimBill } from "../supabase/bills/claim-bill.ts";
import { settleBill } from "../supabase/bills/settle-bill.ts";
import { bucket, StorageError } from "../supabase/bucket.ts";
import { type Supabase, supabase } from "../supabase/client.ts";

/** A function that holds an older lease is dead. */
const LEASE_MS = FUNCTION_SECONDS * 1_500;
/** Files that are read at once in all: each takes a processor and half a gigabyte. */
const MOST_READERS = 2;
const STORAGE_RETRY_MS = 5 * 60_000;

/** The platform may run several requests in one process, and a process has memory for one file. */
let isReading = false;

/**
 * Reads the bill files that are due, one after the other. Safe to run any number of times at once: a claim gives out each
 * file once.
 *
 * @param end when the platform ends the function, by performance.now().
 */
export async function readDueBills(config: Config, end: number): Promise<{ read: number; busy: boolean }> {
  if (isReading) return { read: 0, busy: true };
  isReading = true;
  try {
    const client = supabase(config);
    let read = 0;
    while (performance.now() < end - RESERVE_MS.bill) {
      const claimed = await claimBill(client, LEASE_MS, MOST_READERS);
      if (claimed === null) break;
      await readOne(config, client, claimed);
      read++;
    }
    return { read, busy: false };
  } finally {
    isReading = false;
  }
}

async function readOne(config: Config, client: Supabase, claimed: ClaimedBill): Promise<void> {
  const started = performance.now();
  const file = await fileOf(config, claimed);
  const reading =
    file === "later"
      ? null
      : file === "missing"
        ? ({ state: "failed", kind: null, reason: "missing", pages: null, supplies: [] } as const)
        : await readBill(file, claimed.mime_type ?? "", { photos: config.bills.readPhotos });
  const outcome =
    reading === null
      ? { retryMs: STORAGE_RETRY_MS }
      : // Without what PostgreSQL cannot store.
        { reading: parseJson(JSON.stringify(reading)), readerVersion: READER_VERSION };
  const { settled, state } = await settleBill(client, claimed, outcome);
  // Nothing of what the file says.
  log(reading?.state === "failed" ? "warn" : "info", "bill", {
    message: claimed.message_id,
    outcome: settled ? (state ?? "settled") : "late",
    kind: reading?.kind ?? null,
    reason: reading?.reason ?? null,
    ms: Math.round(performance.now() - started),
  });
}

async function fileOf(config: Config, { path, message_id }: ClaimedBill): Promise<Uint8Array | "later" | "missing"> {
  if (path === null) return "missing";
  try {
    return new Uint8Array(await (await bucket(config).read(path)).arrayBuffer());
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    const missing = error.status === 404;
    log("warn", "bill", { message: message_id, outcome: missing ? "missing" : "later", error: error.message });
    return missing ? "missing" : "later";
  }
}
