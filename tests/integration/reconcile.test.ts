import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { POST as ring } from "../../api/outbox.ts";
import { POST as postCall } from "../../api/webhook/cloudtalk.ts";
import {
  type CloudtalkApi,
  type CloudtalkApiOptions,
  createCloudtalkApi,
  type HistoryEntry,
} from "../../dev/cloudtalk-api.ts";
import { readConfig } from "../../lib/config.ts";
import { FUNCTION_SECONDS, RESERVE_MS } from "../../lib/function-time.ts";
import { MAX_PAGES, PAGE_EVERY_MS, type ReconcileTerms, reconcile } from "../../lib/reconcile/reconcile.ts";
import { createWorld, jsonRequest, type World } from "../helpers/world.ts";

let world: World;
let api: CloudtalkApi | null = null;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());
beforeEach(() => world.reset());
afterEach(async () => {
  await world.settled();
  await api?.close();
  api = null;
  for (const name of [
    "CLOUDTALK_API_URL",
    "CLOUDTALK_API_KEY_ID",
    "CLOUDTALK_API_SECRET",
    "RECONCILE_ASK_WITHIN_HOURS",
    "CRON_SECRET",
  ]) {
    delete process.env[name];
  }
});

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const NUMBER = "393330000001";

/** A call that ended so long ago, and took two minutes. */
function ended(id: number, msAgo: number, more: Partial<HistoryEntry> = {}): HistoryEntry {
  const at = Date.now() - msAgo;
  return { id, external: NUMBER, startedAt: new Date(at - 2 * MINUTE), endedAt: new Date(at), talking: 100, ...more };
}
/** What the webhook of such a call says. */
const webhookOf = (call: HistoryEntry, more: object = {}) => ({
  call_uuid: `uuid-${call.id}`,
  external_number: Number(call.external),
  started_at: call.startedAt.toISOString(),
  ended_at: call.endedAt?.toISOString(),
  talking_time: call.talking,
  ...more,
});

async function history(calls: HistoryEntry[], options: Partial<CloudtalkApiOptions> = {}) {
  api = await createCloudtalkApi({ keyId: "id", secret: "secret", calls, ...options });
  process.env.CLOUDTALK_API_URL = api.url;
  process.env.CLOUDTALK_API_KEY_ID = "id";
  process.env.CLOUDTALK_API_SECRET = "secret";
}
/** So near the function's end that its history can be read for so many milliseconds. */
const readingFor = (ms: number) => ({ end: performance.now() + RESERVE_MS.historyPage + ms });
function run(terms: ReconcileTerms = {}) {
  const config = readConfig();
  return reconcile(config, config.cloudtalkApi ?? expect.unreachable(), new Date(), { pageEveryMs: 0, ...terms });
}
async function post(body: object) {
  return (await postCall(jsonRequest("/webhook/cloudtalk", body))).json();
}

type Row = Record<string, unknown>;
const calls = () => world.query<Row>("select * from public.cloudtalk_calls order by id");
const messages = () => world.query<Row>("select * from public.whatsapp_messages order by id");
const webhooks = () => world.query<Row>("select source, outcome from public.webhook_requests order by id");
const sender = async () =>
  (
    await world.query<Row>(
      "select *, reconcile_due_at > now() as later, reconciled_at is not null as reconciled from public.whatsapp_sender",
    )
  )[0];

describe("a call whose webhook never came", () => {
  it("is recorded as one, and asked", async () => {
    await history([ended(71, 20 * MINUTE, { contact: { id: 5, name: "Maria Rossi" } })]);
    expect(await run()).toEqual({ calls: 1, recorded: 1, queued: 1, error: null });
    expect(await calls()).toMatchObject([
      {
        call_id: "71",
        cdr_id: "71",
        phone_number: "+393330000001",
        talking_time: 100,
        talked: true,
        direction: "outgoing",
        agent_name: "Samuela Greengen",
        contact_name: "Maria Rossi",
        should_send: true,
        should_send_reason: "eligible",
      },
    ]);
    expect(await messages()).toMatchObject([{ kind: "ask", status: "queued", contact_name: "Maria Rossi" }]);
    expect(await webhooks()).toEqual([{ source: "reconciled", outcome: "accepted" }]);
    expect(await sender()).toMatchObject({ reconciled: true, reconcile_error: null });
  });

  it("is recorded once, however often the history is read", async () => {
    await history([ended(71, 20 * MINUTE)]);
    await run();
    expect(await run()).toMatchObject({ calls: 1, recorded: 0, queued: 0 });
    expect(await webhooks()).toHaveLength(1);
  });

  it.each([
    ["two hours by default", undefined, 119 * MINUTE, true],
    ["no older", undefined, 121 * MINUTE, false],
    ["as long as is set", "5", 299 * MINUTE, true],
    ["and no longer", "5", 301 * MINUTE, false],
  ])("gets a message only while it is young: %s", async (_, hours, msAgo, asked) => {
    if (hours) process.env.RECONCILE_ASK_WITHIN_HOURS = hours;
    await history([ended(71, msAgo)]);
    await run();
    expect(await calls()).toMatchObject([{ should_send: asked, should_send_reason: asked ? "eligible" : "too_old" }]);
    expect(await messages()).toHaveLength(asked ? 1 : 0);
  });

  it("was too old and stays so when its webhook comes after all", async () => {
    const call = ended(71, 3 * HOUR);
    await history([call]);
    await run();
    await post(webhookOf(call, { should_send: true }));
    expect(await calls()).toMatchObject([{ call_uuid: "uuid-71", should_send_reason: "too_old" }]);
    expect(await messages()).toEqual([]);
  });

  it.each([
    ["missed", { talking: 0 }],
    ["a voicemail", { voicemail: true }],
  ])("and that was %s gets no message", async (_, more) => {
    await history([ended(71, 20 * MINUTE, more)]);
    await run();
    expect(await calls()).toMatchObject([{ should_send: false, should_send_reason: "nobody_talked" }]);
  });

  it("from a withheld number is recorded", async () => {
    await history([ended(71, 20 * MINUTE, { external: "anonymous", type: "incoming" })]);
    await run();
    expect(await calls()).toMatchObject([{ phone_number: null, should_send_reason: "no_phone_number" }]);
  });

  it("is left alone while its webhook may still come, while it goes on, and where it is internal", async () => {
    await history([
      ended(71, 5 * MINUTE),
      ended(72, 0, { external: "393330000002", endedAt: null }),
      ended(73, 20 * MINUTE, { external: "393330000003", type: "internal" }),
    ]);
    expect(await run()).toMatchObject({ recorded: 0 });
    expect(await calls()).toEqual([]);
  });
});

describe("a call whose webhook came", () => {
  it("before is not recorded again, loses nothing, and is known by the history's id from then on", async () => {
    const call = ended(71, 20 * MINUTE);
    await post(webhookOf(call, { agent_first_name: "Anna", transcript: "Buongiorno", talking_time: 90 }));
    const [before] = await calls();
    await history([call]);
    expect(await run()).toEqual({ calls: 1, recorded: 0, queued: 0, error: null });
    const after = await calls();
    expect(after).toHaveLength(1);
    expect(after[0]).toEqual({
      ...before,
      call_id: "71",
      cdr_id: "71",
      agent_id: "490001",
      phone_number_from: "390200000001",
      direction: "outgoing",
      updated_at: after[0]?.updated_at,
    });
    expect(await messages()).toHaveLength(1);
    expect(await webhooks()).toEqual([{ source: "cloudtalk", outcome: "accepted" }]);
  });

  it("afterwards is the same call, with one ask", async () => {
    const call = ended(71, 20 * MINUTE);
    await history([call]);
    await run();
    expect(await post(webhookOf(call, { transcript: "Buongiorno" }))).toMatchObject({
      duplicate: false,
      call: { id: 1 },
    });
    expect(await calls()).toMatchObject([{ call_uuid: "uuid-71", cdr_id: "71", transcript: "Buongiorno" }]);
    expect(await messages()).toHaveLength(1);
    expect(await run()).toMatchObject({ recorded: 0 });
  });

  it("hours late, and whose ask waits, still gets it", async () => {
    const call = ended(71, 3 * HOUR);
    await post(webhookOf(call, { talking_time: undefined }));
    await history([call]);
    await run();
    expect(await calls()).toMatchObject([{ talked: true, should_send: true }]);
    expect(await messages()).toMatchObject([{ status: "queued" }]);
  });

  it("and of which only the history knows that nobody answered is not asked any more", async () => {
    const call = ended(71, 20 * MINUTE, { talking: 0 });
    await post(webhookOf(call, { talking_time: undefined }));
    await history([call]);
    await run();
    expect(await messages()).toMatchObject([{ status: "cancelled", error_code: "nobody_talked" }]);
  });

  it("with times that are two hours off is not asked twice", async () => {
    const call = ended(71, 30 * MINUTE);
    const shifted = {
      ...call,
      startedAt: new Date(+call.startedAt + HOUR),
      endedAt: new Date(Date.now() + 30 * MINUTE),
    };
    await post(webhookOf(shifted));
    await world.query("update public.cloudtalk_calls set created_at = now() - interval '25 minutes'");
    await history([call]);
    expect(await run()).toMatchObject({ recorded: 0 });
    expect(await messages()).toHaveLength(1);
  });

  it.each([
    ["before", true],
    ["after", false],
  ])("from the voice agent, whose ids are others, is the same call: %s", async (_, first) => {
    const call = ended(71, 20 * MINUTE);
    const webhook = webhookOf(call, { call_uuid: undefined, call_id: "va_01HZX" });
    await history([call]);
    if (first) await post(webhook);
    await run();
    if (!first) await post(webhook);
    expect(await post(webhook)).toMatchObject({ duplicate: true });
    expect(await run()).toMatchObject({ recorded: 0 });
    expect(await calls()).toMatchObject([{ call_id: "va_01HZX", cdr_id: "71" }]);
    expect(await messages()).toHaveLength(1);
  });

  it("with the history's own id is known by it", async () => {
    const call = ended(71, 20 * MINUTE);
    await post(webhookOf(call, { call_uuid: undefined, call_id: 71 }));
    await history([call]);
    expect(await run()).toMatchObject({ recorded: 0 });
    expect(await calls()).toMatchObject([{ call_id: "71", cdr_id: "71" }]);
  });
});

describe("a customer who called twice", () => {
  const first = () => ended(71, 80 * MINUTE);
  const second = () => ended(72, 25 * MINUTE);

  it.each([
    ["the first", 0],
    ["the second", 1],
  ])("and one webhook was lost: %s is found", async (_, lost) => {
    const both = [first(), second()];
    const came = both[1 - lost] ?? expect.unreachable();
    await post(webhookOf(came));
    await world.query("update public.cloudtalk_calls set created_at = call_end_time + interval '1 minute'");
    await history(both);
    expect(await run()).toMatchObject({ recorded: 1 });
    expect(await calls()).toMatchObject([
      { call_uuid: `uuid-${came.id}`, cdr_id: String(came.id) },
      { call_uuid: null, cdr_id: String(both[lost]?.id) },
    ]);
    expect(await messages()).toHaveLength(2);
  });

  it("just now, and the history lists only the older one yet: nothing is mistaken for the other", async () => {
    const newer = ended(73, 1 * MINUTE);
    await post(webhookOf(newer));
    await history([second()]);
    expect(await run()).toMatchObject({ recorded: 0 });
    expect(await calls()).toMatchObject([{ call_uuid: "uuid-73", cdr_id: null }]);
    await api?.close();
    await history([second(), newer]);
    expect(await run()).toMatchObject({ recorded: 1 });
    expect(await calls()).toMatchObject([
      { call_uuid: "uuid-73", cdr_id: "73" },
      { call_uuid: null, cdr_id: "72" },
    ]);
  });
});

describe("an erased customer", () => {
  const erase = (number = NUMBER) => world.query(`select public.erase_customer(public.start_erasure('+${number}'))`);
  const numbers = async () => (await calls()).map((call) => call.phone_number);

  it("does not come back with the history", async () => {
    const call = ended(71, 20 * MINUTE);
    await post(webhookOf(call));
    await erase();
    await history([call]);
    expect(await run()).toMatchObject({ recorded: 0 });
    expect(await numbers()).toEqual([null]);
    expect(await messages()).toEqual([]);
  });

  it.each([
    ["that says when it began", {}],
    ["that does not say when it was", { started_at: undefined, ended_at: undefined }],
  ])("hides no call of somebody else in the same minute as one %s", async (_, more) => {
    const [own, other] = [ended(71, 20 * MINUTE), ended(72, 20 * MINUTE, { external: "393330000002" })];
    await post(webhookOf(own, more));
    await erase();
    await history([own, other]);
    expect(await run()).toMatchObject({ calls: 2, recorded: 1, queued: 1 });
    expect(await numbers()).toEqual([null, "+393330000002"]);
    expect(await messages()).toMatchObject([{ kind: "ask", phone_number: "+393330000002" }]);
  });

  it("does not come back with a webhook that knows the call by another id", async () => {
    await post(webhookOf(ended(71, 20 * MINUTE)));
    await erase();
    const late = { call_id: 71, external_number: Number(NUMBER), recording_url: "https://my.cloudtalk.io/r/71" };
    expect(await post(late)).toMatchObject({ duplicate: true, call: { reason: "erased" }, message: null });
    // Somebody else's at the same time is theirs, and so is a new call of the same person's.
    await post({ call_id: 72, external_number: 393330000002 });
    await post(webhookOf(ended(73, MINUTE)));
    expect(await numbers()).toEqual([null, "+393330000002", `+${NUMBER}`]);
    expect(JSON.stringify(await world.query("select body from public.webhook_requests order by id"))).not.toContain(
      "r/71",
    );
  });

  it("is forgotten altogether after two days", async () => {
    await post(webhookOf(ended(71, 20 * MINUTE)));
    await erase();
    await world.query("update public.cloudtalk_calls set updated_at = now() - interval '3 days'");
    await world.query("update public.whatsapp_sender set sweep_at = now()");
    await world.query("select public.claim_sweep(10)");
    expect(await calls()).toMatchObject([{ erased_hash: null, call_uuid: "uuid-71" }]);
  });
});

describe("a call that cannot be recorded", () => {
  const three = (name: string) => [
    ended(71, 20 * MINUTE),
    ended(72, 21 * MINUTE, { external: "393330000002", contact: { id: 5, name } }),
    ended(73, 22 * MINUTE, { external: "393330000003" }),
  ];

  it("for its NUL and half a character is recorded with what stands for them", async () => {
    await history(three("Ma\u0000rio \ud83d"));
    expect(await run()).toEqual({ calls: 3, recorded: 3, queued: 3, error: null });
    expect((await calls()).map((call) => call.contact_name)).toContain("Ma\uFFFDrio \uFFFD");
  });

  it("hides no other, and is told of without its words", async () => {
    await world.database.exec(`
      create function public.trip() returns trigger language plpgsql as $$
      begin raise exception 'not %', new.contact_name using errcode = '22P05'; end $$;
      create trigger trip before insert on public.cloudtalk_calls for each row
        when (new.phone_number = '+393330000002') execute function public.trip();`);
    try {
      await history(three("Mario Segreto"));
      const result = await run();
      expect(result).toMatchObject({ calls: 3, recorded: 2, queued: 2 });
      expect(result.error).toBe("1 of CloudTalk's calls could not be recorded: 72 (DatabaseError, 22P05).");
      expect((await calls()).map((call) => call.cdr_id).toSorted()).toEqual(["71", "73"]);
      expect(await sender()).toMatchObject({ reconciled: false, reconcile_error: result.error });
    } finally {
      await world.database.exec("drop trigger trip on public.cloudtalk_calls; drop function public.trip();");
    }
    // Nothing is wrong with it any more.
    expect(await run()).toMatchObject({ recorded: 1, error: null });
    expect(await sender()).toMatchObject({ reconciled: true, reconcile_error: null });
  });

  it("nor compared is told of as well", async () => {
    await history(three("Mario"));
    await world.query("alter function public.unknown_calls rename to unknown_calls_away");
    try {
      expect(await run()).toMatchObject({ recorded: 0, error: expect.stringContaining("could not be compared") });
    } finally {
      await world.query("alter function public.unknown_calls_away rename to unknown_calls");
    }
    expect(await sender()).toMatchObject({ reconcile_error: expect.stringContaining("could not be compared") });
  });
});

describe("CloudTalk's API", () => {
  const pages = (count: number) =>
    Array.from({ length: count }, (_, index) =>
      ended(100 + index, (20 + index) * MINUTE, { external: `39333100${1000 + index}` }),
    );

  it("is asked at a pace that leaves the company requests of its own, and all pages fit into the time", () => {
    expect(60_000 / PAGE_EVERY_MS).toBeLessThanOrEqual(45);
    expect((MAX_PAGES - 1) * PAGE_EVERY_MS).toBeLessThan(FUNCTION_SECONDS * 1_000 - RESERVE_MS.historyPage);
  });

  it("is asked for the next page when its time has come", async () => {
    await history(pages(3), { maxPageSize: 1 });
    await run({ pageEveryMs: 300 });
    const at = api?.requests.map((request) => request.at) ?? [];
    expect(at).toHaveLength(3);
    // Less than the pace by what a request takes to arrive.
    for (const [index, time] of at.slice(1).entries()) expect(time - (at[index] ?? 0)).toBeGreaterThan(200);
  });

  it("that would take too long is left, saying how far it came, and nothing is recorded by halves", async () => {
    await history(pages(3), { maxPageSize: 1 });
    const result = await run({ pageEveryMs: 60_000, ...readingFor(30_000) });
    expect(result).toMatchObject({
      recorded: 0,
      error: expect.stringContaining("could not be read in time: 1 of 3 pages"),
    });
    expect(api?.requests).toHaveLength(1);
    expect(await calls()).toEqual([]);
    expect(await sender()).toMatchObject({ reconciled: false, reconcile_error: result.error });
  });

  it("is not asked for a page when the time is over", async () => {
    await history(pages(1));
    expect(await run(readingFor(0))).toMatchObject({ error: expect.stringContaining("0 of all pages") });
    expect(api?.requests).toEqual([]);
  });

  it("that stops answering is not waited for longer than there is time", async () => {
    await history(pages(3), { maxPageSize: 1, silentFromPage: 2 });
    const started = performance.now();
    expect(await run(readingFor(1_500))).toMatchObject({ error: expect.stringContaining("1 of 3 pages") });
    expect(performance.now() - started).toBeLessThan(8_000);
  });

  it("that has more than can be read is not read in vain", async () => {
    await history(pages(MAX_PAGES + 1), { maxPageSize: 1 });
    expect(await run()).toMatchObject({ recorded: 0, error: expect.stringContaining(`more than ${MAX_PAGES} pages`) });
    expect(api?.requests).toHaveLength(1);
  });

  it("is read page by page, for the last day", async () => {
    const all = Array.from({ length: 5 }, (_, index) =>
      ended(70 + index, (20 + index) * MINUTE, { external: `39333000000${index}` }),
    );
    await history([...all, ended(99, 30 * HOUR)], { maxPageSize: 2 });
    expect(await run()).toMatchObject({ calls: 5, recorded: 5 });
    expect(api?.requests.map(({ page }) => page)).toEqual([1, 2, 3]);
    expect(api?.requests[0]?.dateFrom).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
  });

  it("that has no request left for us is asked again when it has", async () => {
    const all = [ended(71, 20 * MINUTE), ended(72, 21 * MINUTE, { external: "393330000002" })];
    await history(all, { maxPageSize: 1, requestsPerMinute: 1, minuteMs: 900 });
    expect(await run()).toMatchObject({ recorded: 2, error: null });
    expect(api?.refused()).toBeGreaterThan(0);
  });

  it("that has none for long is left alone: nothing is recorded by halves", async () => {
    const all = [ended(71, 20 * MINUTE), ended(72, 21 * MINUTE, { external: "393330000002" })];
    await history(all, { maxPageSize: 1, requestsPerMinute: 1 });
    expect(await run()).toMatchObject({ recorded: 0, error: expect.stringContaining("60 requests a minute") });
    expect(await calls()).toEqual([]);
    expect(await sender()).toMatchObject({
      reconciled: false,
      reconcile_error: expect.stringContaining("60 requests"),
    });
  });

  it("that refuses the key is told of", async () => {
    await history([]);
    process.env.CLOUDTALK_API_SECRET = "other";
    expect(await run()).toMatchObject({ error: expect.stringContaining("CLOUDTALK_API_SECRET") });
  });

  it("that does not answer is told of", async () => {
    await history([]);
    process.env.CLOUDTALK_API_URL = "http://127.0.0.1:9/api";
    expect(await run()).toMatchObject({ error: expect.stringContaining("could not be reached") });
  });
});

describe("the clock", () => {
  const rings = async () => {
    await ring(jsonRequest("/api/outbox", {}));
    await world.settled();
  };

  it("has it read every ten minutes, by one function, and the message goes out", async () => {
    await history([ended(71, 20 * MINUTE)]);
    await world.query("update public.whatsapp_sender set reconcile_due_at = now()");
    expect(await world.query("select public.outbox_due() as due")).toEqual([{ due: true }]);
    await Promise.all([rings(), rings(), rings()]);
    expect(api?.requests).toHaveLength(1);
    expect(await messages()).toHaveLength(1);
    expect(await sender()).toMatchObject({ later: true, reconciled: true });

    await world.query(
      "update public.whatsapp_sender set reconcile_due_at = now(), reconcile_started_at = now() - interval '10 minutes'",
    );
    await rings();
    expect(api?.requests).toHaveLength(2);
  });

  it("rings no more for it where it is not set up, until an hour has passed", async () => {
    await world.query("update public.whatsapp_sender set reconcile_due_at = now()");
    await rings();
    expect(await world.query("select public.outbox_due() as due")).toEqual([{ due: false }]);
    expect(await sender()).toMatchObject({ later: true, reconcile_started_at: null });
  });

  it("starts with the next ring of any kind once it is set up", async () => {
    await world.query("update public.whatsapp_sender set reconcile_due_at = now() + interval '1 hour'");
    await history([ended(71, 20 * MINUTE)]);
    await rings();
    expect(await calls()).toHaveLength(1);
  });
});
