import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { openDatabase, prepareProject } from "../../dev/database.ts";
import { embedSupabase } from "../../dev/embedded.ts";
import { serve } from "../../dev/serve.ts";
import { ASK_TEXT } from "../../lib/ask.ts";
import { readConfig } from "../../lib/config.ts";
import { cookiesOf } from "../helpers/world.ts";

/** `exited` waits for every process that holds the output: npm may be gone before what it started. */
type Dev = { child: ChildProcess; output: () => string; exited: Promise<unknown[]> };

/** Only what a newcomer's shell has: nothing of this test's own environment may lead it elsewhere. */
function startDev(
  port: number,
  dataDir: string,
  [command, ...args]: string[] = ["npm", "run", "dev"],
  more: Record<string, string> = {},
): Dev {
  const { PATH, HOME, TMPDIR } = process.env;
  const child = spawn(command ?? "", args, {
    env: { PATH, HOME, ...(TMPDIR ? { TMPDIR } : {}), PORT: String(port), DATA_DIR: dataDir, ...more },
    // A group of its own, as a terminal gives it: Ctrl-C goes to all of it.
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk) => (output += String(chunk)));
  return { child, output: () => output, exited: once(child, "close") };
}

const freePort = async () => {
  const server = await serve(() => new Response());
  await server.close();
  return server.port;
};
const eventually = { timeout: 90_000, interval: 100 };

let port: number;
let dataDir: string;
let dev: Dev;
const at = (path: string) => `http://localhost:${port}${path}`;
let cookie = "";
const get = async (path: string) => (await fetch(at(path), { headers: { cookie } })).json();
const post = (path: string, body: string) =>
  fetch(at(path), { method: "POST", headers: { "content-type": "application/json" }, body });

beforeAll(async () => {
  port = await freePort();
  dataDir = await mkdtemp(join(tmpdir(), "dev-"));
  dev = startDev(port, dataDir);
  await vi.waitFor(() => expect(dev.output()).toContain(`Ready on http://localhost:${port}`), eventually);
});
afterAll(async () => {
  try {
    if (dev.child.pid) process.kill(-dev.child.pid, "SIGKILL");
  } catch {
    // It has ended, as it should.
  }
  await rm(dataDir, { recursive: true, force: true });
});

/** As the newcomer: with the account that was printed. */
async function signIn(): Promise<void> {
  const [, email, password] = /Sign in +(\S+) \/ (\S+)/.exec(dev.output()) ?? [];
  const response = await fetch(at("/api/session"), {
    method: "POST",
    headers: { "content-type": "application/json", origin: at("") },
    body: JSON.stringify({ email, password }),
  });
  expect(response.status).toBe(200);
  cookie = cookiesOf(response);
}

test("a newcomer ends a call, the customer gets the message and answers, and the monitor shows both", async () => {
  await signIn();
  const call = await readFile(new URL("../fixtures/cloudtalk/ended-known-contact.json", import.meta.url), "utf8");
  expect((await post("/webhook/cloudtalk", call)).status).toBe(200);

  const number = "+393330000001";
  await vi.waitFor(async () => {
    const { phones } = await get("/sandbox/api/state");
    expect(phones).toMatchObject([{ number, messages: [{ from: "company", text: ASK_TEXT }] }]);
  }, eventually);

  const reply = await post("/sandbox/api/reply", JSON.stringify({ number, type: "pdf", text: "Ecco la bolletta" }));
  expect(reply.status).toBe(200);
  await vi.waitFor(async () => {
    const { messages } = await get("/api/whatsapp-incoming");
    expect(messages).toHaveLength(2);
    expect(messages).toContainEqual(
      expect.objectContaining({ direction: "incoming", type: "document", phone_number: number }),
    );
    expect(messages).toContainEqual(expect.objectContaining({ direction: "outgoing", status: "delivered" }));
    expect(messages[0].media).toMatchObject({ state: "stored", mime_type: "application/pdf", pages: 2 });
  }, eventually);
});

test("the bill can be opened: it went through the encryption, the CDN's stand-in and Storage", async () => {
  const { messages } = await get("/api/whatsapp-incoming");
  const response = await fetch(at(`/api/media?id=${messages[0].id}`), { headers: { cookie }, redirect: "manual" });
  expect(response.status).toBe(303);
  const location = response.headers.get("location") ?? "";
  // The viewer reads the file from there; nothing is shown or run from another host.
  const policy = response.headers.get("content-security-policy") ?? "";
  const from = new URL(location).origin;
  expect(policy.split("; ").filter((rule) => rule.includes(from))).toEqual([
    expect.stringMatching(/^connect-src 'self' /),
  ]);
  const bytes = Buffer.from(await (await fetch(location)).arrayBuffer());
  expect(bytes.equals(await readFile(new URL("../../dev/files/bolletta.pdf", import.meta.url)))).toBe(true);
});

test("the sandbox sets hours, which the monitor says, and what goes wrong with messages", async () => {
  const set = async (action: string, body: object) => {
    const response = await post(`/sandbox/api/${action}`, JSON.stringify(body));
    return { status: response.status, body: await response.json() };
  };
  // Neither today nor tomorrow, whatever day it is.
  const day = new Intl.DateTimeFormat("en", { weekday: "short", timeZone: "Europe/Rome" });
  const hours = `${day.format(Date.now() + 2 * 86_400_000)} 9-20`;
  expect((await set("hours", { hours })).status).toBe(200);
  await vi.waitFor(async () => {
    expect((await get("/api/whatsapp-incoming")).sender.hours).toEqual({ open: false, next_at: expect.any(String) });
  }, eventually);
  const wrong = await set("hours", { hours: "mon 20-9" });
  expect([wrong.status, wrong.body.error.message]).toEqual([
    400,
    expect.stringMatching(/^hours: ends before it begins/),
  ]);

  expect((await set("troubles", { undelivered: 2, absent: ["333 000 0009"] })).status).toBe(200);
  expect((await set("troubles", { restricted: 1 })).status).toBe(200);
  expect((await set("troubles", { restricted: -1 })).status).toBe(400);
  const state = await get("/sandbox/api/state");
  expect([state.hours, state.troubles]).toEqual([hours, { restricted: 1, undelivered: 2, absent: ["+393330000009"] }]);
  await set("hours", { hours: "off" });
  await set("troubles", { restricted: 0, undelivered: 0, absent: [] });
});

test("it serves vercel.json's redirects, rewrites and headers", async () => {
  const root = await fetch(at("/"), { redirect: "manual" });
  expect([root.status, root.headers.get("location")]).toEqual([307, "/monitor"]);

  const monitor = await fetch(at("/monitor"));
  expect(monitor.status).toBe(200);
  expect(monitor.headers.get("content-type")).toContain("text/html");
  expect(monitor.headers.get("content-security-policy")).toContain("default-src 'self'");

  const feed = await fetch(at("/api/whatsapp-incoming"), { method: "HEAD" });
  expect(feed.headers.get("cache-control")).toBe("no-store");
  expect((await fetch(at("/webhook/cloudtalk"))).status).toBe(405);
});

test("it serves nothing else: an unknown path, a path out of public/, the sandbox under another name", async () => {
  for (const path of ["/nope", "/..%2fpackage.json", "/%2e%2e/package.json", "/sandbox/..%2fmain.ts", "/api/nope"]) {
    expect((await fetch(at(path))).status, path).toBe(404);
  }
  const form = await fetch(at("/sandbox/api/calls"), { method: "POST", body: "number=+393330000009" });
  expect(form.status).toBe(415);
});

test("/sandbox and what it needs come from here, as the Content-Security-Policy asks", async () => {
  const page = await (await fetch(at("/sandbox"))).text();
  const sources = [...page.matchAll(/(?:src|href)="(\/sandbox\/[^"]+)"/g)].map(([, source]) => source ?? "");
  expect(sources.length).toBeGreaterThan(1);
  for (const source of sources) expect((await fetch(at(source))).status, source).toBe(200);
  expect(page).not.toMatch(/<script(?![^>]*\bsrc=)|<style|\son\w+=|\sstyle=/);
});

test("a second one says that the port is taken, or that the data is in use", async () => {
  const samePort = startDev(port, join(dataDir, "other"));
  expect((await samePort.exited)[0]).toBe(1);
  expect(samePort.output()).toContain(`Port ${port} is taken`);

  const sameData = startDev(await freePort(), dataDir);
  expect((await sameData.exited)[0]).toBe(1);
  expect(sameData.output()).toContain("in use by another npm run dev");
});

test("data of another version is set aside, not lost, and a new one begins", async () => {
  const old = join(dataDir, "old");
  await mkdir(old);
  const database = await openDatabase(join(old, "supabase"));
  await prepareProject(database);
  await database.exec(`
    insert into supabase_migrations.schema_migrations (version, name) values ('20261122100000', 'tables');
    create table public.cloudtalk_calls (id int);`);
  await database.close();
  const fresh = startDev(await freePort(), old);
  // It opens two databases.
  await vi.waitFor(() => expect(fresh.output()).toContain("Ready on"), { ...eventually, timeout: 40_000 });
  const [, aside = ""] = /Set aside +(\S+):/.exec(fresh.output()) ?? [];
  expect(aside).toMatch(/\/old-\d{4}-\d\d-\d\dT[\d-]+$/);
  if (fresh.child.pid) process.kill(-fresh.child.pid, "SIGINT");
  await fresh.exited;
  const kept = await openDatabase(join(aside, "supabase"));
  expect(await kept.query("select version from supabase_migrations.schema_migrations")).toEqual([
    { version: "20261122100000" },
  ]);
  await kept.close();
});

test("it does not give a real project's queue to the sandbox", async () => {
  const mixed = startDev(await freePort(), join(dataDir, "mixed"), undefined, {
    SUPABASE_URL: "https://abcd.supabase.co",
    SUPABASE_KEY: "sb_secret_0123456789",
  });
  expect((await mixed.exited)[0]).toBe(1);
  expect(mixed.output()).toContain("SUPABASE_URL is set and WHATSAPP_API_URL is not");
  expect(mixed.output()).not.toContain("Ready on");
});

test("its own Supabase lets messages go at any time, unless the hours are set", async () => {
  const hours = async (text: string) => {
    process.env.WHATSAPP_SEND_HOURS = text;
    await (await embedSupabase(join(dataDir, "hours"))).close();
    return readConfig().terms.hours;
  };
  expect(await hours(" ")).toBeNull();
  expect(await hours("sun 9-10")).toEqual([{ day: 7, from: 540, to: 600 }]);
});

// The last one: it ends what the others use.
test("Ctrl-C stops everything, and the data is there at the next start", async () => {
  if (dev.child.pid) process.kill(-dev.child.pid, "SIGINT");
  await dev.exited;
  expect(dev.output().trimEnd()).toMatch(/Stopped\.$/);

  // Without npm, whose own exit code tells of the signal.
  dev = startDev(port, dataDir, [process.execPath, "dev/main.ts"]);
  await vi.waitFor(() => expect(dev.output()).toContain("Ready on"), eventually);
  expect((await get("/api/whatsapp-incoming")).messages).toHaveLength(2);
  dev.child.kill("SIGTERM");
  expect((await dev.exited)[0]).toBe(0);

  const database = await openDatabase(join(dataDir, "supabase"));
  const calls = await database.query("select phone_number, electricity_bill_received from public.cloudtalk_calls");
  await database.close();
  expect(calls).toEqual([{ phone_number: "+393330000001", electricity_bill_received: true }]);
});
