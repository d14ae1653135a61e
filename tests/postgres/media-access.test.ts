import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import sharp from "sharp";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { GET as getMedia } from "../../api/media.ts";
import { POST as postCall } from "../../api/webhook/cloudtalk.ts";
import { GET as getFeed } from "../../api/whatsapp-incoming.ts";
import { POST as postMessage } from "../../api/whatsapp-webhook.ts";
import { readConfig } from "../../lib/config.ts";
import { storeDueMedia } from "../../lib/media/store-due-media.ts";
import { sweep } from "../../lib/media/sweep.ts";
import { bucket } from "../../lib/supabase/bucket.ts";
import { type Cdn, startCdn } from "../helpers/cdn.ts";
import { createWorld, jsonRequest, type World } from "../helpers/world.ts";

const MARIA = "+393330000001";
const LUCA = "+393330000002";
const LID = "98700000000055@lid";
const dev = (name: string) => readFile(new URL(`../../dev/files/${name}`, import.meta.url));

let world: World;
let cdn: Cdn;
let ids = 0;
beforeAll(async () => {
  world = await createWorld();
  cdn = await startCdn();
});
afterAll(async () => {
  await cdn.close();
  await world.close();
});
beforeEach(async () => {
  await world.reset();
  await Promise.all(
    ["393330000001", "393330000002", "lid-98700000000055"].map(async (folder) =>
      bucket(readConfig()).remove(await bucket(readConfig()).list(folder)),
    ),
  );
});

const message = (content: object, { number = MARIA, lid }: { number?: string; lid?: string } = {}) => {
  const jid = `${number.slice(1)}@s.whatsapp.net`;
  const key = {
    id: `3EB0ACCESS${process.pid}${++ids}`,
    fromMe: false,
    ...(lid ? { remoteJid: lid, addressingMode: "lid" } : { remoteJid: jid, cleanedSenderPn: number.slice(1) }),
  };
  return { event: "messages.received", data: { messages: { key, message: content } } };
};
const post = (body: object) => postMessage(jsonRequest("/api/whatsapp-webhook", body));
async function sendPdf(from: { number?: string; lid?: string } = {}, fileName = "bolletta.pdf") {
  const { encrypted: _, ...media } = cdn.put(await dev("bolletta.pdf"), "document");
  const documentMessage = { ...media, mimetype: "application/pdf", fileName, pageCount: 2 };
  const body = message({ documentMessage }, from);
  expect((await post(body)).status).toBe(200);
  await world.settled();
  return body;
}
async function sendPhoto() {
  const { encrypted: _, ...media } = cdn.put(await dev("bolletta.jpg"), "image");
  await post(message({ imageMessage: { ...media, mimetype: "image/jpeg" } }));
  await world.settled();
}
const get = (query: string, headers: Record<string, string> = {}) =>
  getMedia(new Request(`http://localhost/api/media?${query}`, { headers }));
const follow = async (response: Response) => {
  const file = await fetch(response.headers.get("location") ?? "");
  return { file, bytes: Buffer.from(await file.arrayBuffer()) };
};

describe("GET /api/media", () => {
  it("leads a colleague to the file, which the browser shows, with a link that nothing may keep", async () => {
    await sendPdf();
    const response = await get("id=1", await world.signIn());
    expect(response.status).toBe(303);
    expect(response.headers.get("cache-control")).toBe("no-store");
    expect(response.headers.get("x-content-type-options")).toBe("nosniff");
    const { file, bytes } = await follow(response);
    expect(bytes.equals(await dev("bolletta.pdf"))).toBe(true);
    expect(file.headers.get("content-type")).toBe("application/pdf");
    expect(file.headers.get("content-disposition")).toBeNull();
    const token = new URL(response.headers.get("location") ?? "").searchParams.get("token") ?? "";
    const { exp, iat } = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());
    expect(exp - (iat ?? Date.now() / 1000)).toBeLessThan(61);
  });

  it("saves it under the customer's name for it with download=true", async () => {
    await sendPdf({}, "Bolletta di novembre.pdf");
    const { file } = await follow(await get("id=1&download=true", await world.signIn()));
    expect(decodeURIComponent(file.headers.get("content-disposition") ?? "")).toMatch(
      /^attachment;.*Bolletta di novembre\.pdf/,
    );
  });

  it("never shows what is no known image and no PDF", async () => {
    const { encrypted: _, ...media } = cdn.put(Buffer.from("<script>alert(1)</script>"), "document");
    await post(message({ documentMessage: { ...media, mimetype: "text/html", fileName: "pagina.html" } }));
    await world.settled();
    const { file } = await follow(await get("id=1", await world.signIn()));
    expect(file.headers.get("content-type")).toBe("application/octet-stream");
    expect(file.headers.get("content-disposition")).toMatch(/^attachment/);
  });

  it("variant=thumb is the small photo itself, from our own host; a PDF has none", async () => {
    await sendPhoto();
    await sendPdf();
    const response = await get("id=1&variant=thumb", await world.signIn());
    expect(response.status).toBe(200);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      "content-type": "image/webp",
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
    });
    const { width = 0, height = 0 } = await sharp(await response.arrayBuffer()).metadata();
    expect(Math.max(width, height)).toBe(480);
    const [row] = await world.query<{ path: string }>(
      "select media_thumb_path as path from public.whatsapp_messages where id = 1",
    );
    await bucket(readConfig()).remove([row?.path ?? ""]);
    const gone = await get("id=1&variant=thumb", await world.signIn());
    expect([gone.status, await gone.json()]).toMatchObject([404, { error: { code: "not_found" } }]);
    const none = await get("id=2&variant=thumb", await world.signIn());
    expect([none.status, await none.json()]).toMatchObject([404, { error: { code: "no_thumbnail" } }]);
  });

  it("answers nobody else", async () => {
    await sendPdf();
    for (const headers of [
      {},
      { cookie: "session=base64-e30" },
      { authorization: `Bearer ${world.supabase.secretKey}` },
    ]) {
      expect((await get("id=1", headers)).status).toBe(401);
    }
    const path = (await bucket(readConfig()).list("393330000001"))[0];
    for (const key of [world.supabase.publishableKey, ""]) {
      for (const kind of ["public", "authenticated", "sign"]) {
        const response = await fetch(`${world.supabase.url}/storage/v1/object/${kind}/bills/${path}`, {
          headers: { apikey: key },
        });
        expect(response.ok, kind).toBe(false);
      }
    }
  });

  it("says why there is no file", async () => {
    await post(message({ conversation: "Buongiorno" }));
    await post(message({ imageMessage: { url: "https://mmg.whatsapp.net/x", mediaKey: "AAAA" } }));
    await world.settled();
    const staff = await world.signIn();
    const answer = async (query: string) => {
      const response = await get(query, staff);
      return [response.status, (await response.json()).error.code];
    };
    expect(await answer("id=1")).toEqual([404, "not_found"]);
    expect(await answer("id=999")).toEqual([404, "not_found"]);
    expect(await answer("id=2")).toEqual([409, "media_failed"]);
    await world.query(
      "update public.whatsapp_messages set media_state = 'pending', media_due_at = now() + interval '1 hour' where id = 2",
    );
    expect(await answer("id=2")).toEqual([409, "media_pending"]);
    for (const query of ["", "id=x", "id=-1", "id=1&variant=large"])
      expect(await answer(query)).toEqual([400, "invalid_query"]);
  });

  it("the feed tells the file's state, size and pages", async () => {
    await sendPdf();
    await sendPhoto();
    const headers = await world.signIn();
    const { messages } = await (
      await getFeed(new Request("http://localhost/api/whatsapp-incoming", { headers }))
    ).json();
    expect(messages.map(({ media }: { media: unknown }) => media)).toEqual([
      {
        state: "stored",
        file_name: null,
        mime_type: "image/jpeg",
        size: (await dev("bolletta.jpg")).length,
        pages: null,
        error: null,
      },
      {
        state: "stored",
        file_name: "bolletta.pdf",
        mime_type: "application/pdf",
        size: (await dev("bolletta.pdf")).length,
        pages: 2,
        error: null,
      },
    ]);
  });
});

// The Storage of these tests does not hand a request's headers to the database, which Supabase's own does
// (https://github.com/supabase/storage, src/internal/database/postgres/scope.ts): so here it is done by hand.
describe("with the public key", () => {
  const as = (headers: object, statement: string) =>
    world.database.exec(
      `select set_config('request.headers', '${JSON.stringify(headers)}', true); set local role anon; ${statement}; reset role;`,
    );
  const insert = (name: string, bucketId = "bills") =>
    `insert into storage.objects (bucket_id, name) values ('${bucketId}', '${name}')`;
  const names = async () =>
    (
      await world.query<{ name: string }>("select name from storage.objects where name like 'policy/%' order by name")
    ).map(({ name }) => name);

  it("files are kept, changed and removed with the app's own secret, and only with it", async () => {
    await world.query("select private.add_app_secret('a-secret-of-the-app-for-files')");
    const app = { "x-app-secret": "a-secret-of-the-app-for-files" };
    await as(app, insert("policy/a.pdf"));
    for (const headers of [{}, { "x-app-secret": "a guess" }]) {
      await expect(as(headers, insert("policy/b.pdf"))).rejects.toThrow(/row-level security/);
      await as(headers, "update storage.objects set name = 'policy/c.pdf' where name = 'policy/a.pdf'");
      await as(headers, "delete from storage.objects where name = 'policy/a.pdf'");
    }
    await expect(as(app, insert("policy/d.pdf", "another"))).rejects.toThrow();
    expect(await names()).toEqual(["policy/a.pdf"]);
    await as(app, "update storage.objects set name = 'policy/e.pdf' where name = 'policy/a.pdf'");
    expect(await names()).toEqual(["policy/e.pdf"]);
    await as(app, "delete from storage.objects where name = 'policy/e.pdf'");
    expect(await names()).toEqual([]);
  });
});

describe("MEDIA_RETENTION_DAYS", () => {
  const config = (days?: string) => readConfig({ ...process.env, ...(days ? { MEDIA_RETENTION_DAYS: days } : {}) });
  const files = () => bucket(config()).list("393330000001");
  const age = (days: number) =>
    world.query(`update public.whatsapp_messages set created_at = now() - interval '${days} days' where id = 1`);
  const hourLater = () => world.query("update public.whatsapp_sender set sweep_at = now()");
  const due = async () => (await world.query<{ due: boolean }>("select public.outbox_due() as due"))[0]?.due;

  it("is not set: files are kept", async () => {
    await sendPdf();
    await age(10_000);
    await hourLater();
    expect(await sweep(config())).toBe(0);
    expect(await files()).toHaveLength(1);
    expect(await due()).toBe(false);
  });

  it("deletes what is older, at most every hour, and the message stays", async () => {
    await sendPdf();
    await sendPhoto();
    await age(31);
    await hourLater();
    expect(await sweep(config("30"))).toBe(1);
    // The younger photo and its thumbnail.
    expect(await files()).toHaveLength(2);
    const [row] = await world.query<{ media: Record<string, unknown> }>(
      "select media_state, media_path, media_size, media from public.whatsapp_messages where id = 1",
    );
    expect(row).toMatchObject({ media_state: "deleted", media_path: null });
    expect(Object.keys(row?.media ?? {})).not.toEqual(expect.arrayContaining(["mediaKey"]));
    expect(row?.media.url).toBeUndefined();
    const gone = await get("id=1", await world.signIn());
    expect([gone.status, (await gone.json()).error.code]).toEqual([404, "media_deleted"]);
    // That a bill came stays known.
    expect(await world.query("select state from public.conversations")).toEqual([{ state: "bill" }]);

    expect(await due()).toBe(false);
    await world.query("update public.whatsapp_messages set created_at = now() - interval '31 days'");
    expect(await sweep(config("30"))).toBe(0);
    await hourLater();
    expect(await due()).toBe(true);
    expect(await sweep(config("30"))).toBe(1);
    expect(await files()).toEqual([]);
  });
});

describe("npm run erase", () => {
  const erase = (...args: string[]) =>
    promisify(execFile)(process.execPath, ["scripts/erase.ts", ...args], { env: { ...process.env } });
  const call = (uuid: string, number: string, name: string) => ({
    call_uuid: uuid,
    external_number: Number(number.slice(1)),
    contact_name: name,
    talking_time: 60,
    recording_url: `https://my.cloudtalk.io/r/${uuid}`,
  });

  it("leaves nothing of the customer, and everything of the others", async () => {
    for (const [uuid, number, name] of [
      ["e-one", MARIA, "Maria Rossi"],
      ["e-two", LUCA, "Luca Verdi"],
    ] as const) {
      expect((await postCall(jsonRequest("/webhook/cloudtalk", call(uuid, number, name)))).status).toBe(200);
    }
    // Before anybody knew the number, and after.
    await sendPdf({ lid: LID });
    await world.query(`select public.record_lid('${LID}', '${MARIA}')`);
    const last = await sendPdf({});
    await sendPhoto();
    await sendPdf({ number: LUCA });
    await postCall(jsonRequest("/webhook/cloudtalk", { note: "richiamare 333 000 0001" }));
    const files = bucket(readConfig());
    await files.upload("393330000001/2026-01/1-left-behind.pdf", randomBytes(10), "application/pdf");

    const { stdout } = await erase("333 000 0001");
    expect(stdout).toContain("Erased +393330000001");
    // The ask, two PDFs, a photo; the photo has a thumbnail, and one file was left behind.
    expect(stdout).toMatch(/4 messages and \d conversations? deleted/);
    expect(stdout).toContain("5 files deleted");
    expect(stdout).toContain("1 calls made anonymous");

    const tables = [
      "webhook_requests",
      "cloudtalk_calls",
      "whatsapp_messages",
      "whatsapp_attempts",
      "whatsapp_lids",
      "whatsapp_receipts",
      "conversations",
      "staff_actions",
    ];
    for (const table of tables) {
      const left = JSON.stringify(await world.query(`select to_jsonb(t) as row from public.${table} t`));
      expect(left, table).not.toMatch(/3330000001|333 000 0001|98700000000055|Maria|cloudtalk\.io\/r\/e-one/);
    }
    expect(await files.list("393330000001")).toEqual([]);
    expect(await files.list("lid-98700000000055")).toEqual([]);
    expect(await files.list("393330000002")).toHaveLength(1);
    expect(
      await world.query(
        "select call_uuid, customer_name, contact_name, should_send_reason from public.cloudtalk_calls order by id",
      ),
    ).toMatchObject([
      { call_uuid: "e-one", contact_name: null, should_send_reason: "erased" },
      { call_uuid: "e-two", contact_name: "Luca Verdi", should_send_reason: "eligible" },
    ]);

    // Neither CloudTalk's nor Wasender's telling of it again brings anything back.
    const again = await postCall(jsonRequest("/webhook/cloudtalk", call("e-one", MARIA, "Maria Rossi")));
    expect(await again.json()).toMatchObject({
      duplicate: true,
      call: { should_send: false, reason: "erased" },
      message: null,
    });
    expect(await (await post(last)).json()).toMatchObject({ duplicate: true });
    await post({
      event: "messages.update",
      data: { update: { status: 4 }, key: { ...last.data.messages.key, fromMe: true } },
    });
    await world.settled();
    const webhooks = JSON.stringify(await world.query("select to_jsonb(t) as row from public.webhook_requests t"));
    expect(webhooks).not.toMatch(/3330000001|Maria/);
    expect(await world.query(`select 1 from public.whatsapp_messages where phone_number = '${MARIA}'`)).toEqual([]);
    expect(JSON.stringify(await world.query("select to_jsonb(t) as row from public.cloudtalk_calls t"))).not.toMatch(
      /Maria|3330000001/,
    );
    // A second time there is nothing left to do.
    expect((await erase(MARIA)).stdout).toContain("0 messages and 0 conversations deleted\n  0 files deleted");
  });

  it("with the public key removes files only where Storage lets it see them, and says so where not", async () => {
    const appSecret = "a-secret-of-the-app-for-this-test";
    await world.query(`select private.add_app_secret('${appSecret}')`);
    await postCall(jsonRequest("/webhook/cloudtalk", call("e-three", MARIA, "Maria Rossi")));
    await sendPdf({});
    const files = () => world.query("select name from storage.objects where name like '393330000001/%'");
    const run = (secret: string) =>
      promisify(execFile)(process.execPath, ["scripts/erase.ts", MARIA], {
        env: { ...process.env, SUPABASE_KEY: world.supabase.publishableKey, SUPABASE_APP_SECRET: secret },
      });
    await expect(run("another-secret-that-nobody-knows")).rejects.toMatchObject({ code: 1 });
    // The Storage of these tests hands no headers to its policies: all files look like none.
    await expect(run(appSecret)).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringMatching(
        /does not hand SUPABASE_APP_SECRET on.*\n→ Use the secret key.*\nThen run this again/,
      ),
    });
    expect(await world.query(`select 1 from public.whatsapp_messages where phone_number = '${MARIA}'`)).toEqual([]);
    expect(await files()).toHaveLength(1);
    // What was found out by then is not forgotten.
    const { stdout } = await erase(MARIA);
    expect(stdout).toContain("2 messages and 1 conversations deleted\n  1 files deleted\n  1 calls made anonymous");
    expect(await files()).toEqual([]);
  });

  it("a file that was being fetched at that moment goes as well", async () => {
    const { encrypted, ...media } = cdn.put(await dev("bolletta.pdf"), "document");
    cdn.answers.set(media.directPath, (_, response) => void response.writeHead(503).end());
    await post(message({ documentMessage: { ...media, mimetype: "application/pdf" } }));
    await world.settled();
    await world.query("update public.whatsapp_messages set media_due_at = now()");
    cdn.answers.set(media.directPath, async (_, response) => {
      await world.query(`select public.erase_customer(public.start_erasure('${MARIA}'))`);
      response.end(encrypted);
    });
    await storeDueMedia(readConfig());
    expect(await bucket(readConfig()).list("393330000001")).toEqual([]);
    expect(await world.query("select 1 from public.whatsapp_messages")).toEqual([]);
  });

  it("asks which customer where the number is none", async () => {
    await expect(erase()).rejects.toMatchObject({ code: 2, stderr: expect.stringContaining("npm run erase -- +39") });
    await expect(erase("ciao")).rejects.toMatchObject({ code: 2 });
  });
});
