import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { call, claim, settle } from "../helpers/surface.ts";
import { createWorld, type World } from "../helpers/world.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());
beforeEach(async () => {
  await world.reset();
  await world.query(
    `insert into public.whatsapp_messages (direction, kind, status, phone_number, text, due_at)
     values ('outgoing', 'reply', 'queued', '+393330000001', 'Ciao', now())`,
  );
});

type Claim = { message?: { lease_token: string }; idle?: string; probe?: boolean };
async function claimAs(fingerprint: string): Promise<Claim> {
  const [row] = await world.query<{ answer: Claim }>(claim(fingerprint));
  return row?.answer ?? {};
}
/** Wasender answers the next send like this. */
async function sendAs(fingerprint: string, outcome: string, detail: object = {}) {
  const { message } = await claimAs(fingerprint);
  if (!message) throw new Error("nothing was claimed");
  await world.query(settle(message.lease_token, outcome, { fingerprint, ...detail }));
}
const refusedAs = (fingerprint: string) =>
  sendAs(fingerprint, "paused", { pause_reason: "configuration", code: "key_refused" });
/** How long until the next probe, in seconds; some of them have passed. */
async function wait() {
  const [row] = await world.query<{ seconds: number }>(
    "select (ceil(extract(epoch from probe_at - now()) / 15) * 15)::int as seconds from public.whatsapp_sender",
  );
  return row?.seconds;
}
const later = () => world.query("update public.whatsapp_sender set probe_at = now() - interval '1 second'");
const status = (value: string) => world.query(call("record_probe", { p_session_status: value }));
const staff = (action: string) => world.query(call("act_on_sender", { p_action: action }));
const nobodyProbes = async (fingerprint: string) =>
  expect(await claimAs(fingerprint)).toMatchObject({ idle: "paused", probe: false });

/** Probes in vain so many times, and gives how long each time until the next one. */
async function probesInVain(times: number, fingerprint = "key") {
  const waits = [];
  for (let n = 0; n < times; n++) {
    await later();
    expect(await claimAs(fingerprint)).toMatchObject({ idle: "paused", probe: true });
    // One at a time.
    await nobodyProbes(fingerprint);
    waits.push(await wait());
  }
  return waits;
}
const minutes = (...list: number[]) => list.map((n) => n * 60);

describe("while Wasender refuses our key", () => {
  it("it is asked ever more rarely whether it works again, six hours apart at most", async () => {
    await refusedAs("key");
    expect(await probesInVain(9)).toEqual(minutes(5, 10, 20, 40, 80, 160, 320, 360, 360));
  });

  it("and its status is healthy nevertheless, sending is tried ever more rarely", async () => {
    const waits = [];
    for (let n = 0; n < 5; n++) {
      await refusedAs("key");
      waits.push(await wait());
      await nobodyProbes("key");
      await later();
      expect(await claimAs("key")).toMatchObject({ probe: true });
      await status("connected");
    }
    expect(waits).toEqual([30, 60, 120, 240, 480]);
  });

  it("another deployment or key is tried at once, and has its own patience", async () => {
    await refusedAs("key");
    await probesInVain(6);
    expect(await claimAs("new key")).toMatchObject({ idle: "paused", probe: true });
    expect(await wait()).toBe(300);
    expect(await probesInVain(2, "new key")).toEqual(minutes(10, 20));
  });

  it.each([
    ["a message that was sent", () => sendAs("key", "sent", { wasender_id: "1" })],
    ["staff who let it go on", async () => undefined],
  ])("after %s it is asked as often as at first", async (_, since) => {
    await refusedAs("key");
    await probesInVain(6);
    await staff("resume");
    await since();
    await world.query(
      `insert into public.whatsapp_messages (direction, kind, status, phone_number, text, due_at)
       values ('outgoing', 'reply', 'queued', '+393330000002', 'Ciao', now())`,
    );
    await refusedAs("key");
    expect(await wait()).toBe(30);
    expect(await probesInVain(2)).toEqual(minutes(5, 10));
  });

  it("a message that was sent after a healthy status is as good", async () => {
    await refusedAs("key");
    await probesInVain(6);
    await status("connected");
    await sendAs("key", "sent", { wasender_id: "1" });
    expect(await world.query("select probes from public.whatsapp_sender")).toEqual([{ probes: 0 }]);
  });
});

it("while the session is not connected, it is asked every half minute", async () => {
  await sendAs("key", "paused", { pause_reason: "session", code: "session_down" });
  expect(await wait()).toBe(30);
  expect(await probesInVain(4)).toEqual([30, 30, 30, 30]);
});

it("while staff have paused it, nobody asks, whatever the key", async () => {
  await staff("pause");
  await nobodyProbes("key");
  await nobodyProbes("new key");
});
