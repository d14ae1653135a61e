import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { POST as postCall } from "../../api/webhook/cloudtalk.ts";
import { type Attempt, type Sender, SLOT_MISSED } from "../../lib/attempt.ts";
import { readConfig } from "../../lib/config.ts";
import { drain } from "../../lib/outbox/drain.ts";
import { createWorld, jsonRequest, type World } from "../helpers/world.ts";

// The outbox with another provider than Wasender: one in memory, that is no HTTP service.

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());
beforeEach(() => world.reset());

type Memory = Sender & { took: { to: string; text: string }[]; state: string | null };

/** A provider that takes what it is sent, or answers with the next of `answers`. */
function memorySender(...answers: Attempt[]): Memory {
  const sender: Memory = {
    fingerprint: "memory",
    took: [],
    state: "connected",
    send: async (to, text) => {
      const startedAt = performance.now();
      const answer = answers.shift();
      if (answer) return { attempt: answer, startedAt: answer === SLOT_MISSED ? null : startedAt, cause: null };
      sender.took.push({ to, text });
      const wasender_id = `memory-${sender.took.length}`;
      return {
        attempt: { outcome: "sent", wasender_id, hold_ms: null, http_status: null },
        startedAt,
        cause: null,
      };
    },
    exists: async () => null,
    probe: async () => sender.state,
  };
  return sender;
}

async function queue(...numbers: number[]) {
  for (const number of numbers) {
    await postCall(jsonRequest("/webhook/cloudtalk", { call_uuid: `u${number}`, external_number: number }));
  }
}
const drainWith = (sender: Sender, meanwhile?: () => Promise<void>) =>
  drain({ ...readConfig(), minIntervalMs: 0 }, sender, {
    until: performance.now() + 5_000,
    ...(meanwhile ? { meanwhile } : {}),
  });
const messages = () => world.query<Record<string, unknown>>("select * from public.whatsapp_messages order by id");
const attempts = () => world.query<Record<string, unknown>>("select * from public.whatsapp_attempts order by id");
const failure = { detail: null, http_status: null } as const;

describe("the outbox, with a provider in memory", () => {
  it("sends what is queued, in order, under the provider's ids", async () => {
    await queue(393330000001, 393330000002);
    const sender = memorySender();
    expect(await drainWith(sender)).toMatchObject({
      messages: [{ outcome: "sent" }, { outcome: "sent" }],
      idle: "empty",
    });
    expect(sender.took.map(({ to }) => to)).toEqual(["+393330000001", "+393330000002"]);
    expect(sender.took[0]?.text).toContain("Buongiorno");
    expect(await messages()).toMatchObject([
      { status: "sent", wasender_id: "memory-1" },
      { status: "sent", wasender_id: "memory-2" },
    ]);
  });

  it("never repeats what may have arrived", async () => {
    await queue(393330000001);
    const sender = memorySender({ outcome: "unknown", code: "no_answer", ...failure });
    await drainWith(sender);
    await drainWith(sender);
    expect(await messages()).toMatchObject([{ status: "unknown", error_code: "no_answer", error: null }]);
    expect(sender.took).toEqual([]);
  });

  it("fails what is refused, with the provider's words", async () => {
    await queue(393330000001);
    await drainWith(memorySender({ outcome: "refused", code: "rejected", detail: "No.", http_status: null }));
    expect(await messages()).toMatchObject([{ status: "failed", error_code: "rejected", error: "No." }]);
  });

  it("waits as long as the provider wants", async () => {
    await queue(393330000001);
    const sender = memorySender({ outcome: "rate_limited", code: "rate_limited", hold_ms: 30_000, ...failure });
    const { idle, wait_ms } = await drainWith(sender);
    expect(idle).toBe("slot");
    expect(wait_ms).toBeGreaterThan(20_000);
    expect(await messages()).toMatchObject([{ status: "queued", attempts: 0 }]);
  });

  it("tries again later what never left", async () => {
    await queue(393330000001);
    const sender = memorySender({ outcome: "not_sent", retry: "later", code: "unreachable", ...failure });
    expect(await drainWith(sender)).toMatchObject({ messages: [{ status: "queued" }], idle: "backoff" });
    expect(await messages()).toMatchObject([{ status: "queued", attempts: 1, error_code: "unreachable" }]);
  });

  it("claims again at once what missed its slot, and counts no attempt, however often", async () => {
    await queue(393330000001);
    const sender = memorySender(SLOT_MISSED, SLOT_MISSED, SLOT_MISSED);
    expect(await drainWith(sender)).toMatchObject({
      messages: [...[1, 2, 3].map(() => ({ status: "queued", outcome: "not_sent" })), { status: "sent" }],
    });
    expect(await messages()).toMatchObject([{ status: "sent", attempts: 1 }]);
    expect(await attempts()).toHaveLength(4);
  });

  it("pauses, and goes on when the provider is connected again", async () => {
    await queue(393330000001);
    const sender = memorySender({ outcome: "paused", pause_reason: "session", code: "session_down", ...failure });
    sender.state = "need_scan";
    expect(await drainWith(sender)).toMatchObject({ idle: "paused" });
    sender.state = "connected";
    await world.query("update public.whatsapp_sender set probe_at = now()");
    expect(await drainWith(sender)).toMatchObject({ messages: [{ status: "sent" }] });
  });

  it("uses the time in which nothing can be sent, once", async () => {
    let times = 0;
    await drainWith(memorySender(), async () => {
      times++;
    });
    expect(times).toBe(1);
  });
});
