import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { POST as postCall } from "../../api/webhook/cloudtalk.ts";
import { POST as postMessage } from "../../api/whatsapp-webhook.ts";
import { migrate } from "../../dev/database.ts";
import { type LocalServer, serve } from "../../dev/serve.ts";
import { readConfig } from "../../lib/config.ts";
import { bucket } from "../../lib/supabase/bucket.ts";
import { type Cdn, startCdn } from "../helpers/cdn.ts";
import { fillEveryColumn, mentionsOf, type Person } from "../helpers/every-column.ts";
import { fillLegacy } from "../helpers/legacy.ts";
import { emptyDatabase } from "../helpers/test-database.ts";
import { createWorld, jsonRequest, type World } from "../helpers/world.ts";

// A person is erased with hosted Supabase's limits on, over what the previous system has left.

/** A million takes some minutes; what is claimed of it was tried so. */
const WEBHOOKS = Number(process.env.ERASURE_WEBHOOKS ?? 50_000);
const APP_SECRET = "a-secret-of-the-app-for-this-test";
const ANON_MS = 3_000;

let world: World;
let cdn: Cdn;
/** Stands before Supabase: sees every request, and may hold one. */
let gate: LocalServer;
let requests: { name: string; ms: number }[] = [];
let holding: { request: number; held: () => void } | null = null;
const children: ChildProcess[] = [];

beforeAll(async () => {
  const database = await emptyDatabase();
  await fillLegacy(database, 300);
  await migrate(database);
  await database.query(`select private.add_app_secret('${APP_SECRET}')`);
  world = await createWorld(database, { storageHeaders: true });
  cdn = await startCdn();
  gate = await serve(async (request) => {
    const { pathname, search } = new URL(request.url);
    const headers = new Headers(request.headers);
    headers.delete("host");
    const number = requests.push({ name: pathname.split("/").at(-1) ?? "", ms: 0 });
    const before = performance.now();
    const body = await request.arrayBuffer();
    const answer = await fetch(world.supabase.url + pathname + search, {
      method: request.method,
      headers,
      body: body.byteLength > 0 ? body : null,
    });
    const content = await answer.arrayBuffer();
    const done = requests[number - 1];
    if (done) done.ms = performance.now() - before;
    if (holding?.request === number) {
      holding.held();
      // Its answer never comes.
      await new Promise(() => undefined);
    }
    const type = answer.headers.get("content-type") ?? "application/json";
    return new Response(content, { status: answer.status, headers: { "content-type": type } });
  });
}, 120_000);
afterAll(async () => {
  for (const child of children) child.kill("SIGKILL");
  await gate.close();
  await cdn.close();
  await world.close();
});
beforeEach(() => {
  requests = [];
  holding = null;
});

function startErase(number: string, key: "public" | "secret" = "secret") {
  const child = spawn(process.execPath, [fileURLToPath(new URL("../../scripts/erase.ts", import.meta.url)), number], {
    env: {
      ...process.env,
      SUPABASE_URL: gate.url,
      SUPABASE_KEY: key === "secret" ? world.supabase.secretKey : world.supabase.publishableKey,
      SUPABASE_APP_SECRET: APP_SECRET,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  children.push(child);
  let out = "";
  child.stdout?.on("data", (chunk) => {
    out += chunk;
  });
  child.stderr?.on("data", (chunk) => {
    out += chunk;
  });
  const ended = once(child, "close").then(([code]) => ({ code, out }));
  return { child, ended };
}
const erase = (number: string, key?: "public" | "secret") => startErase(number, key).ended;

/** As the app gets to know somebody: a call, a reply with a file under a LID, another one when the number is known. */
async function meet(nth: number, name: string): Promise<Person> {
  const number = `+39345${String(7_000_000 + nth * 1_357)}`;
  const lid = `${98_700_000_100_000 + nth * 7_919}@lid`;
  const pdf = await readFile(new URL("../../dev/files/bolletta.pdf", import.meta.url));
  const send = async (id: string, key: object) => {
    const { encrypted: _, ...media } = cdn.put(Buffer.concat([pdf, Buffer.from(`\n% ${number} ${id}`)]), "document");
    const content = { documentMessage: { ...media, mimetype: "application/pdf", fileName: "bolletta.pdf" } };
    const messages = { key: { id, fromMe: false, ...key }, pushName: name, message: content };
    await postMessage(jsonRequest("/api/whatsapp-webhook", { event: "messages.received", data: { messages } }));
    await world.settled();
  };
  const call = {
    call_uuid: `5b1f0c52-0000-4d6b-9f0e-${String(nth).padStart(12, "0")}`,
    talking_time: 50,
    contact_name: name,
  };
  await postCall(jsonRequest("/webhook/cloudtalk", { ...call, external_number: Number(number.slice(1)) }));
  await send(`3EB0LID${nth}0123456789`, { remoteJid: lid, addressingMode: "lid" });
  await send(`3EB0PN${nth}0123456789`, { remoteJid: lid, addressingMode: "lid", cleanedSenderPn: number.slice(1) });
  const [row] = await world.query<{ conversation: string; message: string }>(
    `select conversation_id as conversation, max(id) as message from public.whatsapp_messages where phone_number = '${number}' group by 1`,
  );
  const messageId = Number(row?.message);
  const [bill] = await world.query<{ id: string }>(`select id from public.bills where message_id = ${messageId}`);
  return { name, number, lid, conversationId: Number(row?.conversation), messageId, billId: Number(bill?.id) };
}
const filesOf = async ({ number, lid }: Person) => {
  const files = bucket(readConfig());
  return [...(await files.list(number.slice(1))), ...(await files.list(`lid-${lid.slice(0, -4)}`))];
};
/** All that the database says, but for when rows were touched. */
async function everything(): Promise<Map<string, unknown[]>> {
  const all = new Map<string, unknown[]>();
  for (const table of OTHERS) {
    const touched = "array['updated_at', 'changed_xid', 'refreshed_xid']";
    all.set(table, await world.query(`select to_jsonb(t) - ${touched} as row from public.${table} t`));
  }
  return all;
}
const OTHERS = [
  "webhook_requests",
  "cloudtalk_calls",
  "whatsapp_messages",
  "conversations",
  "conversation_numbers",
  "whatsapp_queue",
];

describe("a person whose name and number are in every column", () => {
  it("is gone from all of them, and nobody else is touched", async () => {
    await meet(1, "Luca Verdi");
    const before = await everything();
    const maria = await meet(2, "Maria Rossi");
    expect(await fillEveryColumn(world, maria)).toBeGreaterThan(500);
    expect((await mentionsOf(world, maria)).length).toBeGreaterThan(60);
    expect(await filesOf(maria)).toHaveLength(2);

    expect(await erase(maria.number)).toMatchObject({ code: 0 });
    expect(await mentionsOf(world, maria)).toEqual([]);
    expect(await filesOf(maria)).toEqual([]);
    const after = await everything();
    for (const [table, rows] of before) {
      const left = new Set((after.get(table) ?? []).map((row) => JSON.stringify(row)));
      expect(
        rows.filter((row) => !left.has(JSON.stringify(row))),
        table,
      ).toEqual([]);
    }
    // That the calls and webhooks came stays.
    const count = async (sql: string) => (await world.query(`select 1 from ${sql}`)).length;
    expect(await count("public.cloudtalk_calls where should_send_reason = 'erased'")).toBeGreaterThan(300);
    expect(await count("public.webhook_requests where outcome_detail = 'erased'")).toBeGreaterThan(80);
  });

  it("is gone from what the previous system has left, its queue and calls without a number too", async () => {
    const number = "+393330000001";
    const [old] = await world.query<{ id: string }>(`select private.customer_of('${number}') as id`);
    const person = {
      name: "393330000001",
      number,
      lid: "98700000000000@lid",
      conversationId: Number(old?.id),
      messageId: 0,
      billId: 0,
    };
    expect(await mentionsOf(world, person)).toEqual(
      expect.arrayContaining(["public.webhook_requests.body", "public.whatsapp_queue.phone_number"]),
    );
    expect(await erase(number)).toMatchObject({ code: 0 });
    expect(await mentionsOf(world, person)).toEqual([]);
  });

  it("is gone from webhooks that know only an id of theirs, or that their rows came with", async () => {
    const anna = await meet(3, "Anna Bianchi");
    const keep = async (body: object) => {
      const [row] = await world.query<{ id: string }>(
        `insert into public.webhook_requests (source, outcome, body) values ('wasender', 'ignored', '${JSON.stringify(body)}') returning id`,
      );
      return row?.id;
    };
    await world.query(`update public.cloudtalk_calls set call_id = '1002226167' where phone_number = '${anna.number}'`);
    const say = { says: anna.name };
    const about = [
      await keep({ ...say, data: { key: { id: "3EB0PN30123456789" } } }),
      await keep({ ...say, call: "5b1f0c52-0000-4d6b-9f0e-000000000003" }),
      await keep({ ...say, call_id: 1002226167 }),
      await keep({ ...say, from: anna.lid }),
      await keep(say),
      await keep({ ...say, more: true }),
    ];
    await world.query(
      `update public.cloudtalk_calls set webhook_request_id = ${about[4]} where phone_number = '${anna.number}'`,
    );
    await world.query(
      `update public.whatsapp_messages set webhook_request_id = ${about[5]} where id = ${anna.messageId}`,
    );
    const others = [
      await keep({ says: "another", call_id: 10022261670 }),
      await keep({ says: "another", key: { id: "3EB0PN301234567890" } }),
    ];
    expect(await erase(anna.number)).toMatchObject({ code: 0 });
    expect(await mentionsOf(world, anna)).toEqual([]);
    const kept = await world.query<{ id: string }>(
      "select id from public.webhook_requests where body ->> 'says' is not null",
    );
    expect(kept.map(({ id }) => id)).toEqual(others);
  });

  it("is found in a column that is new and that nobody thought of", async () => {
    await world.database.exec(`
      alter table public.alerts add column remark text not null default '';
      create table public.notes (id bigint generated always as identity, note text);`);
    try {
      const nora = await meet(4, "Nora Neri");
      await expect(fillEveryColumn(world, nora)).rejects.toThrow("There is no row for public.notes");
      await world.query("drop table public.notes");
      await fillEveryColumn(world, nora);
      expect(await erase(nora.number)).toMatchObject({ code: 0 });
      expect(await mentionsOf(world, nora)).toEqual(["public.alerts.remark"]);
    } finally {
      await world.database.exec("drop table if exists public.notes; alter table public.alerts drop column remark");
    }
  });
});

describe("an erasure that is killed", () => {
  it("after any of its steps ends when it is run again, and nothing is left", async () => {
    // Enough for several ranges.
    await world.query(
      "insert into public.webhook_requests (source, outcome, body) select 'wasender', 'ignored', '{}' from generate_series(1, 12000)",
    );
    const steps: string[] = [];
    for (let step = 1; ; step++) {
      const person = await meet(100 + step, "Piero Gialli");
      await world.query(
        `insert into public.webhook_requests (source, outcome, body) values ('wasender', 'ignored', '{"mentions": "${person.number}"}')`,
      );
      requests = [];
      const held = Promise.withResolvers<void>();
      holding = { request: step, held: held.resolve };
      const { child, ended } = startErase(person.number);
      const killed = await Promise.race([held.promise.then(() => true), ended.then(() => false)]);
      child.kill("SIGKILL");
      await ended;
      holding = null;
      if (killed) {
        steps.push(requests[step - 1]?.name ?? "");
        expect(await erase(person.number), `killed after ${steps.at(-1)}`).toMatchObject({ code: 0 });
      }
      expect(await mentionsOf(world, person), `killed after ${steps.at(-1)}`).toEqual([]);
      expect(await filesOf(person), `killed after ${steps.at(-1)}`).toEqual([]);
      expect(await world.query("select 1 from private.erasures")).toEqual([]);
      if (!killed) break;
    }
    expect(steps.slice(0, 2)).toEqual(["start_erasure", "erase_customer"]);
    expect(steps.filter((name) => name === "erase_mentions").length).toBeGreaterThan(2);
    expect(steps).toContain("bills");
    expect(steps.at(-1)).toBe("finish_erasure");
  }, 240_000);

  it("and whose customer writes again meanwhile, under a LID that is new, is erased with that", async () => {
    const rosa = await meet(5, "Rosa Blu");
    const newLid = "98799999999999@lid";
    await world.query(
      `insert into public.webhook_requests (source, outcome, body) values ('wasender', 'ignored', '{"from": "${newLid}"}')`,
    );
    // Everything was looked through by then.
    const [{ id } = { id: 0 }] = await world.query<{ id: number }>(
      `select public.start_erasure('${rosa.number}') as id`,
    );
    await world.query(`select public.erase_customer(${id})`);
    await world.query(`select public.erase_mentions(${id}, 1000000)`);
    const key = { id: "3EB0AGAIN0123456789", fromMe: false, remoteJid: newLid, cleanedSenderPn: rosa.number.slice(1) };
    const messages = { key, pushName: rosa.name, messageBody: "Ancora io", message: { conversation: "Ancora io" } };
    await postMessage(jsonRequest("/api/whatsapp-webhook", { event: "messages.received", data: { messages } }));
    expect(await erase(rosa.number)).toMatchObject({ code: 0 });
    expect(await mentionsOf(world, rosa)).toEqual([]);
    expect(await mentionsOf(world, { ...rosa, lid: newLid })).toEqual([]);
  });
});

describe("with the public key", () => {
  it(`is done among ${WEBHOOKS} stored webhooks, each request within three seconds`, async () => {
    await world.query(`
      insert into public.webhook_requests (source, outcome, user_agent, path, url, headers, query, event_type, body)
      select 'wasender', 'accepted', 'others', '/api/whatsapp-webhook', '/api/whatsapp-webhook', '{"content-type": "application/json"}', '{}', 'messages.received',
        jsonb_build_object('event', 'messages.received', 'data', jsonb_build_object('messages', jsonb_build_object(
          'key', jsonb_build_object('id', '3EB0' || upper(md5(n::text)), 'remoteJid', (98600000000000 + n) || '@lid', 'cleanedSenderPn', '39347' || lpad(n::text, 7, '0')),
          'pushName', 'Cliente ' || n, 'message', jsonb_build_object('imageMessage', jsonb_build_object('caption', 'Foto',
            'url', 'https://mmg.whatsapp.net/' || repeat(md5(n::text), 5), 'directPath', repeat(md5(n::text), 5),
            'mediaKey', encode(sha256(n::text::bytea), 'base64'), 'fileSha256', encode(sha256(n::text::bytea), 'base64'))))))
        from generate_series(1, ${WEBHOOKS}) n`);
    const carlo = await meet(6, "Carlo Viola");
    await world.query(`
      update public.webhook_requests set user_agent = null, raw_body = 'richiamare ${carlo.number.slice(3)}'
       where id = (select max(id) - ${WEBHOOKS / 2} from public.webhook_requests)`);
    await fillEveryColumn(world, carlo);
    requests = [];
    const before = performance.now();
    const { code, out } = await erase(carlo.number, "public");
    const seconds = (performance.now() - before) / 1000;
    expect(out).toMatch(/webhooks emptied/);
    expect(code).toBe(0);
    const mentions = await mentionsOf(world, carlo, {
      "public.webhook_requests": "user_agent is distinct from 'others'",
    });
    expect(mentions).toEqual([]);
    const [{ kept } = { kept: 0 }] = await world.query<{ kept: number }>(
      "select count(*)::int as kept from public.webhook_requests where user_agent = 'others' and body is not null",
    );
    expect(kept).toBe(WEBHOOKS - 1);
    expect(await filesOf(carlo)).toEqual([]);
    const slowest = Math.max(...requests.map(({ ms }) => ms));
    expect(slowest, `${Math.round(seconds)} s in all`).toBeLessThan(ANON_MS);
    if (process.env.ERASURE_WEBHOOKS) {
      process.stderr.write(
        `${WEBHOOKS} webhooks: ${seconds.toFixed(1)} s, ${requests.length} requests, slowest ${Math.round(slowest)} ms\n`,
      );
    }
  }, 1_800_000);
});
