import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from "vitest";
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
const invocation = () => ({
  config: readConfig({ ...process.env, WHATSAPP_API_TOKEN: "key", WHATSAPP_API_URL: wasender.url }),
  end: functionEnd(),
});

/** How often the database was asked for a message. */
function countClaims(): () => number {
  const fetched = vi.spyOn(globalThis, "fetch");
  return () => fetched.mock.calls.filter(([input]) => /\/rpc\/claim_(next_)?message$/.test(String(input))).length;
}

it("while no slot is free nothing is claimed, however many ask; then what waits is sent", async () => {
  await queue(393330000001);
  const slotInMs = 2_000;
  await world.query(`update public.whatsapp_sender set next_send_at = now() + interval '${slotInMs} ms'`);
  const claims = countClaims();
  for (let n = 0; n < 50; n++) start(invocation(), "drain", slotInMs);
  await sleep(slotInMs / 4);
  expect(claims()).toBe(0);
  await world.settled();
  expect(wasender.sends).toHaveLength(1);
  // The one that is sent, and two that find the queue empty: before the chores and after.
  expect(claims()).toBeLessThanOrEqual(4);
});

it("a slot that comes after the function's end is left to the clock", async () => {
  await queue(393330000001);
  const claims = countClaims();
  start(invocation(), "drain", 59_000);
  await world.settled();
  expect(claims()).toBe(0);
});

it("a webhook that queued nothing starts nothing", async () => {
  process.env.WHATSAPP_API_TOKEN = "key";
  process.env.WHATSAPP_API_URL = wasender.url;
  const claims = countClaims();
  await postCall(
    jsonRequest("/webhook/cloudtalk", { call_uuid: "missed", external_number: 393330000001, talking_time: 0 }),
  );
  await world.settled();
  expect(claims()).toBe(0);
});
