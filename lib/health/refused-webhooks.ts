import type { Supabase } from "../supabase/client.ts";

/** Requests without the secret must not make us write more often than that, in milliseconds. */
const EVERY_MS = 60_000;

/** Of each source: how many are not written yet, and when some were, by performance.now(). */
const refused = {
  cloudtalk: { count: 0, writtenAt: Number.NEGATIVE_INFINITY },
  wasender: { count: 0, writtenAt: Number.NEGATIVE_INFINITY },
};
type Source = keyof typeof refused;

const isDue = (source: Source) => performance.now() - refused[source].writtenAt >= EVERY_MS;

/** Counts a webhook that came without its secret. Returns whether it is time to write how many there were. */
export function noteRefusal(source: Source): boolean {
  refused[source].count += 1;
  return isDue(source);
}

/** Writes how many there were, of each source at most once a minute. */
export async function writeRefusals(client: Supabase): Promise<void> {
  for (const source of ["cloudtalk", "wasender"] as const) {
    const { count } = refused[source];
    if (count === 0 || !isDue(source)) continue;
    refused[source] = { count: 0, writtenAt: performance.now() };
    try {
      const { countRefused } = await import("../supabase/health/count-refused.ts");
      await countRefused(client, source, count);
    } catch (error) {
      refused[source].count += count;
      throw error;
    }
  }
}
