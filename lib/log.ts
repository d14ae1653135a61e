/** What may stand in a log line. Numbers are masked, texts and secrets never get here. */
export type LogFields = Record<string, string | number | boolean | null | undefined>;

/** One structured line. Vercel shows the level by the console method. */
export function log(level: "info" | "warn" | "error", event: string, fields: LogFields = {}): void {
  console[level](JSON.stringify({ level, event, ...fields }));
}
