import { afterEach, describe, expect, it } from "vitest";
import { type CloudtalkApi, createCloudtalkApi } from "../../dev/cloudtalk-api.ts";
import { type LocalServer, serve } from "../../dev/serve.ts";
import { parseCloudtalkWebhook } from "../../lib/cloudtalk/call.ts";
import { getCalls } from "../../lib/cloudtalk/rest.ts";
import type { CloudtalkApiConfig } from "../../lib/config.ts";

const FROM = new Date("2026-11-21T08:00:00Z");
const TO = new Date("2026-11-22T08:00:00Z");

let server: LocalServer | CloudtalkApi | null = null;
afterEach(async () => {
  await server?.close();
  server = null;
});

/** A server that gives this answer, whatever is asked. */
async function answering(body: unknown, init: ResponseInit = {}): Promise<CloudtalkApiConfig> {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  server = await serve(() => new Response(text, init));
  return { baseUrl: `${server.url}/api`, keyId: "id", secret: "secret" };
}
const list = (...data: unknown[]) => ({
  responseData: { itemsCount: data.length, pageCount: 1, pageNumber: 1, limit: 500, data },
});
const read = (config: CloudtalkApiConfig) => getCalls(config, FROM, TO, 1);

describe("the history", () => {
  it("is asked for with the key, in UTC, and gives calls as a webhook would", async () => {
    const startedAt = new Date("2026-11-21T10:00:00Z");
    const endedAt = new Date("2026-11-21T10:03:00Z");
    const call = {
      id: 71,
      external: "393330000001",
      startedAt,
      endedAt,
      talking: 100,
      contact: { id: 5, name: "Maria" },
    };
    const api = await createCloudtalkApi({ keyId: "id", secret: "secret", calls: [call] });
    server = api;
    const page = await read({ baseUrl: api.url, keyId: "id", secret: "secret" });
    expect(api.requests).toEqual([
      { page: 1, limit: 500, dateFrom: "2026-11-21 08:00:00", dateTo: "2026-11-22 08:00:00", at: expect.any(Number) },
    ]);
    if (page.kind !== "page") expect.unreachable();
    expect(page).toMatchObject({
      pages: 1,
      calls: [{ id: "71", endedAt: "2026-11-21T10:03:00.000Z", internal: false }],
    });
    expect(parseCloudtalkWebhook(page.calls[0]?.body)).toMatchObject({
      kind: "usable",
      value: {
        call_id: "71",
        phone_number: "+393330000001",
        phone_number_from: "390200000001",
        direction: "outgoing",
        talking_time: 100,
        talked: true,
        call_start_time: "2026-11-21T10:00:00.000Z",
        call_end_time: "2026-11-21T10:03:00.000Z",
        agent_name: "Samuela Greengen",
        contact_name: "Maria",
      },
    });
  });

  it("may hold numbers as numbers, and items that cannot be understood", async () => {
    const config = await answering(
      list({ Cdr: { id: 71, public_external: 393330000001, talking_time: 12 } }, { Cdr: { id: "" } }, null, "x", {
        Cdr: { id: "72" },
        Agent: [],
        Contact: "none",
      }),
    );
    expect(await read(config)).toMatchObject({
      kind: "page",
      calls: [{ id: "71", body: { talking_time: 12 } }, { id: "72" }],
    });
  });

  it.each([
    [{ id: "1", answered_at: null }, 0],
    [{ id: "1", answered_at: "2026-11-21 10:00:00" }, null],
    [{ id: "1" }, null],
    [{ id: "1", answered_at: null, talking_time: "7" }, "7"],
  ])("says that nobody answered where it does: %j", async (cdr, talking) => {
    expect(await read(await answering(list({ Cdr: cdr })))).toMatchObject({
      calls: [{ body: { talking_time: talking } }],
    });
  });

  it("comes with a NUL in a name: what PostgreSQL cannot store is replaced", async () => {
    const config = await answering(
      '{"responseData":{"pageCount":1,"data":[{"Cdr":{"id":"71"},"Contact":{"name":"Ma\\u0000rio \\ud83d"}}]}}',
    );
    expect(await read(config)).toMatchObject({ calls: [{ id: "71", body: { contact_name: "Ma\uFFFDrio \uFFFD" } }] });
  });

  it("may say its number of pages as a text", async () => {
    const config = await answering({ responseData: { pageCount: "3", data: [] } });
    expect(await read(config)).toMatchObject({ pages: 3 });
  });
});

describe("what is no history", () => {
  it("is a limit, with the time when it ends", async () => {
    const headers = { "X-CloudTalkAPI-ResetTime": "1795334400" };
    expect(await read(await answering({}, { status: 429, headers }))).toEqual({
      kind: "limited",
      until: 1_795_334_400_000,
    });
  });
  it("is a limit that does not say when it ends: a minute", async () => {
    const limited = await read(await answering("Too many", { status: 429 }));
    if (limited.kind !== "limited") expect.unreachable();
    expect(limited.until - Date.now()).toBeGreaterThan(55_000);
  });
  it("is silence, for no longer than there is time", async () => {
    const api = await createCloudtalkApi({ keyId: "id", secret: "secret", calls: [], silentFromPage: 1 });
    server = api;
    const started = performance.now();
    const config = { baseUrl: api.url, keyId: "id", secret: "secret" };
    expect(await getCalls(config, FROM, TO, 1, 200)).toMatchObject({ kind: "failed" });
    expect(performance.now() - started).toBeLessThan(3_000);
  });
  it.each([
    ["a refused key", "no", { status: 401 }, "CLOUDTALK_API_KEY_ID"],
    ["a page", "<html>", { status: 200 }, "without a list of calls"],
    ["an error", "{}", { status: 500 }, "answered 500"],
    ["no object", '"calls"', { status: 200 }, "without a list of calls"],
    ["another envelope", { data: [] }, { status: 200 }, "without a list of calls"],
  ])("is %s", async (_, body, init, says) => {
    expect(await read(await answering(body, init))).toEqual({ kind: "failed", why: expect.stringContaining(says) });
  });
});
