import type { Agent, IncomingMessage } from "node:http";

/** How long a connection is kept without a request, in milliseconds, as `fetch` does: later the other side may have closed it. */
const KEEP_MS = 4_000;

/** By protocol. */
const agents = new Map<string, Agent>();

/**
 * Posts JSON over a connection that is kept, by Node's HTTP client: the first `fetch` of a process takes longer than our
 * own code takes to load (`npm run bench -- cold`).
 *
 * @throws what the connection failed with, or that the whole answer did not come in time.
 */
export async function postJson(
  address: string,
  headers: Record<string, string>,
  body: unknown,
  withinMs: number,
): Promise<{ status: number; text: string }> {
  const url = new URL(address);
  const { Agent, request } = url.protocol === "https:" ? await import("node:https") : await import("node:http");
  const agent = agents.get(url.protocol) ?? new Agent({ keepAlive: true, timeout: KEEP_MS });
  agents.set(url.protocol, agent);
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const sent = request(url, { method: "POST", agent, headers: { ...headers, "content-type": "application/json" } });
  sent.on("response", resolve).on("error", reject).end(JSON.stringify(body));
  const late = setTimeout(() => sent.destroy(new Error(`no answer within ${withinMs} ms`)), withinMs);
  try {
    const answer = await promise;
    answer.setEncoding("utf8");
    let text = "";
    for await (const part of answer) text += part;
    return { status: answer.statusCode ?? 0, text };
  } finally {
    clearTimeout(late);
  }
}
