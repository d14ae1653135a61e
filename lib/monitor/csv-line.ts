const time = new Intl.DateTimeFormat("it-IT", { dateStyle: "short", timeStyle: "short", timeZone: "Europe/Rome" });

/** A time in Europe/Rome, as Excel with Italian settings understands it. */
export const at = (iso: string | null) => (iso === null ? "" : time.format(new Date(iso)).replace(",", ""));

/** A file for Excel with Italian settings: semicolons, and a byte order mark (else it reads UTF-8 as something else). */
export const toCsvFile = (lines: readonly (readonly string[])[]): string =>
  `\uFEFF${lines.map((line) => line.map(cell).join(";")).join("\r\n")}\r\n`;

/** What a spreadsheet would take for a formula gets an apostrophe before it: customers choose their own words. */
function cell(text: string): string {
  const safe = /^[\s]*[=+\-@\t\r|%]/.test(text) ? `'${text}` : text;
  return `"${safe.replaceAll('"', '""')}"`;
}
