import { createClient } from "@supabase/supabase-js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { POST as postCall } from "../../api/webhook/cloudtalk.ts";
import { POST as postMessage } from "../../api/whatsapp-webhook.ts";
import { type LocalDatabase, migrate } from "../../dev/database.ts";
import { type LocalSupabase, startSupabase } from "../../dev/supabase.ts";
import { fillLegacy } from "../helpers/legacy.ts";
import { emptyDatabase } from "../helpers/test-database.ts";
import { jsonRequest } from "../helpers/world.ts";

const WEBHOOKS = 50_000;

let database: LocalDatabase;
let supabase: LocalSupabase;
let before: { webhooks: string; calls: string; queue: string };

type Row = Record<string, unknown>;
const one = async <T>(sql: string, of = database) => (await of.query<{ value: T }>(`select ${sql} as value`))[0]?.value;
/** A digest of what the rows of a table say. */
const digest = (columns: string, table: string, of?: LocalDatabase) =>
  one<string>(`(select md5(string_agg(md5(row(${columns})::text), '' order by id)) from public.${table})`, of);
/** The same of what was made of the old rows. */
const outcome = async (of?: LocalDatabase) => [
  await digest("id, phone_number, text, status, direction, whatsapp_id, message_at", "whatsapp_messages", of),
  await digest("id, phone_number, phone_number_raw, duplicate_of, should_send_reason", "cloudtalk_calls", of),
  await digest("id, name, state, unread, private.phone_of(id)", "conversations", of),
];

/** A digest of every column that the previous system knew, of every row. */
async function digests() {
  return {
    webhooks:
      (await digest(
        "id, method, path, url, headers, query, body, raw_body, ip_address, user_agent, timestamp, is_cloudtalk, cloudtalk_call_id, created_at",
        "webhook_requests",
      )) ?? "",
    calls:
      (await digest(
        "id, webhook_request_id, call_id, event_type, phone_number_from, status, duration, customer_name, transcript, should_send, reason, raw_data, created_at",
        "cloudtalk_calls",
      )) ?? "",
    queue: (await digest("id, phone_number, message, status", "whatsapp_queue")) ?? "",
  };
}

/** A project as the previous system left it. */
async function legacyProject(webhooks: number): Promise<LocalDatabase> {
  const legacy = await emptyDatabase();
  await fillLegacy(legacy, webhooks);
  return legacy;
}

beforeAll(async () => {
  database = await legacyProject(WEBHOOKS);
  await database.exec("create table public.original_numbers as select id, phone_number from public.cloudtalk_calls");
  before = await digests();
  await migrate(database);
  supabase = await startSupabase(database);
  process.env.SUPABASE_URL = supabase.url;
  process.env.SUPABASE_KEY = supabase.secretKey;
}, 240_000);
afterAll(async () => {
  await supabase.close();
  await database.close();
});

describe("a project that the previous system has left", () => {
  it("keeps every row and every column's content", async () => {
    expect(await digests()).toEqual(before);
    expect(await one("(select count(*)::int from public.webhook_requests)")).toBe(WEBHOOKS);
  });

  it("knows who has written: nothing that goes to them is a first contact", async () => {
    const numbers = await database.query<{ address: string; has_written: boolean; expected: boolean }>(
      `select n.address, n.written_at is not null as has_written,
          exists (select from public.whatsapp_messages where direction = 'incoming' and phone_number = n.address)
            or exists (select from public.cloudtalk_calls where electricity_bill_received and phone_number = n.address) as expected
         from public.conversation_numbers n where n.address like '+%'`,
    );
    expect(numbers.filter(({ has_written, expected }) => has_written !== expected)).toEqual([]);
    expect(new Set(numbers.map(({ expected }) => expected)).size).toBe(2);
    expect(
      await database.query(
        `select m.id from public.whatsapp_messages m join public.conversation_numbers n on n.address = m.phone_number
          where m.status = 'queued' and m.kind = 'ask' and m.first_contact = (n.written_at is not null)`,
      ),
    ).toEqual([]);
  });

  it("has its numbers in E.164, with the original kept", async () => {
    const rows = await database.query<Row>(
      "select o.phone_number as original, c.phone_number, c.phone_number_raw from public.cloudtalk_calls c join public.original_numbers o using (id)",
    );
    for (const { original, phone_number, phone_number_raw } of rows) {
      if (original === null || original === "anonymous") expect(phone_number).toBeNull();
      else expect(phone_number).toMatch(/^\+39333\d{7}$/);
      if (original !== phone_number) expect(phone_number_raw).toBe(original);
    }
  });

  it("has its repeated calls linked, not deleted", async () => {
    const repeated = await one<number>(
      "(select count(*)::int from public.cloudtalk_calls where duplicate_of is not null)",
    );
    expect(repeated).toBe(WEBHOOKS / 10);
    expect(
      await one(
        "(select count(*)::int from public.cloudtalk_calls d join public.cloudtalk_calls f on f.id = d.duplicate_of where f.call_id <> d.call_id or f.id > d.id)",
      ),
    ).toBe(0);
  });

  it("has its messages in the monitor, read, and one conversation a customer", async () => {
    expect(await one("(select count(*)::int from public.whatsapp_messages where direction = 'outgoing')")).toBe(
      (WEBHOOKS / 10) * 3,
    );
    expect(await one("(select count(*)::int from public.whatsapp_messages where direction = 'incoming')")).toBe(
      (WEBHOOKS / 10) * 2,
    );
    expect(await one("(select sum(unread)::int from public.conversations)")).toBe(0);
    const feed = await one<{ messages: Row[] }>("public.read_feed(5)");
    expect(feed?.messages[0]).toMatchObject({
      phone_number: expect.stringMatching(/^\+39333/),
      text: expect.any(String),
    });
  });

  it("has lost its trigger and its open policies", async () => {
    expect(
      await one(
        "(select count(*)::int from pg_trigger where not tgisinternal and (tgname = 'trigger_auto_insert_cloudtalk_call' or tgname = 'trigger_auto_send_whatsapp'))",
      ),
    ).toBe(0);
    expect(await one("to_regprocedure('public.auto_insert_cloudtalk_call()') is null")).toBe(true);
    expect(await one("(select count(*)::int from pg_policies where schemaname = 'public')")).toBe(0);
    const anyone = createClient(supabase.url, supabase.publishableKey);
    expect((await anyone.from("cloudtalk_calls").select("id").limit(1)).data ?? []).toEqual([]);
    expect((await anyone.from("whatsapp_queue").select("id").limit(1)).data ?? []).toEqual([]);
  });

  it("is as good as new: calls are recorded once, and replies mark the old ones", async () => {
    const call = { call_uuid: "new", external_number: 393330000001 };
    expect(await (await postCall(jsonRequest("/webhook/cloudtalk", call))).json()).toMatchObject({ duplicate: false });
    expect(await (await postCall(jsonRequest("/webhook/cloudtalk", call))).json()).toMatchObject({ duplicate: true });
    const key = { id: "NEW", fromMe: false, remoteJid: "393330000001@s.whatsapp.net" };
    await postMessage(
      jsonRequest("/", { event: "messages.received", data: { messages: { key, messageBody: "Ecco" } } }),
    );
    expect(
      await one(
        "(select bool_and(electricity_bill_received) from public.cloudtalk_calls where phone_number = '+393330000001')",
      ),
    ).toBe(true);
  });

  it("never asks again for a call that the previous system had", async () => {
    const [known] = await database.query<Row>(
      "select call_id from public.cloudtalk_calls where should_send_reason = 'legacy' and phone_number is not null and duplicate_of is null limit 1",
    );
    const answer = await (
      await postCall(jsonRequest("/webhook/cloudtalk", { call_id: known?.call_id, talking_time: 50 }))
    ).json();
    expect(answer).toMatchObject({ call: { reason: "legacy" }, message: null });
  });

  it("does not change by a second run", async () => {
    const all = async () => [await digests(), await outcome()];
    const first = await all();
    expect(await migrate(database)).toEqual([]);
    expect(await all()).toEqual(first);
  });
});

describe("the migrations", () => {
  it("come to the same in one transaction as each in its own", async () => {
    const [whole, each] = [await legacyProject(500), await legacyProject(500)];
    await migrate(whole, { inOneTransaction: true });
    await migrate(each);
    const made = await outcome(whole);
    expect(made).not.toContain(null);
    expect(await outcome(each)).toEqual(made);
    await whole.close();
    await each.close();
  });

  it("leave the old system as it was where the transaction does not come to its end", async () => {
    const legacy = await legacyProject(500);
    const old = () => digest("id, path, body, is_cloudtalk, cloudtalk_call_id", "webhook_requests", legacy);
    const before = await old();
    // What the last migration makes is there already, as something else.
    await legacy.exec("create schema private");
    await expect(migrate(legacy, { inOneTransaction: true })).rejects.toThrow("the migrations: ");
    expect(await old()).toBe(before);
    expect(await one("to_regclass('public.whatsapp_messages') is null", legacy)).toBe(true);
    expect(
      await one("(select count(*)::int from pg_trigger where tgname = 'trigger_auto_insert_cloudtalk_call')", legacy),
    ).toBe(1);
    await legacy.close();
  });
});
