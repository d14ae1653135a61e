import { z } from "zod/v3";
import { parseContent } from "./content.ts";
import { toParty } from "./jid.ts";

/** A message in Wasender's own log, in the shape that record_log takes. `created_at` is ISO 8601 in UTC. */
export type LogEntry = {
  wasender_id: string;
  /** Null if logging is off at Wasender; likewise `text`. */
  phone_number: string | null;
  text: string | null;
  /** Wasender's `in_progress` means that it took the message, which is what `sent` means here. */
  status: "sent" | "failed";
  error: string | null;
  created_at: string;
};

const Row = z.object({
  id: z.union([z.string().min(1), z.number()]).transform(String),
  to: z.string().nullish(),
  content: z.unknown().optional(),
  status: z.string(),
  failed_reason: z.string().nullish(),
  created_at: z.string(),
});
const Page = z.object({ data: z.object({ data: z.array(z.unknown()) }) });

/**
 * Reads a page of the log (its documentation); null if it is none. Rows that cannot be read are left out.
 */
export function parseMessageLog(body: unknown): LogEntry[] | null {
  const page = Page.safeParse(body);
  if (!page.success) return null;
  return page.data.data.data.flatMap((item) => {
    const row = Row.safeParse(item);
    if (!row.success) return [];
    const { id, to, content, status, failed_reason, created_at } = row.data;
    const at = new Date(/[zZ]|[+-]\d\d:?\d\d$/.test(created_at) ? created_at : `${created_at.replace(" ", "T")}Z`);
    if (Number.isNaN(at.getTime())) return [];
    const party = toParty(to);
    return [
      {
        wasender_id: id,
        phone_number: party.kind === "phone" ? party.phone_number : null,
        text: textOf(content),
        status: status === "failed" ? ("failed" as const) : ("sent" as const),
        error: failed_reason ?? null,
        created_at: at.toISOString(),
      },
    ];
  });
}

/** `content` is a JSON string: what was posted to send-message, or a message as WhatsApp has it. */
function textOf(content: unknown): string | null {
  const value = typeof content === "string" ? parseJson(content) : content;
  if (typeof value === "string") return value;
  if (typeof value !== "object" || value === null) return null;
  if ("text" in value && typeof value.text === "string") return value.text;
  const parsed = parseContent("message" in value ? value.message : value, null);
  return parsed.kind === "message" ? parsed.text : null;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
