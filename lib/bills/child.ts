// The process that reads one file; read-bill.ts starts it, and ends it by force.
import { fileURLToPath } from "node:url";
import type { ReadOptions } from "./read-file.ts";

/** Where this file is, compiled or not: to import it is also how a build finds it, and what it imports. */
export const CHILD = fileURLToPath(import.meta.url);

/** What it is sent, once. */
export type Order = { file: Uint8Array; type: string; photos: boolean };
/** What it sends: first, if the file is a photo or a scan, that it takes longer; then the reading. */
type Report = { photo: true } | { reading: unknown };

if (import.meta.main) {
  process.once("message", async ({ file, type, photos }: Order) => {
    const { readFile } = await import("./read-file.ts");
    const options: ReadOptions = { photos, onPhoto: () => process.send?.({ photo: true } satisfies Report) };
    const reading = await readFile(new Uint8Array(file), type, options);
    // Ended by who started it: an exit of its own could overtake the answer.
    process.send?.({ reading } satisfies Report);
  });
  // Nobody is left to tell.
  process.once("disconnect", () => process.exit(1));
}
