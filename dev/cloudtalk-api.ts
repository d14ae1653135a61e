import { type LocalServer, serve } from "./serve.ts";

/** A call of the account's history. */
export type HistoryEntry = {
  id: number;
  type?: "incoming" | "outgoing" | "internal";
  /** The customer's number, as digits or "anonymous". */
  external: string;
  startedAt: Date;
  /** Null while it goes on. */
  endedAt: Date | null;
  /** Seconds. */
  talking: number;
  voicemail?: boolean;
  contact?: { id: number; name: string };
};

export type CloudtalkApiOptions = {
  keyId: string;
  secret: string;
  calls: HistoryEntry[];
  /** The company's limit. */
  requestsPerMinute?: number;
  /** How long such a "minute" takes, in milliseconds. */
  minuteMs?: number;
  /** The most calls of a page, whatever `limit` asks for. */
  maxPageSize?: number;
  /** From this page on there is no answer. */
  silentFromPage?: number;
};

export type CloudtalkApi = Pick<LocalServer, "url" | "close"> & {
  /** The requests that were accepted. */
  requests: { page: number; limit: number; dateFrom: string; dateTo: string /** performance.now() */; at: number }[];
  /** How many were refused for their number. */
  refused: () => number;
};

const COMPANY_NUMBER = "390200000001";

/** Starts a server on loopback that answers as CloudTalk's REST API does (CloudTalk's API reference). */
export async function createCloudtalkApi(options: CloudtalkApiOptions): Promise<CloudtalkApi> {
  const { calls, requestsPerMinute = 60, minuteMs = 60_000, maxPageSize = 1_000, silentFromPage } = options;
  const authorization = `Basic ${Buffer.from(`${options.keyId}:${options.secret}`).toString("base64")}`;
  const requests: CloudtalkApi["requests"] = [];
  let refused = 0;
  let window = { until: 0, used: 0 };

  const server = await serve((request) => {
    const { pathname, searchParams } = new URL(request.url);
    if (request.headers.get("authorization") !== authorization) {
      return Response.json({ responseData: { status: 401, message: "Authentication required" } }, { status: 401 });
    }
    const now = Date.now();
    if (now >= window.until) window = { until: now + minuteMs, used: 0 };
    const headers = {
      "X-CloudTalkAPI-Limit": String(requestsPerMinute),
      "X-CloudTalkAPI-Remaining": String(Math.max(0, requestsPerMinute - window.used - 1)),
      "X-CloudTalkAPI-ResetTime": String(Math.ceil(window.until / 1000)),
    };
    if (window.used >= requestsPerMinute) {
      refused++;
      return Response.json({ responseData: { status: 429, message: "Too Many Requests" } }, { status: 429, headers });
    }
    window.used++;
    if (pathname !== "/api/calls/index.json") {
      return Response.json({ responseData: { status: 404, message: "Not Found" } }, { status: 404, headers });
    }
    const dateFrom = searchParams.get("date_from") ?? "";
    const dateTo = searchParams.get("date_to") ?? "9999";
    const page = Number(searchParams.get("page") ?? "1");
    const limit = Math.min(Number(searchParams.get("limit") ?? "10"), maxPageSize);
    requests.push({ page, limit, dateFrom, dateTo, at: performance.now() });
    if (silentFromPage !== undefined && page >= silentFromPage) return new Promise<Response>(() => undefined);
    const found = calls
      .filter(({ startedAt }) => toUtc(startedAt) >= dateFrom && toUtc(startedAt) <= dateTo)
      .sort((a, b) => b.startedAt.getTime() - a.startedAt.getTime());
    const data = found.slice((page - 1) * limit, page * limit).map(toItem);
    const pageCount = Math.max(1, Math.ceil(found.length / limit));
    return Response.json(
      { responseData: { itemsCount: found.length, pageCount, pageNumber: page, limit, data } },
      { headers },
    );
  });
  return { url: `${server.url}/api`, close: server.close, requests, refused: () => refused };
}

/** Ids and durations are strings, and a number comes without `+`. */
function toItem(call: HistoryEntry): object {
  const answered = call.talking > 0;
  return {
    Cdr: {
      id: String(call.id),
      type: call.type ?? "outgoing",
      billsec: String(call.talking),
      talking_time: String(call.talking),
      waiting_time: "8",
      wrapup_time: "0",
      public_external: call.external,
      public_internal: COMPANY_NUMBER,
      user_id: "490001",
      started_at: toUtc(call.startedAt),
      answered_at: answered ? toUtc(call.startedAt) : null,
      ended_at: call.endedAt && toUtc(call.endedAt),
      recorded: false,
      is_voicemail: call.voicemail === true,
      recording_link: null,
    },
    Agent: { id: "490001", fullname: "Samuela Greengen", email: "samuela@example.com" },
    Contact: call.contact ? { id: String(call.contact.id), name: call.contact.name } : { id: null, name: null },
  };
}

const toUtc = (date: Date) => date.toISOString().slice(0, 19).replace("T", " ");
