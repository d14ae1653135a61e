import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { POST as postCall } from "../../api/webhook/cloudtalk.ts";
import { POST as postMessage } from "../../api/whatsapp-webhook.ts";
import { readConfig } from "../../lib/config.ts";
import { checkHealth } from "../../lib/health/check-health.ts";
import { sweep } from "../../lib/media/sweep.ts";
import { type Cdn, startCdn } from "../helpers/cdn.ts";
import { createWorld, fixture, jsonRequest, type World } from "../helpers/world.ts";

let world: World;
let cdn: Cdn;
beforeAll(async () => {
  world = await createWorld();
  cdn = await startCdn();
});
afterAll(async () => {
  await cdn.close();
  await world.close();
});
beforeEach(() => world.reset());

const hourly = async (env: Record<string, string>) => {
  await world.query("update public.whatsapp_sender set sweep_at = now()");
  return sweep(readConfig({ ...process.env, ...env }));
};
const age = (days: number, where = "true") =>
  world.database.exec(`
    update public.webhook_requests set "timestamp" = now() - interval '${days} days' where ${where};
    update public.cloudtalk_calls set created_at = now() - interval '${days} days' where ${where};`);

function replay(...args: string[]): Promise<{ code: number; out: string }> {
  return new Promise((done) => {
    execFile(process.execPath, ["scripts/replay.ts", ...args], (error, stdout, stderr) =>
      done({ code: error ? Number(error.code) : 0, out: stdout + stderr }),
    );
  });
}

describe("WEBHOOK_RETENTION_DAYS", () => {
  const CALL = { call_uuid: "u1", external_number: 393330000001, talking_time: 50, contact_name: "Maria Rossi" };
  const EMPTY = { headers: null, query: null, body: null, raw_body: null, ip_address: null, user_agent: null };
  type Webhook = Record<string, unknown> & { emptied: boolean };
  const webhooks = () =>
    world.query<Webhook>(
      "select id, source, path, url, event_type, outcome, outcome_detail, headers, query, body, raw_body, ip_address, user_agent, emptied_at is not null as emptied from public.webhook_requests order by id",
    );
  const post = (handler: typeof postCall, path: string, body: unknown) =>
    handler(
      jsonRequest(`${path}?customer=393330000001`, body, { "x-real-ip": "203.0.113.7", "user-agent": "Guzzle/7" }),
    );
  beforeEach(async () => {
    await post(postCall, "/webhook/cloudtalk", CALL);
    await post(postMessage, "/api/whatsapp-webhook", await fixture("wasender/received-text"));
    await post(postCall, "/webhook/cloudtalk", "{broken +39 333 000 0001");
    await world.query(
      `insert into public.webhook_requests (source, path, url, body, outcome) values ('legacy', '/', '/', '{"text": "Maria"}', 'legacy')`,
    );
  });

  it("empties what is older: what it says, who sent it, and the calls' copy; that it came stays", async () => {
    await age(91);
    await post(postCall, "/webhook/cloudtalk", { ...CALL, call_uuid: "u2" });
    const before = await webhooks();
    expect(before.map(({ emptied }) => emptied)).toEqual([false, false, false, false, false]);
    await hourly({});
    const after = await webhooks();
    for (const n of [0, 1, 2]) {
      expect(after[n]).toEqual({ ...before[n], ...EMPTY, url: before[n]?.path, emptied: true });
    }
    expect(after.slice(3)).toEqual(before.slice(3));
    expect(
      await world.query(
        "select call_uuid, raw_data is null as emptied, contact_name from public.cloudtalk_calls order by id",
      ),
    ).toEqual([
      { call_uuid: "u1", emptied: true, contact_name: "Maria Rossi" },
      { call_uuid: "u2", emptied: false, contact_name: "Maria Rossi" },
    ]);
  });

  it("of 0 empties nothing, and of 30 what is older than that", async () => {
    await age(31);
    await hourly({ WEBHOOK_RETENTION_DAYS: "0" });
    await hourly({});
    expect((await webhooks()).filter(({ emptied }) => emptied)).toEqual([]);
    await hourly({ WEBHOOK_RETENTION_DAYS: "30" });
    expect((await webhooks()).map(({ emptied }) => emptied)).toEqual([true, true, true, true]);
  });

  it("reaches what the previous system left only if somebody has set it", async () => {
    await world.query("update public.cloudtalk_calls set should_send_reason = 'legacy'");
    await age(91);
    await hourly({});
    const kept =
      "select (select body from public.webhook_requests where source = 'legacy') is not null as webhook, (select raw_data from public.cloudtalk_calls) is not null as call";
    expect(await world.query(kept)).toEqual([{ webhook: true, call: true }]);
    await hourly({ WEBHOOK_RETENTION_DAYS: "90" });
    expect(await world.query(kept)).toEqual([{ webhook: false, call: false }]);
  });

  it("goes on every minute until a pile is done", async () => {
    await world.database.exec(`
      insert into public.webhook_requests (source, body, outcome, "timestamp")
      select 'wasender', '{}', 'ignored', now() - interval '200 days' from generate_series(1, 9000)`);
    const left = async () => (await world.query("select 1 from public.webhook_requests where body = '{}'")).length;
    const next = () =>
      world.query("select sweep_at > now() + interval '2 minutes' as rests from public.whatsapp_sender");
    await hourly({});
    expect(await left()).toBe(5000);
    expect(await next()).toEqual([{ rests: false }]);
    await hourly({});
    await hourly({});
    expect(await left()).toBe(0);
    expect(await next()).toEqual([{ rests: true }]);
  });

  it("leaves what doctor says as it is", async () => {
    const findings = async () =>
      (await checkHealth(process.env, false)).map(({ check, status, message }) => [
        check,
        status,
        message.replace(/\d+ seconds/, "…"),
      ]);
    await world.query("update public.webhook_requests set \"timestamp\" = now() - interval '20 hours'");
    const before = await findings();
    await world.query("select private.empty_webhooks(array(select id from public.webhook_requests), null)");
    expect(await findings()).toEqual(before);
    expect(before).toContainEqual(["CloudTalk's webhooks", "fail", expect.stringContaining("was refused: Expected")]);
  });

  it("what is emptied cannot be replayed, and replay says so", async () => {
    await age(91);
    await hourly({});
    const { code, out } = await replay("--since", "2025-01-01", "--apply");
    expect(code).toBe(0);
    expect(out.match(/skipped: its content was emptied, so it cannot be replayed/g)).toHaveLength(3);
    expect(out).toContain("0 of 3 recorded.");
    expect(await world.query("select contact_name from public.cloudtalk_calls")).toEqual([
      { contact_name: "Maria Rossi" },
    ]);
  });
});

describe("MEDIA_RETENTION_DAYS", () => {
  const THUMBNAIL = "/9j/4AAQSkZJRgABAQAAAQABAAD";
  /** Every place in the database that holds one of these texts, as `table.column`. */
  async function places(texts: string[]): Promise<string[]> {
    const tables = await world.query<{ name: string }>(
      "select oid::regclass::text as name from pg_class where relkind = 'r' and relnamespace in ('public'::regnamespace, 'private'::regnamespace)",
    );
    const found: string[] = [];
    for (const { name } of tables) {
      const rows = await world.query<{ row: string }>(`select to_jsonb(t)::text as row from ${name} t`);
      if (rows.some(({ row }) => texts.some((text) => row.includes(text)))) found.push(name);
    }
    return found.sort();
  }

  it("leaves nothing that leads to a deleted file, wherever WhatsApp's events have told of it", async () => {
    const pdf = await readFile(new URL("../../dev/files/bolletta.pdf", import.meta.url));
    const { encrypted: _, ...media } = cdn.put(pdf, "document");
    const secrets = [media.mediaKey, media.directPath, media.url, media.fileSha256, media.fileEncSha256];
    const documentMessage = {
      ...media,
      mimetype: "application/pdf",
      fileName: "bolletta.pdf",
      jpegThumbnail: THUMBNAIL,
      thumbnailDirectPath: "/v/t62.36145-24/thumb.enc",
    };
    const message = (event: string, id: string, content: object) => {
      const key = { id, fromMe: false, remoteJid: "393330000001@s.whatsapp.net", cleanedSenderPn: "393330000001" };
      const body = { key, message: content };
      return { event, data: { messages: event === "messages.upsert" ? [body] : body } };
    };
    const post = async (body: object) => {
      expect((await postMessage(jsonRequest("/api/whatsapp-webhook", body))).status).toBe(200);
      await world.settled();
    };
    const events = ["messages.upsert", "messages.received", "messages-personal.received"];
    for (const event of [...events, ...events]) {
      await post(message(event, "3EB0RETAINED", { documentWithCaptionMessage: { message: { documentMessage } } }));
    }
    const contextInfo = { stanzaId: "3EB0RETAINED", quotedMessage: { documentMessage } };
    await post(message("messages.received", "3EB0QUOTING", { extendedTextMessage: { text: "Questa", contextInfo } }));
    expect(await world.query("select media_state from public.whatsapp_messages order by id")).toEqual([
      { media_state: "stored" },
      { media_state: null },
    ]);
    // Until then it is with the message and with the one webhook that it came with.
    expect(await places(secrets)).toEqual(["webhook_requests", "whatsapp_messages"]);
    expect(await places([THUMBNAIL, "thumb.enc"])).toEqual([]);

    await world.query("update public.whatsapp_messages set created_at = now() - interval '31 days'");
    expect(await hourly({ MEDIA_RETENTION_DAYS: "30" })).toBe(1);
    expect(await places(secrets)).toEqual([]);
    // Nor does a late repeat, or a replay, bring it back.
    await post(message("messages.received", "3EB0RETAINED", { documentMessage }));
    expect((await replay("--since", "2025-01-01", "--apply")).code).toBe(0);
    expect(await places(secrets)).toEqual([]);
    expect(await world.query("select media_state, text from public.whatsapp_messages order by id")).toEqual([
      { media_state: "deleted", text: null },
      { media_state: null, text: "Questa" },
    ]);
  });
});
