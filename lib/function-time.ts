/** How long the platform lets a function run, answer and background work together: `maxDuration` in vercel.json. */
export const FUNCTION_SECONDS = 60;

/**
 * How long before the function's end the last piece of each work may begin, in milliseconds: the longest that a piece
 * usually takes.
 */
export const RESERVE_MS = {
  /** One message: asking whether its number exists, connecting, the provider's answer, settling it. */
  send: 30_000,
  /** One question to a provider about a message. */
  question: 25_000,
  /** One file: its download, and two uploads. */
  file: 40_000,
  /** One bill file: its download, and the longest that a photo may take. */
  bill: 50_000,
  /** A page of CloudTalk's history, and then at least some calls. */
  historyPage: 25_000,
  historyCall: 20_000,
  /** One alert. */
  alert: 10_000,
  /** One call of the database. */
  write: 10_000,
} as const;

/** When a function that starts now is ended by the platform, by performance.now(). */
export const functionEnd = (started = performance.now()): number => started + FUNCTION_SECONDS * 1_000;
