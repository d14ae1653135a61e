import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { RequestListener } from "node:http";
import sharp from "sharp";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { POST as ringOutbox } from "../../api/outbox.ts";
import { POST as postCall } from "../../api/webhook/cloudtalk.ts";
import { POST as postMessage } from "../../api/whatsapp-webhook.ts";
import type { MediaKind } from "../../dev/wasender/media.ts";
import { readConfig } from "../../lib/config.ts";
import { storeDueMedia } from "../../lib/media/store-due-media.ts";
import { bucket } from "../../lib/supabase/bucket.ts";
import { supabase } from "../../lib/supabase/client.ts";
import { claimMedia } from "../../lib/supabase/media/claim-media.ts";
import { type Cdn, startCdn } from "../helpers/cdn.ts";
import { createWorld, fixture, jsonRequest, type World } from "../helpers/world.ts";

const MARIA = "+393330000001";
const dev = (name: string) => readFile(new URL(`../../dev/files/${name}`, import.meta.url));
// An Ogg page with the head of an Opus stream: how a voice message begins.
const OGG = Buffer.concat([
  Buffer.from("4f67675300020000000000000000010000000000000000000113", "hex"),
  Buffer.from("\0\0OpusHead\u0001\u0001"),
  randomBytes(3_000),
]);

let world: World;
let cdn: Cdn;
let lyingPhoto: Buffer;
let ids = 0;
beforeAll(async () => {
  world = await createWorld();
  cdn = await startCdn();
  lyingPhoto = await sharp({ create: { width: 1200, height: 900, channels: 3, background: "#357" } })
    .jpeg()
    .withMetadata({ orientation: 6 })
    .toBuffer();
});
afterAll(async () => {
  await cdn.close();
  await world.close();
});
beforeEach(() => world.reset());

type Sent = { number?: string; lid?: string; id?: string; name?: string; caption?: string };

/** Posts the webhook of a message with a file, as Wasender does, and gives the answer. */
function send(
  kind: MediaKind,
  { encrypted: _, ...media }: Record<string, unknown>,
  { number = MARIA, lid, id, caption }: Sent = {},
): Promise<Response> {
  const key = {
    id: id ?? `3EB0MEDIA${process.pid}${++ids}`,
    fromMe: false,
    ...(lid
      ? { remoteJid: lid }
      : { remoteJid: `${number.slice(1)}@s.whatsapp.net`, cleanedSenderPn: number.slice(1) }),
  };
  const messages = { key, message: { [`${kind}Message`]: { ...media, ...(caption ? { caption } : {}) } } };
  return postMessage(jsonRequest("/api/whatsapp-webhook", { event: "messages.received", data: { messages } }));
}

const rows = () =>
  world.query<{
    media_state: string;
    media_error: string | null;
    media_path: string | null;
    media_thumb_path: string | null;
    media_mime_type: string | null;
    media_size: number | null;
    media_pages: number | null;
    media_attempts: number;
  }>(
    "select media_state, media_error, media_path, media_thumb_path, media_mime_type, media_size, media_pages, media_attempts from public.whatsapp_messages where media is not null order by id",
  );
const only = async () => {
  const [row, ...more] = await rows();
  if (!row || more.length > 0) throw new Error(`expected one file, not ${more.length + 1}`);
  return row;
};
const config = () => readConfig();
const stored = async (path: string | null) => {
  const url = await bucket(config()).sign(path ?? "", 60, null);
  const response = await fetch(url);
  return { type: response.headers.get("content-type"), bytes: Buffer.from(await response.arrayBuffer()) };
};
const due = async () => (await world.query<{ due: boolean }>("select public.outbox_due() as due"))[0]?.due;
const makeDue = () =>
  world.query("update public.whatsapp_messages set media_due_at = now() where media_due_at is not null");

describe("what a customer sends is kept, byte for byte", () => {
  it("a photo that lies on its side, with an upright thumbnail", async () => {
    const answer = await send("image", cdn.put(lyingPhoto, "image", { mimetype: "image/jpeg" }), {
      caption: "La bolletta",
    });
    expect(answer.status).toBe(200);
    await world.settled();
    const row = await only();
    expect(row).toMatchObject({
      media_state: "stored",
      media_error: null,
      media_mime_type: "image/jpeg",
      media_size: lyingPhoto.length,
    });
    const [{ month } = { month: "" }] = await world.query<{ month: string }>(
      "select to_char(now() at time zone 'Europe/Rome', 'YYYY-MM') as month",
    );
    expect(row.media_path).toMatch(new RegExp(`^393330000001/${month}/\\d+-[0-9a-f]{12}\\.jpg$`));
    const file = await stored(row.media_path);
    expect(file.bytes.equals(lyingPhoto)).toBe(true);
    expect(file.type).toBe("image/jpeg");
    const thumbnail = await stored(row.media_thumb_path);
    expect(await sharp(thumbnail.bytes).metadata()).toMatchObject({ format: "webp", width: 360, height: 480 });
  });

  it("a PDF of two pages", async () => {
    const pdf = await dev("bolletta.pdf");
    await send(
      "document",
      cdn.put(pdf, "document", { mimetype: "application/pdf", fileName: "bolletta.pdf", pageCount: 2 }),
    );
    await world.settled();
    const row = await only();
    expect(row).toMatchObject({
      media_state: "stored",
      media_mime_type: "application/pdf",
      media_pages: 2,
      media_thumb_path: null,
    });
    expect((await stored(row.media_path)).bytes.equals(pdf)).toBe(true);
  });

  it("a voice message, and a film's kind of file; neither is a bill", async () => {
    await send("audio", cdn.put(OGG, "audio", { mimetype: "audio/ogg; codecs=opus" }));
    await world.settled();
    const row = await only();
    expect(row).toMatchObject({ media_state: "stored", media_error: null, media_mime_type: "audio/ogg" });
    expect((await stored(row.media_path)).bytes.equals(OGG)).toBe(true);
    expect(await world.query("select state, bill_at from public.conversations")).toEqual([
      { state: "answered", bill_at: null },
    ]);
  });

  it("any other document, to be saved and not shown", async () => {
    const html = Buffer.from("<script>alert(1)</script>");
    await send("document", cdn.put(html, "document", { mimetype: "text/html", fileName: "pagina.html" }));
    await world.settled();
    const row = await only();
    expect(row).toMatchObject({ media_state: "stored", media_mime_type: "application/octet-stream" });
    expect(await stored(row.media_path)).toMatchObject({ type: "application/octet-stream" });
  });

  it("up to 20 MB", async () => {
    const file = randomBytes(20 * 1024 * 1024);
    await send("document", cdn.put(file, "document", { mimetype: "application/octet-stream", fileName: "a.bin" }));
    await world.settled();
    const row = await only();
    expect(row).toMatchObject({ media_state: "stored", media_size: file.length });
    expect((await stored(row.media_path)).bytes.equals(file)).toBe(true);
  });

  it("through redirects within WhatsApp's CDN, and by directPath where there is no url", async () => {
    const media = cdn.put(lyingPhoto, "image");
    cdn.answers.set("/first", (_, response) => void response.writeHead(302, { location: "/second" }).end());
    cdn.answers.set("/second", (_, response) => {
      response.writeHead(307, { location: `https://media-mxp1-1.cdn.whatsapp.net${media.directPath}` }).end();
    });
    await send("image", { ...media, url: null, directPath: "/first" });
    await world.settled();
    expect(await only()).toMatchObject({ media_state: "stored" });
  });
});

describe("the message stays, and says why its file is not there", () => {
  const pdf = { mimetype: "application/pdf", fileName: "bolletta.pdf" };
  const bill = () => dev("bolletta.pdf");
  const redirectTo =
    (location: string): RequestListener =>
    (_, response) =>
      void response.writeHead(302, { location }).end();
  const refusal = async (media: Record<string, unknown>, kind: MediaKind = "document") => {
    expect((await send(kind, media)).status).toBe(200);
    await world.settled();
    const row = await only();
    expect(row.media_path).toBeNull();
    expect(await world.query("select status, type, phone_number from public.whatsapp_messages")).toEqual([
      { status: "received", type: kind, phone_number: MARIA },
    ]);
    // It may be a bill: staff are to look.
    expect(await world.query("select private.file_waits(m) as waits from public.whatsapp_messages m")).toEqual([
      { waits: true },
    ]);
    return [row.media_state, row.media_error];
  };

  it("a flipped bit", async () => {
    const media = cdn.put(await bill(), "document", pdf);
    const flipped = Buffer.from(media.encrypted);
    flipped[5_000] = (flipped[5_000] ?? 0) ^ 4;
    cdn.answers.set(media.directPath, (_, response) => void response.end(flipped));
    expect(await refusal(media)).toEqual(["failed", "wrong_encrypted_hash"]);
    await world.reset();
    expect(await refusal({ ...media, fileEncSha256: null })).toEqual(["failed", "wrong_mac"]);
  });

  it("a wrong key", async () => {
    const media = cdn.put(await bill(), "document", { ...pdf, mediaKey: randomBytes(32).toString("base64") });
    expect(await refusal(media)).toEqual(["failed", "wrong_mac"]);
  });

  it("a body that ends early: it is asked for again, and then given up", async () => {
    const media = cdn.put(await bill(), "document", pdf);
    cdn.answers.set(media.directPath, (_, response) => void response.end(media.encrypted.subarray(0, 9_000)));
    expect(await refusal(media)).toEqual(["pending", "truncated"]);
    for (let tries = 2; tries <= 3; tries++) {
      await makeDue();
      await storeDueMedia(config());
    }
    expect(await only()).toMatchObject({ media_state: "failed", media_error: "truncated", media_attempts: 3 });
  });

  it("a connection that breaks in the middle", async () => {
    const media = cdn.put(await bill(), "document", pdf);
    cdn.answers.set(media.directPath, (_, response) => {
      response.writeHead(200, { "content-length": media.encrypted.length });
      response.write(media.encrypted.subarray(0, 9_000), () => setTimeout(() => response.destroy(), 50));
    });
    expect(await refusal(media)).toEqual(["pending", "truncated"]);
  });

  it("a lying MIME type, and HTML that is called bolletta.pdf", async () => {
    const zip = Buffer.concat([Buffer.from("504b0304", "hex"), randomBytes(100)]);
    expect(await refusal(cdn.put(zip, "image", { mimetype: "image/jpeg" }), "image")).toEqual([
      "failed",
      "type_mismatch",
    ]);
    await world.reset();
    const html = Buffer.from("<!doctype html><script>alert(document.domain)</script>");
    expect(await refusal(cdn.put(html, "document", pdf))).toEqual(["failed", "type_mismatch"]);
  });

  it("an empty file", async () => {
    const media = cdn.put(Buffer.alloc(0), "document", pdf);
    expect(await refusal(media)).toEqual(["failed", "empty"]);
    await world.reset();
    expect(await refusal({ ...media, fileLength: null })).toEqual(["failed", "empty"]);
  });

  it("25 MB, whether the message says so or not", async () => {
    const large = cdn.put(Buffer.alloc(25 * 1024 * 1024), "document", pdf);
    const before = cdn.asked.length;
    expect(await refusal(large)).toEqual(["failed", "too_large"]);
    expect(cdn.asked).toHaveLength(before);
    await world.reset();
    expect(await refusal({ ...large, fileLength: "1000" })).toEqual(["failed", "too_large"]);
  });

  it("a redirect out of WhatsApp's CDN, also to this machine, is not followed", async () => {
    const media = cdn.put(await bill(), "document", pdf);
    let reached = 0;
    cdn.answers.set("/secret", (_, response) => {
      reached++;
      response.end(media.encrypted);
    });
    const { url } = world.supabase;
    for (const location of [
      `${url}/secret`,
      "http://127.0.0.1/",
      "http://mmg.whatsapp.net/secret",
      "https://evil.example/",
      "file:///etc/passwd",
    ]) {
      await world.reset();
      cdn.answers.set(media.directPath, redirectTo(location));
      expect(await refusal(media), location).toEqual(["failed", "forbidden_host"]);
    }
    expect(reached).toBe(0);
    cdn.answers.set(media.directPath, redirectTo(media.url));
    await world.reset();
    expect(await refusal(media)).toEqual(["failed", "too_many_redirects"]);
  });

  it("a host that is not WhatsApp's", async () => {
    const media = cdn.put(await bill(), "document", pdf);
    const before = cdn.asked.length;
    expect(await refusal({ ...media, url: `http://127.0.0.1:1${media.directPath}` })).toEqual([
      "failed",
      "forbidden_host",
    ]);
    expect(cdn.asked).toHaveLength(before);
  });

  it("a slow drip", async () => {
    const media = cdn.put(await bill(), "document", pdf);
    cdn.answers.set(media.directPath, (_, response) => void response.writeHead(503).end());
    await send("document", media);
    await world.settled();
    let dripping: NodeJS.Timeout | undefined;
    cdn.answers.set(media.directPath, (_, response) => {
      let at = 0;
      dripping = setInterval(() => response.write(media.encrypted.subarray(at, ++at)), 20);
    });
    await makeDue();
    await storeDueMedia(config(), { downloadTimeoutMs: 300 });
    expect(await only()).toMatchObject({ media_state: "pending", media_error: "too_slow" });
    clearInterval(dripping);
    cdn.answers.set(media.directPath, (_, response) => void response.end(media.encrypted));
    await makeDue();
    await storeDueMedia(config());
    expect(await only()).toMatchObject({ media_state: "stored", media_error: null });
  });

  it("what the fixtures hold in place of hashes: nothing is asked for", async () => {
    const before = cdn.asked.length;
    await postMessage(jsonRequest("/api/whatsapp-webhook", await fixture("wasender/received-pdf")));
    await world.settled();
    expect(await only()).toMatchObject({ media_state: "failed", media_error: "invalid_media" });
    expect(cdn.asked).toHaveLength(before);
  });
});

describe("it is a queue", () => {
  const photo = () => cdn.put(lyingPhoto, "image");

  it("stickers, texts and our own files are not in it", async () => {
    await send("image", photo(), { id: "OURS" });
    await world.settled();
    await world.reset();
    const { encrypted: _, ...media } = photo();
    await world.query(
      `insert into public.whatsapp_messages (direction, kind, status, phone_number, type, media) values
        ('incoming', 'incoming', 'received', '${MARIA}', 'sticker', '${JSON.stringify(media)}'),
        ('outgoing', 'manual', 'sent', '${MARIA}', 'image', '${JSON.stringify(media)}')`,
    );
    expect(await due()).toBe(false);
    expect((await rows()).map((row) => row.media_state)).toEqual([null, null]);
  });

  it("the webhook is answered before the file is fetched", async () => {
    let go = () => {};
    const media = photo();
    cdn.answers.set(media.directPath, (_, response) => {
      go = () => void response.end(media.encrypted);
    });
    const answer = await send("image", media);
    expect(await answer.json()).toEqual({ success: true, duplicate: false });
    expect(await only()).toMatchObject({ media_state: "pending" });
    while (cdn.asked.at(-1)?.startsWith(media.directPath) !== true) await new Promise((next) => setTimeout(next, 5));
    go();
    await world.settled();
    expect(await only()).toMatchObject({ media_state: "stored", media_attempts: 1 });
  });

  it("while the CDN is away a file waits, longer each time, and the clock brings it", async () => {
    const media = photo();
    cdn.answers.set(media.directPath, (_, response) => void response.writeHead(503).end());
    await send("image", media);
    await world.settled();
    expect(await only()).toMatchObject({ media_state: "pending", media_error: "download_failed", media_attempts: 1 });
    expect(await due()).toBe(false);
    await makeDue();
    expect(await due()).toBe(true);
    cdn.answers.set(media.directPath, (_, response) => void response.end(media.encrypted));
    // Without Wasender's key nothing can be sent, but what came in is fetched all the same.
    expect((await ringOutbox(jsonRequest("/api/outbox", {}))).status).toBe(503);
    await world.settled();
    expect(await only()).toMatchObject({ media_state: "stored", media_attempts: 2 });
    expect(await due()).toBe(false);
  });

  it("a file whose link has died is given up after three tries", async () => {
    const media = photo();
    cdn.answers.set(media.directPath, (_, response) => void response.writeHead(410).end());
    await send("image", media);
    await world.settled();
    for (let i = 0; i < 2; i++) {
      await makeDue();
      await storeDueMedia(config());
    }
    expect(await only()).toMatchObject({ media_state: "failed", media_error: "gone", media_attempts: 3 });
    expect(await due()).toBe(false);
  });

  it("nothing is lost when a function dies, and what ends every function is given up", async () => {
    await send("image", photo());
    await world.settled();
    await world.query(
      "update public.whatsapp_messages set media_state = 'pending', media_path = null, media_thumb_path = null, media_attempts = 0, media_due_at = now()",
    );
    const client = supabase(config());
    expect(await claimMedia(client, 60_000, 3)).not.toBeNull();
    // Somebody has it.
    expect(await claimMedia(client, 60_000, 3)).toBeNull();
    expect(await due()).toBe(false);
    // They died; so do two more.
    for (let attempt = 2; attempt <= 3; attempt++) {
      await makeDue();
      expect(await claimMedia(client, 60_000, 3)).toMatchObject({ attempts: attempt });
    }
    await makeDue();
    expect(await claimMedia(client, 60_000, 3)).toBeNull();
    expect(await only()).toMatchObject({ media_state: "failed", media_error: "gave_up" });
  });

  it("many at once store each file once, and a repeat of the webhook fetches nothing again", async () => {
    const media = Array.from({ length: 6 }, photo);
    const asked = cdn.asked.length;
    await Promise.all(media.map((one, i) => send("image", one, { id: `MANY${process.pid}${i}` })));
    await Promise.all(Array.from({ length: 5 }, () => storeDueMedia(config())));
    await world.settled();
    expect((await rows()).map((row) => row.media_state)).toEqual(Array(6).fill("stored"));
    expect((await rows()).every((row) => row.media_attempts === 1)).toBe(true);
    await Promise.all(media.map((one, i) => send("image", one, { id: `MANY${process.pid}${i}` })));
    await world.settled();
    expect(cdn.asked).toHaveLength(asked + 6);
  });

  it("whoever comes back after its lease changes nothing, and takes nothing away", async () => {
    const media = photo();
    let first = true;
    cdn.answers.set(media.directPath, async (_, response) => {
      if (first) {
        first = false;
        await makeDue();
        await storeDueMedia(config());
      }
      response.end(media.encrypted);
    });
    await send("image", media);
    await world.settled();
    const row = await only();
    expect(row).toMatchObject({ media_state: "stored", media_attempts: 2 });
    expect((await stored(row.media_path)).bytes.equals(lyingPhoto)).toBe(true);
  });
});

describe("bills", () => {
  const call = (uuid: string, number = MARIA) =>
    postCall(
      jsonRequest("/webhook/cloudtalk", {
        call_uuid: uuid,
        external_number: Number(number.slice(1)),
        talking_time: 60,
      }),
    );
  const calls = () =>
    world.query(
      "select call_uuid, should_send, should_send_reason as reason, electricity_bill_received as replied from public.cloudtalk_calls order by id",
    );
  const photo = () => cdn.put(lyingPhoto, "image");

  it("mark the customer, and a later call does not ask again", async () => {
    await call("one");
    await send("image", photo());
    await world.settled();
    expect(await calls()).toEqual([{ call_uuid: "one", should_send: true, reason: "eligible", replied: true }]);
    expect(await world.query("select state, bill_at is not null as bill, bill_by from public.conversations")).toEqual([
      { state: "bill", bill: true, bill_by: null },
    ]);
    expect(await (await call("two")).json()).toMatchObject({
      call: { should_send: false, reason: "bills_to_check" },
      message: null,
    });
    await send("document", cdn.put(await dev("bolletta.pdf"), "document"));
    await world.settled();
    expect(await calls()).toMatchObject([{ call_uuid: "one" }, { call_uuid: "two", replied: true }]);
    // Another customer is asked.
    expect(await (await call("three", "+393330000002")).json()).toMatchObject({ call: { reason: "eligible" } });
  });

  it("WHATSAPP_ASK_AFTER_BILL=true asks all the same, once nobody is to look at the file", async () => {
    await send("image", photo());
    await world.settled();
    process.env.WHATSAPP_ASK_AFTER_BILL = "true";
    try {
      expect(await (await call("before")).json()).toMatchObject({ call: { reason: "bills_to_check" } });
      await world.query("update public.bills set state = 'read', kind = 'electricity', due_at = null where id > 0");
      expect(await (await call("after")).json()).toMatchObject({ call: { should_send: true, reason: "eligible" } });
    } finally {
      delete process.env.WHATSAPP_ASK_AFTER_BILL;
    }
  });

  it("a photo that could not be had may be one", async () => {
    await call("one");
    await send("image", { ...photo(), mediaKey: null });
    await world.settled();
    expect(await calls()).toMatchObject([{ replied: true }]);
    expect(await (await call("two")).json()).toMatchObject({ call: { reason: "bills_to_check" } });
  });

  it("one that came before anybody knew the number is found when it is known", async () => {
    await call("one");
    await send("image", photo(), { lid: "98700000000077@lid" });
    await world.settled();
    expect((await only()).media_path).toMatch(/^lid-98700000000077\//);
    expect(await calls()).toMatchObject([{ replied: false }]);
    expect(await world.query("select state from public.conversations where private.phone_of(id) is null")).toEqual([
      { state: "bill" },
    ]);
    await world.query(`select public.record_lid('98700000000077@lid', '${MARIA}')`);
    expect(await calls()).toMatchObject([{ replied: true }]);
    expect(
      await world.query(`select state from public.conversations where id = private.customer_of('${MARIA}')`),
    ).toEqual([{ state: "bill" }]);
  });

  it("staff may take the mark away, and then the customer is asked again", async () => {
    await send("image", photo());
    await world.settled();
    const [conversation] = await world.query<{ id: number }>("select id from public.conversations");
    await world.query(`select public.act_on_conversation('bill_unset', ${conversation?.id})`);
    expect(await (await call("again")).json()).toMatchObject({ call: { reason: "eligible" } });
    expect(await world.query("select state from public.conversations")).not.toEqual([{ state: "bill" }]);
  });
});
