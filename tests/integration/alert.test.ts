import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { POST as ring } from "../../api/outbox.ts";
import { POST as postCall } from "../../api/webhook/cloudtalk.ts";
import { POST as postMessage } from "../../api/whatsapp-webhook.ts";
import { type LocalServer, serve } from "../../dev/serve.ts";
import { createWasenderSandbox, type WasenderSandbox } from "../../dev/wasender/sandbox.ts";
import { tellAlerts } from "../../lib/alert/tell-alerts.ts";
import { readConfig } from "../../lib/config.ts";
import { startCdn } from "../helpers/cdn.ts";
import { createWorld, jsonRequest, type World } from "../helpers/world.ts";

let world: World;
let channel: LocalServer;
let wasender: WasenderSandbox;
let texts: string[] = [];
let refusing = false;

beforeAll(async () => {
  world = await createWorld();
  channel = await serve(async (request) => {
    if (refusing) return new Response("no_service", { status: 503 });
    texts.push((await request.json()).text);
    return new Response("ok");
  });
  wasender = await createWasenderSandbox({ apiKey: "key", webhookUrl: "http://127.0.0.1:9/", minIntervalMs: 0 });
});
afterAll(async () => {
  await wasender.close();
  await channel.close();
  await world.close();
});
beforeEach(async () => {
  await world.reset();
  texts = [];
  refusing = false;
  process.env.ALERT_WEBHOOK_URL = `${channel.url}/services/T000/B000/xyz`;
});
afterEach(() => {
  for (const name of ["ALERT_WEBHOOK_URL", "WHATSAPP_API_TOKEN", "WHATSAPP_API_URL"]) delete process.env[name];
});

const tell = () => tellAlerts(readConfig());
const pause = (reason: string) =>
  world.query(
    `update public.whatsapp_sender set paused_at = now(), paused_reason = '${reason}', paused_message = '+393330000001 says no'`,
  );
const resume = () =>
  world.query("update public.whatsapp_sender set paused_at = null, paused_reason = null, paused_message = null");
const alerts = () => world.query("select kind, told_at is not null as told from public.alerts order by kind");

describe("sending that pauses", () => {
  it.each([
    ["session", "la sessione non è collegata"],
    ["configuration", "Wasender rifiuta la chiave"],
  ])("for its %s is told once, in Italian and English, and so is its end", async (reason, words) => {
    await pause(reason);
    await tell();
    await tell();
    expect(texts).toEqual([expect.stringContaining(words)]);
    expect(texts[0]).toContain("WhatsApp sending is paused");
    await resume();
    await tell();
    await tell();
    expect(texts).toHaveLength(2);
    expect(texts[1]).toContain("Invio WhatsApp ripreso");
    expect(await alerts()).toEqual([]);
  });

  it("by staff is nobody's alarm", async () => {
    await pause("staff");
    await tell();
    expect(texts).toEqual([]);
  });

  it("says nothing of any customer", async () => {
    await pause("configuration");
    await tell();
    expect(texts.join()).not.toContain("3330000001");
  });

  it("is told once by many functions at once", async () => {
    await pause("session");
    await Promise.all(Array.from({ length: 8 }, tell));
    expect(texts).toHaveLength(1);
  });

  it("and goes on before anybody could tell is no news", async () => {
    refusing = true;
    await pause("session");
    await tell();
    await resume();
    refusing = false;
    await world.query("update public.alerts set claimed_until = null");
    await tell();
    expect(texts).toEqual([]);
  });

  it("is told by a later look where the channel did not take it", async () => {
    refusing = true;
    await pause("session");
    await tell();
    expect(await alerts()).toEqual([{ kind: "paused", told: false }]);
    refusing = false;
    await world.query("update public.alerts set claimed_until = now() - interval '1 second'");
    await tell();
    expect(texts).toHaveLength(1);
  });

  it("again while its end was not told yet is still the same", async () => {
    await pause("session");
    await tell();
    await resume();
    refusing = true;
    await tell();
    await pause("session");
    refusing = false;
    await world.query("update public.alerts set claimed_until = null");
    await tell();
    expect(texts).toHaveLength(1);
  });

  it("is told after the ring that found it, and nothing is told without a channel", async () => {
    process.env.WHATSAPP_API_URL = wasender.url;
    await postCall(jsonRequest("/webhook/cloudtalk", { call_uuid: "u1", external_number: 393330000001 }));
    process.env.WHATSAPP_API_TOKEN = "another-key";
    const channelUrl = process.env.ALERT_WEBHOOK_URL ?? "";
    delete process.env.ALERT_WEBHOOK_URL;
    await ring(jsonRequest("/api/outbox", {}));
    await world.settled();
    expect(texts).toEqual([]);
    process.env.ALERT_WEBHOOK_URL = channelUrl;
    await ring(jsonRequest("/api/outbox", {}));
    await world.settled();
    expect(texts).toEqual([expect.stringContaining("Wasender rifiuta")]);
  });
});

describe("a database that fills up", () => {
  /** So many percent of the limit are taken. */
  const fullTo = async (percent: number) => {
    const [row] = await world.query<{ bytes: string }>("select pg_database_size(current_database()) as bytes");
    // A little more than that, since it grows while this runs.
    process.env.SUPABASE_DATABASE_LIMIT_MB = String((Number(row?.bytes) / 1024 / 1024 / (percent + 0.5)) * 100);
  };
  afterEach(() => {
    delete process.env.SUPABASE_DATABASE_LIMIT_MB;
  });

  it("is told once, with how full it is, and so is its end, but not for a little less", async () => {
    await fullTo(79);
    await tell();
    expect(texts).toEqual([]);
    await fullTo(85);
    await tell();
    await tell();
    expect(texts).toEqual([
      expect.stringMatching(/^⚠️ Il database è pieno all'85 %: .*\nThe database is 85 % full; .*npm run doctor/),
    ]);
    await fullTo(78);
    await tell();
    expect(texts).toHaveLength(1);
    await fullTo(70);
    await tell();
    expect(texts[1]).toMatch(/^✅ Nel database c'è di nuovo spazio\./);
    expect(await alerts()).toEqual([]);
  });

  it("has the article that Italian gives the number", async () => {
    await fullTo(95);
    await tell();
    expect(texts[0]).toContain("pieno al 95 %");
  });

  it("without a limit is nobody's alarm", async () => {
    process.env.SUPABASE_DATABASE_LIMIT_MB = "0";
    await tell();
    expect(texts).toEqual([]);
  });
});

describe("a customer's file that is lost", () => {
  const lose = (id: string, ago = "0 minutes") =>
    world.query(`
      insert into public.whatsapp_messages (direction, kind, status, phone_number, type, media, whatsapp_id, media_state, media_error, updated_at)
      values ('incoming', 'incoming', 'received', '+393330000001', 'document', '{}', '${id}', 'failed', 'gone', now() - interval '${ago}')`);

  it("is told once, and another one after an hour at the earliest", async () => {
    await lose("A");
    await tell();
    await lose("B");
    await tell();
    expect(texts).toEqual([expect.stringContaining("Un file inviato da un cliente")]);
    await world.query("update public.alerts set told_at = now() - interval '61 minutes'");
    await tell();
    expect(texts).toHaveLength(2);
  });

  describe("as its webhook has it fetched", () => {
    /** Posts the webhook of a document that the CDN has, but not as the message says, and waits for what follows. */
    const lost = async (meanwhile = async () => {}) => {
      const cdn = await startCdn();
      try {
        const { encrypted, ...media } = cdn.put(Buffer.from("%PDF-1.4"), "document");
        cdn.answers.set(media.directPath, async (_, response) => {
          await meanwhile();
          response.end(Buffer.alloc(encrypted.length));
        });
        const key = {
          id: "3EB0LOST",
          fromMe: false,
          remoteJid: "393330000001@s.whatsapp.net",
          cleanedSenderPn: "393330000001",
        };
        const messages = { key, message: { documentMessage: media } };
        const body = { event: "messages.received", data: { messages } };
        expect((await postMessage(jsonRequest("/api/whatsapp-webhook", body))).status).toBe(200);
        await world.settled();
      } finally {
        await cdn.close();
      }
      expect(await world.query("select media_state from public.whatsapp_messages")).toEqual([
        { media_state: "failed" },
      ]);
    };

    it("is told when it is lost", async () => {
      await lost();
      expect(texts).toEqual([expect.stringContaining("Un file inviato da un cliente")]);
    });

    it("is told once, whoever rings meanwhile", async () => {
      await lost(async () => void (await ring(jsonRequest("/api/outbox", {}))));
      expect(texts).toEqual([expect.stringContaining("Un file inviato da un cliente")]);
    });

    it("is told where deleting old files fails", async () => {
      await world.query("alter function public.claim_sweep rename to claim_sweep_away");
      try {
        await lost();
      } finally {
        await world.query("alter function public.claim_sweep_away rename to claim_sweep");
      }
      expect(texts).toEqual([expect.stringContaining("Un file inviato da un cliente")]);
    });
  });

  it("and is no longer there is over", async () => {
    await lose("A");
    await tell();
    await world.query("truncate public.whatsapp_messages cascade");
    await tell();
    expect(texts).toEqual([expect.stringContaining("non si è potuto"), expect.stringContaining("Nessun file perso")]);
  });
});

describe("a clock that stopped", () => {
  const due = (ago: string) =>
    world.query(
      `insert into public.whatsapp_messages (direction, kind, status, phone_number, text, due_at)
       values ('outgoing', 'reply', 'queued', '+393330000001', 'Ciao', now() - interval '${ago}')`,
    );
  const sender = (set: string) => world.query(`update public.whatsapp_sender set ${set}`);

  it("is told, and that it rings again", async () => {
    await sender("heard_at = now() - interval '20 minutes', next_send_at = now() - interval '20 minutes'");
    await due("6 minutes");
    await tell();
    expect(texts).toEqual([expect.stringContaining("è fermo dal")]);
    await ring(jsonRequest("/api/outbox", {}));
    await world.settled();
    expect(texts).toEqual([expect.anything(), expect.stringContaining("suona di nuovo")]);
  });

  it("that never rang is told as well", async () => {
    await sender("reconcile_due_at = now() - interval '6 minutes'");
    await tell();
    expect(texts).toEqual([expect.stringContaining("non ha mai suonato")]);
  });

  it.each([
    ["nothing is due", "heard_at = now() - interval '1 day'", null],
    [
      "it rang four minutes ago",
      "heard_at = now() - interval '4 minutes', next_send_at = now() - interval '1 day'",
      "6 minutes",
    ],
    [
      "something is due only now",
      "heard_at = now() - interval '1 day', next_send_at = now() - interval '1 day'",
      "1 minute",
    ],
    [
      "the slot came only now",
      "heard_at = now() - interval '1 day', next_send_at = now() - interval '1 minute'",
      "1 hour",
    ],
    [
      "sending is paused by staff",
      "heard_at = now() - interval '1 day', next_send_at = now() - interval '1 day', paused_at = now(), paused_reason = 'staff'",
      "1 hour",
    ],
  ])("is not seen where %s", async (_, set, ago) => {
    await sender(set);
    if (ago) await due(ago);
    await tell();
    expect(texts).toEqual([]);
  });
});
