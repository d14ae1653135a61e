import { afterAll, beforeAll, expect, it } from "vitest";
import { POST as postWebhook } from "../../api/whatsapp-webhook.ts";
import { type LocalServer, serve } from "../../dev/serve.ts";
import { type Fault, faults } from "../../dev/wasender/fault.ts";
import { createWasenderSandbox, type WasenderSandbox } from "../../dev/wasender/sandbox.ts";
import { drainOutbox } from "../../lib/background/drain-outbox.ts";
import { readConfig } from "../../lib/config.ts";
import { createWorld, type World } from "../helpers/world.ts";

const MESSAGES = 200;
const DRAINS = 16;
const INTERVAL_MS = 200;

let world: World;
let app: LocalServer;
let wasender: WasenderSandbox;

/** A third of the sends goes wrong, in every way in turn. */
const WRONG: Fault[] = [
  faults.rateLimited(0.3),
  faults.notOnWhatsapp(),
  faults.serverError(false),
  faults.serverError(true),
  faults.reset(false),
  faults.reset(true),
];

beforeAll(async () => {
  world = await createWorld();
  app = await serve((request) => postWebhook(request));
  wasender = await createWasenderSandbox({
    apiKey: "key",
    webhookUrl: `${app.url}/api/whatsapp-webhook`,
    minIntervalMs: 0,
    dailyLimit: 1_000_000,
    // One hangs until the request's timeout; the others go on meanwhile.
    fault: (_, index) =>
      index === 31 ? faults.hang(true) : index % 3 === 1 ? (WRONG[index % WRONG.length] ?? null) : null,
  });
});
afterAll(async () => {
  await wasender.close();
  await app.close();
  await world.close();
});

it("sixteen drains send two hundred messages once each, in order of the slots, whatever goes wrong", async () => {
  const config = readConfig({
    ...process.env,
    WHATSAPP_API_URL: wasender.url,
    WHATSAPP_API_TOKEN: "key",
    WHATSAPP_MIN_INTERVAL_SECONDS: String(INTERVAL_MS / 1000),
  });
  if (!config.wasender) throw new Error("no Wasender");
  const to = config.wasender;
  await world.query(
    `insert into public.whatsapp_messages (direction, kind, status, phone_number, text, due_at)
     select 'outgoing', 'reply', 'queued', '+39333' || lpad(n::text, 7, '0'), 'message ' || n, now()
       from generate_series(1, ${MESSAGES}) n`,
  );
  for (;;) {
    await Promise.all(Array.from({ length: DRAINS }, () => drainOutbox(config, to)));
    const [left] = await world.query<{ n: number }>(
      "select count(*)::int as n from public.whatsapp_messages where status in ('queued', 'sending')",
    );
    if (left?.n === 0) break;
  }
  await wasender.idle();

  // By the stand-in's own record: no number has a message twice, and no two requests came within the interval.
  const taken = wasender.sends.filter((send) => send.accepted).map((send) => send.to);
  expect(new Set(taken).size).toBe(taken.length);
  const gaps = wasender.sends.slice(1).map((send, n) => send.at - (wasender.sends[n]?.at ?? 0));
  // The stand-in shares this machine with sixteen drains, and may note a request some time after it has come.
  expect(Math.min(...gaps)).toBeGreaterThan(INTERVAL_MS / 2);
  expect(gaps.toSorted((a, b) => a - b)[Math.floor(gaps.length / 20)]).toBeGreaterThan(INTERVAL_MS - 20);
  // Wasted is no slot: with work waiting, the gap is at most the interval plus one second, and what the machine adds.
  expect(gaps.toSorted((a, b) => a - b).at(-1)).toBeLessThan(INTERVAL_MS + 1_000 + 1_500);

  const rows = await world.query<{ phone_number: string; status: string; error_code: string | null }>(
    "select phone_number, status, error_code from public.whatsapp_messages",
  );
  expect(rows).toHaveLength(MESSAGES);
  for (const { phone_number, status, error_code } of rows) {
    expect(["sent", "delivered", "failed", "unknown"]).toContain(status);
    if (status === "failed" || status === "unknown") expect(error_code).toBeTruthy();
    if (status === "sent" || status === "delivered") expect(taken).toContain(phone_number);
    if (status === "failed") expect(taken).not.toContain(phone_number);
  }
  // Every request that was made is an attempt with its outcome.
  const [kept] = await world.query<{ n: number }>(
    "select count(*)::int as n from public.whatsapp_attempts where outcome is not null and started_at is not null",
  );
  expect(kept?.n).toBe(wasender.sends.length);
}, 240_000);
