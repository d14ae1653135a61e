import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { ClientRequest } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, onTestFinished, vi } from "vitest";
import { POST as postCall } from "../../api/webhook/cloudtalk.ts";
import { createWasenderSandbox, type WasenderSandbox } from "../../dev/wasender/sandbox.ts";
import { start } from "../../lib/background/run.ts";
import { readConfig } from "../../lib/config.ts";
import { functionEnd } from "../../lib/function-time.ts";
import { createWorld, jsonRequest, type World } from "../helpers/world.ts";

let world: World;
let wasender: WasenderSandbox;
beforeAll(async () => {
  world = await createWorld();
  wasender = await createWasenderSandbox({ apiKey: "key", webhookUrl: "http://127.0.0.1:9/", minIntervalMs: 0 });
});
afterAll(async () => {
  await wasender.close();
  await world.close();
});
beforeEach(() => world.reset());
afterEach(() => {
  vi.restoreAllMocks();
  for (const name of ["WHATSAPP_API_TOKEN", "WHATSAPP_API_URL"]) delete process.env[name];
});

const queue = (number: number) =>
  postCall(jsonRequest("/webhook/cloudtalk", { call_uuid: `u${number}`, external_number: number }));
const invocation = () => ({ config: readConfig(), end: functionEnd() });

/** How often the database was asked for a message. */
function countClaims(): () => number {
  let claims = 0;
  const count = (event: unknown) => {
    const { request } = event as { request: ClientRequest };
    if (request.path.endsWith("/rpc/claim_message")) claims += 1;
  };
  subscribe("http.client.request.start", count);
  onTestFinished(() => void unsubscribe("http.client.request.start", count));
  return () => claims;
}

/** Names Wasender in the environment, as on a deployment: from now on webhooks start drains. */
function configure() {
  process.env.WHATSAPP_API_TOKEN = "key";
  process.env.WHATSAPP_API_URL = wasender.url;
}
const takeSlot = (ms: number) =>
  world.query(`update public.whatsapp_sender set next_send_at = now() + interval '${ms} ms'`);

it("while the slot is taken for longer than a drain may wait, webhooks claim nothing", async () => {
  configure();
  await takeSlot(59_000);
  const claims = countClaims();
  for (let n = 0; n < 20; n++) await queue(393330000001 + n);
  await world.settled();
  expect(claims()).toBe(0);
});

it("a drain that waits for the slot is not woken by what cannot go before it, and sends when it comes", async () => {
  configure();
  const slotInMs = 4_000;
  await takeSlot(slotInMs);
  const claims = countClaims();
  await Promise.all(Array.from({ length: 10 }, (_, n) => queue(393330000001 + n)));
  for (let n = 0; n < 50; n++) start(invocation(), "drain", slotInMs);
  await sleep(slotInMs / 8);
  expect(claims()).toBe(0);
  await world.settled();
  expect(wasender.sends).toHaveLength(1);
  expect(claims()).toBeGreaterThan(0);
  // The one that is sent, and those that find the slot taken: before the chores and after.
  expect(claims()).toBeLessThanOrEqual(4);
});

it("a slot that comes after the function's end is left to the clock", async () => {
  await queue(393330000001);
  configure();
  const claims = countClaims();
  start(invocation(), "drain", 59_000);
  await world.settled();
  expect(claims()).toBe(0);
});

it("a webhook that queued nothing starts nothing", async () => {
  configure();
  const claims = countClaims();
  await postCall(
    jsonRequest("/webhook/cloudtalk", { call_uuid: "missed", external_number: 393330000001, talking_time: 0 }),
  );
  await world.settled();
  expect(claims()).toBe(0);
});
