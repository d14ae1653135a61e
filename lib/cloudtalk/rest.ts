import { z } from "zod/v3";
import type { CloudtalkApiConfig } from "../config.ts";
import { exchange } from "../exchange.ts";
import { toId, toText, toTime } from "./values.ts";

/** A call of CloudTalk's history, under the names that a webhook has for the same. */
export type HistoryCall = {
  /** `Cdr.id`. */
  id: string;
  /** ISO 8601 in UTC; null while the call is not over. */
  endedAt: string | null;
  /** Between two of the company's own people. */
  internal: boolean;
  /** What a webhook about it would have said. */
  body: Record<string, string | number | boolean | null>;
};

export type HistoryPage =
  | { kind: "page"; calls: HistoryCall[]; pages: number }
  /** The company's 60 requests a minute are used up, until then (Unix milliseconds). */
  | { kind: "limited"; until: number }
  | { kind: "failed"; why: string };

/** CloudTalk allows 1000; a page of so many is about half a megabyte. */
const PAGE_SIZE = 500;
const MAX_PAGE_BYTES = 8 * 1024 * 1024;
const TIMEOUT_MS = 15_000;

const Scalar = z
  .union([z.string(), z.number(), z.boolean()])
  .nullish()
  .catch(null)
  .transform((value) => value ?? null);
const Item = z.object({
  Cdr: z.object({
    id: z.union([z.string(), z.number()]).transform(toId).pipe(z.string()),
    type: Scalar,
    talking_time: Scalar,
    waiting_time: Scalar,
    wrapup_time: Scalar,
    public_external: Scalar,
    public_internal: Scalar,
    user_id: Scalar,
    started_at: Scalar,
    answered_at: z.unknown().optional(),
    ended_at: Scalar,
    is_voicemail: Scalar,
    recording_link: Scalar,
  }),
  Agent: z.object({ id: Scalar, fullname: Scalar }).partial().nullish().catch(null),
  Contact: z.object({ id: Scalar, name: Scalar }).partial().nullish().catch(null),
});
const Page = z.object({
  responseData: z.object({ pageCount: z.coerce.number().int().min(0).catch(1), data: z.array(z.unknown()) }),
});

/**
 * One page of the calls that began between two times, as CloudTalk's history has them (CloudTalk's API reference).
 *
 * @param page from 1.
 * @param withinMs the most that it may take; never more than 15 s.
 */
export async function getCalls(
  { baseUrl, keyId, secret }: CloudtalkApiConfig,
  from: Date,
  to: Date,
  page: number,
  withinMs = TIMEOUT_MS,
): Promise<HistoryPage> {
  const query = new URLSearchParams({
    date_from: toCloudtalkTime(from),
    date_to: toCloudtalkTime(to),
    limit: String(PAGE_SIZE),
    page: String(page),
  });
  const reply = await exchange({
    method: "GET",
    url: `${baseUrl}/calls/index.json?${query}`,
    authorization: `Basic ${Buffer.from(`${keyId}:${secret}`).toString("base64")}`,
    timeoutMs: Math.min(TIMEOUT_MS, Math.max(1, Math.ceil(withinMs))),
    maxBytes: MAX_PAGE_BYTES,
  });
  if (reply.kind === "no_reply") return { kind: "failed", why: `CloudTalk could not be reached (${reply.cause}).` };
  if (reply.status === 429) {
    const reset = Number(reply.headers["x-cloudtalkapi-resettime"]);
    return { kind: "limited", until: Number.isFinite(reset) ? reset * 1000 : Date.now() + 60_000 };
  }
  if (reply.status === 401 || reply.status === 403) {
    return {
      kind: "failed",
      why: `CloudTalk refused CLOUDTALK_API_KEY_ID and CLOUDTALK_API_SECRET (${reply.status}).`,
    };
  }
  const parsed = Page.safeParse(reply.body);
  if (reply.status !== 200 || !parsed.success) {
    return { kind: "failed", why: `CloudTalk answered ${reply.status} without a list of calls.` };
  }
  const { data, pageCount } = parsed.data.responseData;
  // An item that is not understood must not hide the others.
  const items = data.map((item) => Item.safeParse(item)).flatMap((item) => (item.success ? [item.data] : []));
  return { kind: "page", calls: items.map(toCall), pages: pageCount };
}

function toCall({ Cdr: cdr, Agent: agent, Contact: contact }: z.infer<typeof Item>): HistoryCall {
  // An unanswered call may come without a talking time.
  const unanswered = cdr.answered_at !== undefined && toText(cdr.answered_at) === null;
  return {
    id: cdr.id,
    endedAt: toTime(cdr.ended_at),
    internal: cdr.type === "internal",
    body: {
      call_id: cdr.id,
      external_number: cdr.public_external,
      internal_number: cdr.public_internal,
      direction: cdr.type,
      started_at: cdr.started_at,
      ended_at: cdr.ended_at,
      talking_time: cdr.talking_time ?? (unanswered ? 0 : null),
      is_voicemail: cdr.is_voicemail,
      recording_url: cdr.recording_link,
      agent_id: agent?.id ?? cdr.user_id,
      agent_name: agent?.fullname ?? null,
      contact_id: contact?.id ?? null,
      contact_name: contact?.name ?? null,
    },
  };
}

/** `YYYY-MM-DD HH:MM:SS`, which CloudTalk reads as UTC. */
const toCloudtalkTime = (date: Date) => date.toISOString().slice(0, 19).replace("T", " ");
