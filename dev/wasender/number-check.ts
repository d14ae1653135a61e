import { type Answer, tooMany } from "./answer.ts";

/** A question whether a number has WhatsApp, as it arrived. */
export type NumberCheck = { at: number; number: string; status: number };

/**
 * GET /api/on-whatsapp/{digits}. Its limit is its own and stricter than sending's; Wasender publishes no figure, so one
 * question an interval is ours.
 */
export function createNumberCheck(intervalMs: number, onWhatsapp: (number: string) => boolean, now: () => number) {
  const checks: NumberCheck[] = [];
  let nextAt = 0;
  const answer = (number: string): Answer => {
    const waitMs = nextAt - now();
    if (waitMs > 0) return tooMany("Too many requests.", waitMs / 1000);
    nextAt = now() + intervalMs;
    return { status: 200, body: { success: true, data: { exists: onWhatsapp(number) } } };
  };
  return {
    checks,
    check: (digits: string): Answer => {
      const number = `+${digits}`;
      const said = answer(number);
      checks.push({ at: now(), number, status: said.status });
      return said;
    },
  };
}
