import type { Finding } from "./finding.ts";

const FRESH_MS = 15_000;
let last: { at: number; findings: Promise<Finding[]> } | null = null;

/**
 * The findings of the last 15 seconds, or new ones: every caller may ask, and each look costs the database something.
 */
export function cached(look: () => Promise<Finding[]>): Promise<Finding[]> {
  if (last === null || performance.now() - last.at > FRESH_MS) last = { at: performance.now(), findings: look() };
  return last.findings;
}
