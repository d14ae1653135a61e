import { setTimeout as sleep } from "node:timers/promises";

/** A webhook that was posted; `status` is null if the app did not answer. */
export type Delivery = { event: string; at: number; status: number | null };

export type Webhooks = {
  deliveries: Delivery[];
  /** Posts bodies one after the other, each after a pause; null is skipped. Never throws. */
  post: (...bodies: (() => object | null)[]) => Promise<void>;
  /** Resolves when nothing is under way. */
  idle: () => Promise<void>;
  close: () => void;
};

const TIMEOUT_MS = 10_000;
const KEPT = 1_000;

/**
 * Posts webhooks as Wasender does: `X-Webhook-Signature` is the secret itself, and the top-level `sessionId` is the
 * session's API key. One try each: nothing is published about repeats.
 */
export function createWebhooks(url: string, secret: string | null, sessionId: string, delayMs: number): Webhooks {
  const deliveries: Delivery[] = [];
  const underWay = new Set<Promise<void>>();
  const closing = new AbortController();

  const postOne = async (body: object) => {
    const delivery: Delivery = { event: "event" in body ? String(body.event) : "", at: Date.now(), status: null };
    deliveries.push(delivery);
    if (deliveries.length > KEPT) deliveries.shift();
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json", ...(secret ? { "x-webhook-signature": secret } : {}) },
      body: JSON.stringify({ ...body, sessionId }),
      signal: AbortSignal.any([closing.signal, AbortSignal.timeout(TIMEOUT_MS)]),
    });
    delivery.status = response.status;
    await response.body?.cancel();
  };

  const run = async (bodies: (() => object | null)[]) => {
    for (const make of bodies) {
      if (delayMs > 0) await sleep(delayMs, undefined, { signal: closing.signal }).catch(() => undefined);
      if (closing.signal.aborted) return;
      const body = make();
      if (body) await postOne(body).catch(() => undefined);
    }
  };

  return {
    deliveries,
    post: (...bodies) => {
      const running = run(bodies).finally(() => underWay.delete(running));
      underWay.add(running);
      return running;
    },
    idle: async () => {
      while (underWay.size > 0) await Promise.all(underWay);
    },
    close: () => closing.abort(),
  };
}
