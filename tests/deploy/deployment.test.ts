import { spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod/v3";
import { type LocalServer, serve } from "../../dev/serve.ts";
import { createWasenderSandbox, type WasenderSandbox } from "../../dev/wasender/sandbox.ts";
import { readConfig } from "../../lib/config.ts";
import { bucket } from "../../lib/supabase/bucket.ts";
import { billsIn } from "../helpers/bills.ts";
import { cookiesOf, createWorld, fixture, jsonRequest, type World } from "../helpers/world.ts";

// What Vercel would deploy: built by its own builder, and run as built.

const ROOT = new URL("../../", import.meta.url);
const OUTPUT = new URL(".vercel/output/", ROOT);

type Handlers = Record<string, (request: Request) => Promise<Response>>;
const Route = z.object({
  src: z.string().optional(),
  dest: z.string().optional(),
  status: z.number().optional(),
  headers: z.record(z.string(), z.string()).optional(),
  continue: z.boolean().optional(),
  handle: z.string().optional(),
});
const Output = z.object({ routes: z.array(Route), crons: z.array(z.unknown()) });

let output: z.infer<typeof Output>;
let functions: string[];

beforeAll(async () => {
  const build = spawn("npm", ["run", "build:vercel"], { cwd: ROOT, stdio: "ignore" });
  const [code] = await once(build, "exit");
  expect(code).toBe(0);
  output = Output.parse(JSON.parse(await readFile(new URL("config.json", OUTPUT), "utf8")));
  const files = await readdir(new URL("functions/", OUTPUT), { recursive: true });
  functions = files.filter((file) => file.endsWith(".func")).map((file) => file.replace(/\.func$/, ""));
}, 300_000);

const filesOf = async (name: string) =>
  (await readdir(new URL(`functions/${name}.func/`, OUTPUT), { recursive: true })).filter(
    (file) => !file.startsWith("node_modules"),
  );
/** What vercel.json adds to a function: it is taken from the repository when it is deployed. */
const addedFiles = async (name: string) =>
  z
    .object({ filePathMap: z.record(z.string(), z.string()).default({}) })
    .parse(JSON.parse(await readFile(new URL(`functions/${name}.func/.vc-config.json`, OUTPUT), "utf8"))).filePathMap;
const load = async (name: string): Promise<Handlers> =>
  import(new URL(`functions/${name}.func/${name}.js`, OUTPUT).href);

/** Where a path leads, and the headers that come with it, by the routes that Vercel made of vercel.json. */
function route(path: string): { dest: string; status: number | null; headers: Record<string, string> } {
  let headers: Record<string, string> = {};
  for (const { src, dest, status, headers: more, continue: goesOn } of output.routes) {
    const match = src === undefined ? null : new RegExp(src).exec(path);
    if (!match) continue;
    headers = { ...headers, ...more };
    if (goesOn) continue;
    return { dest: dest ?? path, status: status ?? null, headers };
  }
  return { dest: path, status: null, headers };
}

describe("the deployment", () => {
  it("has one function for each file in api/, at most twelve", async () => {
    const sources = (await readdir(new URL("api/", ROOT), { recursive: true }))
      .filter((file) => file.endsWith(".ts"))
      .map((file) => `api/${file.replace(/\.ts$/, "")}`);
    expect(functions.toSorted()).toEqual(sources.toSorted());
    expect(functions.length).toBeLessThanOrEqual(12);
  });

  it("runs on Node 24, within a minute each", async () => {
    for (const name of functions) {
      const config = JSON.parse(await readFile(new URL(`functions/${name}.func/.vc-config.json`, OUTPUT), "utf8"));
      expect(config, name).toMatchObject({ runtime: "nodejs24.x", maxDuration: 60 });
    }
  });

  it("holds nothing but api/ and lib/, and of public/ everything", async () => {
    for (const name of functions) {
      for (const file of await filesOf(name))
        expect(file, name).toMatch(/^(api|lib)(\/|$)|^package\.json$|^\.vc-config\.json$/);
    }
    const list = async (folder: URL) => (await readdir(folder, { recursive: true })).toSorted();
    expect(await list(new URL("static/", OUTPUT))).toEqual(await list(new URL("public/", ROOT)));
  });

  it("asks for no cron job: Hobby would refuse it", () => {
    expect(output.crons).toEqual([]);
  });

  it("leads the addresses that CloudTalk and staff know to where they belong", () => {
    expect(route("/webhook/cloudtalk").dest).toBe("/api/webhook/cloudtalk");
    expect(route("/monitor").dest).toBe("/monitor.html");
    expect(route("/")).toMatchObject({ status: 307, headers: { Location: "/monitor" } });
    for (const name of functions) expect(functions).toContain(route(`/${name}`).dest.slice(1) || name);
  });

  it("sends the security headers with every answer", () => {
    for (const path of ["/monitor", "/monitor.html", "/api/whatsapp-incoming", "/webhook/cloudtalk"]) {
      const { headers } = route(path);
      expect(headers["Content-Security-Policy"], path).toMatch(/default-src 'self'/);
      expect(headers["Content-Security-Policy"]).toMatch(/frame-ancestors 'none'/);
      expect(headers["Content-Security-Policy"]).not.toMatch(/unsafe/);
      // Pictures come from our own host: no other project's, and ours whatever its host is called. The viewer alone reads
      // files where Storage's signed links lead.
      const policy = headers["Content-Security-Policy"]?.replace("connect-src 'self' https://*.supabase.co;", "");
      expect(policy).not.toMatch(/https?:|\*|img-src|connect-src/);
      // What else is under the company's domain is not ours to decide.
      expect(headers["Strict-Transport-Security"]).toMatch(/^max-age=\d{8}$/);
      expect(headers["Cross-Origin-Opener-Policy"]).toBe("same-origin");
      expect(headers["Permissions-Policy"]).toMatch(/^(?:[a-z-]+=\(\)(?:, |$))+$/);
      expect(headers["X-Content-Type-Options"]).toBe("nosniff");
      expect(headers["X-Frame-Options"]).toBe("DENY");
      expect(headers["Referrer-Policy"]).toBe("no-referrer");
    }
    expect(route("/api/whatsapp-incoming").headers["Cache-Control"]).toBe("no-store");
  });
});

describe("the built functions", () => {
  let world: World;
  let wasender: WasenderSandbox;
  let app: LocalServer;

  beforeAll(async () => {
    world = await createWorld();
    const webhook = await load("api/whatsapp-webhook");
    app = await serve((request) => webhook.POST?.(request) ?? new Response(null, { status: 500 }));
    wasender = await createWasenderSandbox({ apiKey: "key", webhookUrl: app.url, webhookSecret: "wasender-secret" });
    delete process.env.LOCAL_DEVELOPMENT;
    Object.assign(process.env, {
      CLOUDTALK_WEBHOOK_SECRET: "cloudtalk-secret",
      WHATSAPP_WEBHOOK_SECRET: "wasender-secret",
      CRON_SECRET: "cron-secret",
      WHATSAPP_API_TOKEN: "key",
      WHATSAPP_API_URL: wasender.url,
    });
  });
  afterAll(async () => {
    await wasender.close();
    await app.close();
    await world.close();
  });

  it("take a call, ask the customer, mark the reply and show both", async () => {
    const { POST: postCall } = await load("api/webhook/cloudtalk");
    const { POST: signIn } = await load("api/session");
    const { GET: feed } = await load("api/whatsapp-incoming");
    const { POST: ring } = await load("api/outbox");
    const call = await fixture("cloudtalk/ended-known-contact");
    expect((await postCall?.(jsonRequest("/webhook/cloudtalk", call)))?.status).toBe(401);
    const ended = await postCall?.(
      jsonRequest("/webhook/cloudtalk", call, { authorization: "Bearer cloudtalk-secret" }),
    );
    expect(await ended?.json()).toMatchObject({ success: true, message: { status: "queued" } });
    const rung = await ring?.(jsonRequest("/api/outbox", {}, { authorization: "Bearer cron-secret" }));
    expect(rung?.status).toBe(200);
    await world.settled();
    await wasender.idle();
    expect(wasender.sends).toHaveLength(1);

    await wasender.reply("+393330000001", { type: "text", text: "Ecco la bolletta" });
    expect(await world.query("select electricity_bill_received as flag from public.cloudtalk_calls")).toEqual([
      { flag: true },
    ]);

    await world.signIn();
    const origin = { origin: "http://localhost" };
    const account = { email: "anna@example.com", password: "bollette-in-arrivo" };
    const cookie = cookiesOf((await signIn?.(jsonRequest("/api/session", account, origin))) ?? new Response());
    const answer = await feed?.(new Request("http://localhost/api/whatsapp-incoming", { headers: { cookie } }));
    expect(await answer?.json()).toMatchObject({
      success: true,
      messages: [
        { direction: "incoming", text: "Ecco la bolletta" },
        { direction: "outgoing", status: "delivered" },
      ],
    });
  });

  it("read a PDF and a photo in a child process, with the files that it needs", async () => {
    // Out of reach of the modules that a developer's machine has.
    const folder = pathToFileURL(`${await mkdtemp(join(tmpdir(), "read-bills-"))}/`);
    await cp(new URL("functions/api/read-bills.func/", OUTPUT), folder, { recursive: true, verbatimSymlinks: true });
    for (const [to, from] of Object.entries(await addedFiles("api/read-bills")))
      await cp(new URL(from, ROOT), new URL(to, folder), { recursive: true });
    const { POST: readBills }: Handlers = await import(new URL("api/read-bills.js", folder).href);
    const db = billsIn(world);
    for (const [name, type] of [
      ["bolletta.pdf", "application/pdf"],
      ["bolletta.jpg", "image/jpeg"],
    ] as const) {
      const id = await db.store("+393330000007", { type, ago: name === "bolletta.pdf" ? "1 hour" : "0 hours" });
      const file = await readFile(new URL(`dev/files/${name}`, ROOT));
      await bucket(readConfig()).upload(`${id}.bin`, file, type);
    }
    const ring = () => readBills?.(jsonRequest("/api/read-bills", {}, { authorization: "Bearer cron-secret" }));
    // A slow machine has no time left for the second one.
    for (let n = 0; n < 3; n++) expect((await ring())?.status).toBe(200);
    expect(
      await world.query(
        "select b.state, b.reason, s.power_kw::int as kw from public.bills b join public.bill_supplies s on s.bill_id = b.id",
      ),
    ).toEqual([
      { state: "read", reason: null, kw: 30 },
      { state: "read", reason: null, kw: 30 },
    ]);
    await rm(folder, { recursive: true });
  });

  it("leave the reader out of every other bundle", async () => {
    for (const name of functions.filter((name) => name !== "api/read-bills")) {
      const all = await readdir(new URL(`functions/${name}.func/`, OUTPUT), { recursive: true });
      const theirs = all.filter((file) => /tesseract|unpdf|lib\/bills\/(?!tax-id)/.test(file));
      expect(theirs, name).toEqual([]);
    }
    const traced = await readdir(new URL("functions/api/read-bills.func/", OUTPUT), { recursive: true });
    const core = [...traced, ...Object.keys(await addedFiles("api/read-bills"))].filter((file) =>
      /tesseract-core-[^/]+$/.test(file),
    );
    expect(core.map((file) => file.split("/").at(-1)).toSorted()).toEqual([
      "tesseract-core-relaxedsimd.js",
      "tesseract-core-relaxedsimd.wasm",
    ]);
  });

  it("have every method that they announce", async () => {
    for (const name of functions) {
      const handlers = await load(name);
      const ask = (method: string) =>
        // Vercel does not let GET stand in for HEAD: a method without an export of its own is answered 405.
        handlers[method]?.(new Request(`http://localhost/${name}`, { method })) ?? new Response(null, { status: 405 });
      const allow = (await ask("PATCH")).headers.get("allow") ?? "";
      expect(allow, name).toMatch(/GET|POST/);
      for (const method of allow.split(", ")) {
        expect(Object.keys(handlers), name).toContain(method);
        const answer = await ask(method);
        expect(answer.status, `${method} ${name}`).not.toBe(405);
        if (method !== "HEAD") continue;
        expect(answer.status, name).toBe((await ask("GET")).status);
        expect(answer.body, name).toBeNull();
      }
    }
  });

  it("refuse what is not meant for them", async () => {
    for (const name of functions) {
      const handlers = await load(name);
      const refused = await handlers.PATCH?.(new Request(`http://localhost/${name}`, { method: "PATCH" }));
      expect(refused?.status, name).toBe(405);
      expect(refused?.headers.get("allow"), name).toMatch(/^[A-Z, ]+$/);
    }
  });
});
