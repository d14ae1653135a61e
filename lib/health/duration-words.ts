/** A length of time in words: "3 minutes". */
export function inWords(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  if (minutes < 2) return `${Math.round(ms / 1000)} seconds`;
  if (minutes < 120) return `${minutes} minutes`;
  return minutes < 2 * 1440 ? `${Math.round(minutes / 60)} hours` : `${Math.round(minutes / 1440)} days`;
}

/** How long ago a time was by the database's clock, in milliseconds; infinite if it never was. */
export const msSince = (at: string | null, now: string): number =>
  at === null ? Number.POSITIVE_INFINITY : Date.parse(now) - Date.parse(at);

/** "3 minutes ago", or "never". */
export const ago = (at: string | null, now: string): string =>
  at === null ? "never" : `${inWords(Math.max(0, msSince(at, now)))} ago`;
