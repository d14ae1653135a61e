import type { Agent, IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";

/** How long a connection is kept without a request, in milliseconds, as `fetch` does: later the other side may have closed it. */
const KEEP_MS = 4_000;

/** By protocol. */
const agents = new Map<string, Agent>();

/**
 * `fetch`, as far as PostgREST's client uses it, by Node's HTTP client: the first `fetch` of a process takes longer than
 * our own code takes to load (`npm run bench -- cold`).
 *
 * @throws what the connection failed with, or the signal's reason.
 */
export const httpFetch: typeof fetch = async (input, { method = "GET", headers, body, signal } = {}) => {
  const url = new URL(input instanceof Request ? input.url : input);
  const { Agent, request } = url.protocol === "https:" ? await import("node:https") : await import("node:http");
  const agent = agents.get(url.protocol) ?? new Agent({ keepAlive: true, timeout: KEEP_MS });
  agents.set(url.protocol, agent);
  const sent = request(url, { method, agent, headers: Object.fromEntries(new Headers(headers)) });
  signal?.addEventListener("abort", () => sent.destroy(signal.reason), { once: true });
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  sent.once("response", resolve).once("error", reject).end(body);
  const answer = await promise;
  const {
    statusCode: status = 0,
    headers: { "content-type": type = "" },
  } = answer;
  const content = await text(answer);
  return new Response(content === "" ? null : content, { status, headers: { "content-type": type } });
};
