import { createDecipheriv, createHash, createHmac, hkdfSync } from "node:crypto";
import { readFile } from "node:fs/promises";
import { afterEach, expect, test } from "vitest";
import { type LocalServer, serve } from "../../dev/serve.ts";
import { type Fault, faults } from "../../dev/wasender/fault.ts";
import { createWasenderSandbox, type SandboxOptions, type WasenderSandbox } from "../../dev/wasender/sandbox.ts";

const MARIA = "+393330000001";
// biome-ignore lint/suspicious/noExplicitAny: what the app receives is read as the fixtures show it.
type Body = any;
let received: { body: Body; signature: string | null }[] = [];
let app: LocalServer;
let sandbox: WasenderSandbox;

async function start(options: Partial<SandboxOptions> = {}): Promise<void> {
  received = [];
  app = await serve(async (request) => {
    received.push({ body: await request.json(), signature: request.headers.get("x-webhook-signature") });
    return new Response();
  });
  sandbox = await createWasenderSandbox({ apiKey: "key", webhookSecret: "s3cret", webhookUrl: app.url, ...options });
}
afterEach(async () => {
  await sandbox.close();
  await app.close();
});

const call = (path: string, init: RequestInit = {}, token = "key") =>
  fetch(`${sandbox.url}${path}`, { ...init, headers: { authorization: `Bearer ${token}` } });
const send = (to = MARIA, text = "Buongiorno", token = "key") =>
  call("/send-message", { method: "POST", body: JSON.stringify({ to, text }) }, token);
const events = () => received.map(({ body }) => body.event);
const fixture = async (name: string): Promise<Body> =>
  JSON.parse(await readFile(new URL(`../fixtures/wasender/${name}.json`, import.meta.url), "utf8"));
/** The paths of an object's values: its shape. */
const shape = (value: unknown, path = ""): string[] =>
  typeof value === "object" && value !== null
    ? Object.entries(value).flatMap(([key, inner]) => shape(inner, `${path}.${key}`))
    : [path];

test("a send is taken, and its webhooks follow, signed with the secret itself", async () => {
  await start();
  sandbox.setOpen(MARIA, true);
  const response = await send();
  expect(await response.json()).toEqual({
    success: true,
    data: { msgId: 100_000, jid: MARIA, status: "in_progress" },
  });
  await sandbox.idle();
  expect(events()).toEqual(["message.sent", "messages.upsert", "messages.update", "messages.update"]);
  expect(received.map(({ body }) => body.data.update?.status)).toEqual([undefined, undefined, 3, 4]);
  expect(received.every(({ signature, body }) => signature === "s3cret" && body.sessionId === "key")).toBe(true);
  const [sent, echo, delivered] = received.map(({ body }) => body);
  expect(shape(echo).sort()).toEqual(shape(await fixture("upsert-echo-of-ours")).sort());
  expect(shape(delivered).sort()).toEqual(shape(await fixture("update-delivered")).sort());
  expect(shape(sent)).toEqual(expect.arrayContaining(shape(await fixture("sent-ok"))));
});

test("a message is read only once the chat is open", async () => {
  await start();
  await send();
  await sandbox.idle();
  expect(sandbox.phones.get(MARIA)?.messages[0]?.status).toBe("delivered");
  sandbox.setOpen(MARIA, true);
  await sandbox.idle();
  expect(sandbox.phones.get(MARIA)?.messages[0]?.status).toBe("read");
});

test("the trial's limits: one message in 60 seconds, 50 a day", async () => {
  await start();
  const first = await send();
  expect(first.headers.get("x-ratelimit-remaining")).toBe("0");
  expect(first.headers.get("x-ratelimit-daily-remaining")).toBe("49");
  const second = await send();
  expect([second.status, await second.json()]).toEqual([
    429,
    { message: "You are on a free trial. You can only send 1 message every 1 minute.", retry_after: 60 },
  ]);
  expect(sandbox.sends.map(({ accepted }) => accepted)).toEqual([true, false]);

  await sandbox.close();
  await app.close();
  await start({ minIntervalMs: 0, dailyLimit: 2 });
  expect([(await send()).status, (await send()).status, (await send()).status]).toEqual([200, 200, 429]);
});

test("what Wasender refuses: a wrong key, a spelling with spaces, a number without WhatsApp, no session", async () => {
  await start({ minIntervalMs: 0 });
  expect((await send(MARIA, "x", "other")).status).toBe(401);
  expect((await send("+39 333 000 0001")).status).toBe(422);
  expect((await send("+390600000001")).status).toBe(422);
  sandbox.setSession("disconnected");
  expect((await (await send()).json()).message).toContain("not connected");
  expect(await (await call("/status")).json()).toEqual({ status: "disconnected" });
  await sandbox.idle();
  expect(events()).toEqual(["session.status"]);
});

test("faults answer wrongly, break off or hang, whether the message goes out or not", async () => {
  const planned: Fault[] = [
    faults.rateLimited(7),
    faults.notOnWhatsapp(),
    faults.serverError(),
    faults.serverError(true),
    faults.reset(false),
    faults.reset(true),
    faults.hang(true),
  ];
  await start({ minIntervalMs: 0, fault: (_, index) => planned[index] ?? null });
  const statuses: (number | string)[] = [];
  for (let index = 0; index <= planned.length; index++) {
    const hung = planned[index]?.kind === "hang" ? { signal: AbortSignal.timeout(200) } : {};
    const body = JSON.stringify({ to: MARIA, text: `${index}` });
    const answer = await call("/send-message", { method: "POST", body, ...hung }).catch((error: Error) => error.name);
    statuses.push(typeof answer === "string" ? answer : answer.status);
  }
  expect(statuses).toEqual([429, 422, 500, 500, "TypeError", "TypeError", "TimeoutError", 200]);
  expect(sandbox.phones.get(MARIA)?.messages.map(({ text }) => text)).toEqual(["3", "5", "6", "7"]);
});

test("a customer's text, photo and PDF arrive in the fixtures' shapes", async () => {
  await start();
  await sandbox.reply(MARIA, { type: "text", text: "Ecco" }, { name: "Maria" });
  await sandbox.reply(MARIA, { type: "text", text: "Ecco" }, { by: "lid-only" });
  await sandbox.reply(MARIA, { type: "pdf", text: "Bolletta" });
  const [text, , lidOnly, , pdf] = received.map(({ body }) => body);
  expect(shape(text).sort()).toEqual(shape(await fixture("received-text")).sort());
  expect(shape(lidOnly.data.messages.key).sort()).toEqual(
    shape((await fixture("received-text-lid-only")).data.messages.key).sort(),
  );
  expect(shape(pdf.data.messages.message).sort()).toEqual(
    shape((await fixture("received-pdf")).data.messages.message).sort(),
  );
  const lid = lidOnly.data.messages.key.senderLid;
  expect(await (await call(`/pn-from-lid/${lid}`)).json()).toEqual({
    success: true,
    data: { pn: "393330000001@s.whatsapp.net" },
  });
});

test("an attachment is encrypted as WhatsApp does it, and the stand-in of its CDN serves it", async () => {
  await start();
  for (const [type, file, info] of [
    ["photo", "bolletta.jpg", "WhatsApp Image Keys"],
    ["pdf", "bolletta.pdf", "WhatsApp Document Keys"],
  ] as const) {
    received = [];
    await sandbox.reply(MARIA, { type });
    const { imageMessage, documentMessage } = received[0]?.body.data.messages.message ?? {};
    const media = imageMessage ?? documentMessage;
    expect(media.url).toMatch(/^https:\/\/mmg\.whatsapp\.net\/v\//);

    const bytes = Buffer.from(await (await fetch(sandbox.cdn + new URL(media.url).pathname)).arrayBuffer());
    expect(createHash("sha256").update(bytes).digest("base64")).toBe(media.fileEncSha256);
    const keys = Buffer.from(hkdfSync("sha256", Buffer.from(media.mediaKey, "base64"), "", info, 112));
    const [iv, ciphertext, mac] = [keys.subarray(0, 16), bytes.subarray(0, -10), bytes.subarray(-10)];
    const expected = createHmac("sha256", keys.subarray(48, 80)).update(iv).update(ciphertext).digest();
    expect(mac.equals(expected.subarray(0, 10))).toBe(true);
    const decipher = createDecipheriv("aes-256-cbc", keys.subarray(16, 48), iv);
    const plain = Buffer.concat([decipher.update(ciphertext), decipher.final()]);
    expect(plain.equals(await readFile(new URL(`../../dev/files/${file}`, import.meta.url)))).toBe(true);
    expect(media.fileLength).toBe(String(plain.length));
  }
});

test("what was sent can be looked up: one message by its id, all in the log with the personal token", async () => {
  await start({ minIntervalMs: 0, personalToken: "personal" });
  await send(MARIA, "uno");
  await send(MARIA, "due");
  const info = await (await call("/messages/100001/info")).json();
  expect(info.data).toMatchObject({ msgId: 100_001, id: info.data.key.id, message: { conversation: "due" } });
  const log = "/whatsapp-sessions/1/message-logs?per_page=1&page=2";
  expect((await call(log)).status).toBe(401);
  const { data: page } = await (await call(log, {}, "personal")).json();
  expect(page).toMatchObject({ current_page: 2, last_page: 2, total: 2, data: [{ id: 100_000, to: MARIA }] });
  expect(JSON.parse(page.data[0].content)).toEqual({ text: "uno" });
});

test("WhatsApp refuses with error 463 what Wasender has taken, or never delivers it, as often as was said", async () => {
  await start({ minIntervalMs: 0 });
  sandbox.setOpen(MARIA, true);
  sandbox.setTroubles({ restricted: 1, undelivered: 1, absent: [] });
  expect([(await send()).status, (await send()).status, (await send()).status]).toEqual([200, 200, 200]);
  await sandbox.idle();
  expect(sandbox.phones.get(MARIA)?.messages.map(({ status }) => status)).toEqual(["failed", "sent", "read"]);
  const updates = received.map(({ body }) => body).filter(({ event }) => event === "messages.update");
  expect(updates.map(({ data }) => data.update)).toEqual([
    { status: 0, messageStubParameters: ["463", "Your account has been restricted"] },
    { status: 3 },
    { status: 4 },
  ]);
  expect(sandbox.troubles()).toEqual({ restricted: 0, undelivered: 0, absent: [] });
});

test("whether a number has WhatsApp can be asked, half as often as it sends", async () => {
  await start({ minIntervalMs: 0 });
  sandbox.setTroubles({ restricted: 0, undelivered: 0, absent: [MARIA] });
  const exists = async (digits: string) => (await (await call(`/on-whatsapp/${digits}`)).json()).data.exists;
  expect([await exists("393330000001"), await exists("393330000002"), await exists("390600000001")]).toEqual([
    false,
    true,
    false,
  ]);
  expect((await send()).status).toBe(422);
  expect((await call("/on-whatsapp/393330000002", {}, "other")).status).toBe(401);
  sandbox.setSession("disconnected");
  expect((await call("/on-whatsapp/393330000002")).status).toBe(409);

  await sandbox.close();
  await app.close();
  await start();
  const [first, second] = [await call("/on-whatsapp/393330000002"), await call("/on-whatsapp/393330000003")];
  expect([first.status, second.status]).toEqual([200, 429]);
  expect(Number(second.headers.get("retry-after"))).toBeGreaterThan(60);
  // It is no message: the first one may go.
  expect((await send()).status).toBe(200);
  expect(sandbox.checks).toMatchObject([
    { number: "+393330000002", status: 200 },
    { number: "+393330000003", status: 429 },
  ]);
});
