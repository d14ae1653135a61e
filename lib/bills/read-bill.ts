import { type ChildProcess, fork } from "node:child_process";
import { readFile } from "node:fs/promises";
import { z } from "zod/v3";
import { Reading, type Reason, without } from "./bill.ts";
import { CHILD, type Order } from "./child.ts";

/** `photos`: false leaves photos and scans to people. Limits are for tests, `onMemory` (bytes) for measurements. */
export type BillOptions = { photos: boolean; limits?: Partial<typeof LIMITS>; onMemory?: (resident: number) => void };

const LIMITS = {
  pdfMs: 10_000,
  photoMs: 40_000,
  /** Resident memory of the whole process: V8's heap, buffers, WebAssembly, and what libvips takes. */
  bytes: 512 * 1024 * 1024,
};
const LARGEST_FILE = 20 * 1024 * 1024;
const WATCH_MS = 25;
const PAGE_BYTES = 4096;
const Report = z.union([z.object({ photo: z.literal(true) }), z.object({ reading: Reading })]);

/**
 * Reads a file in a process of its own, which knows nothing of our environment and is ended by force after its time or
 * above its memory. Never throws: what cannot be read has a reason. Of systems without /proc (macOS, Windows: machines
 * of developers) only the time and V8's heap are limited.
 */
export async function readBill(file: Uint8Array, type: string, options: BillOptions): Promise<Reading> {
  if (file.byteLength > LARGEST_FILE) return without("needs_eyes", null, "too_large", null);
  const limits = { ...LIMITS, ...options.limits };
  const child = fork(CHILD, {
    env: {},
    execArgv: ["--max-old-space-size=320", "--disable-warning=ExperimentalWarning"],
    serialization: "advanced",
    stdio: ["ignore", "ignore", "ignore", "ipc"],
  });
  const { promise, resolve } = Promise.withResolvers<Reading>();
  const fail = (reason: Reason) => resolve(without("failed", null, reason, null));
  let timer = setTimeout(fail, limits.pdfMs, "took_too_long");
  child.on("message", (message: unknown) => {
    const report = Report.safeParse(message);
    if (!report.success) return fail("crashed");
    if ("reading" in report.data) return resolve(report.data.reading);
    clearTimeout(timer);
    timer = setTimeout(fail, limits.photoMs, "took_too_long");
  });
  child.once("error", () => fail("crashed"));
  child.once("exit", () => fail("crashed"));
  const watch = setInterval(async () => {
    const resident = await residentBytes(child);
    options.onMemory?.(resident);
    if (resident > limits.bytes) fail("too_much_memory");
  }, WATCH_MS);
  child.send({ file, type, photos: options.photos } satisfies Order, (error) => {
    if (error) fail("crashed");
  });
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    clearInterval(watch);
    child.kill("SIGKILL");
  }
}

/** Of Linux's second number in statm; 0 if there is none. */
async function residentBytes({ pid }: ChildProcess): Promise<number> {
  const statm = await readFile(`/proc/${pid}/statm`, "utf8").catch(() => "");
  return Number(statm.split(" ")[1] ?? 0) * PAGE_BYTES;
}
