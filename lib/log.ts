/** What may stand in a log line. Numbers are masked, texts and secrets never get here. */
export type LogFields = Record<string, string | number | boolean | null | undefined>;

/** One structured line. Vercel shows the level by the console method. */
export function log(level: "info" | "warn" | "error", event: string, fields: LogFields = {}): void {
  const masked = Object.entries(fields).map(([key, value]) => [key, typeof value === "string" ? mask(value) : value]);
  console[level](JSON.stringify({ level, event, ...Object.fromEntries(masked) }));
}

/** An error's words may quote a number. */
const mask = (text: string) => text.replace(/\+?\d{8,15}/g, (number) => `${number.slice(0, 3)}…${number.slice(-2)}`);
