import { createClient, type SupabaseClient } from "@supabase/supabase-js";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { POST as postCall } from "../../api/webhook/cloudtalk.ts";
import { addStaff } from "../../dev/supabase.ts";
import { readConfig } from "../../lib/config.ts";
import { createWorld, fixture, jsonRequest, type World } from "../helpers/world.ts";

const APP_SECRET = "a-secret-of-the-app-for-this-test";
const OUTSIDER = { email: "outsider@example.com", password: "bollette-in-arrivo" };

let world: World;
let tables: string[];
let functions: { name: string; arguments: string[] }[];

beforeAll(async () => {
  world = await createWorld();
  await world.query(`select private.add_app_secret('${APP_SECRET}')`);
  await addStaff(world.database, world.supabase, { ...OUTSIDER, name: null });
  // Something in every table that could leak.
  await postCall(jsonRequest("/webhook/cloudtalk", await fixture("cloudtalk/ended-known-contact")));
  tables = (
    await world.query<{ name: string }>(
      "select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'v', 'm', 'p')",
    )
  ).map((row) => row.name);
  functions = await world.query<{ name: string; arguments: string[] }>(
    "select proname as name, coalesce(proargnames, '{}') as arguments from pg_proc where pronamespace = 'public'::regnamespace and prokind = 'f'",
  );
});
afterAll(() => world.close());

const client = (key: string, headers: Record<string, string> = {}) =>
  createClient(world.supabase.url, key, { auth: { persistSession: false }, global: { headers } });

async function signedInOutsider(): Promise<SupabaseClient> {
  const outsider = client(world.supabase.publishableKey);
  const { error } = await outsider.auth.signInWithPassword(OUTSIDER);
  expect(error).toBeNull();
  return outsider;
}

describe.each([
  ["the public key", async () => client(world.supabase.publishableKey)],
  [
    "the public key with a wrong app secret",
    async () => client(world.supabase.publishableKey, { "x-app-secret": "guess" }),
  ],
  ["an account that is not staff", signedInOutsider],
])("with %s, from the outside", (_, open) => {
  it("no table can be read or written", async () => {
    const outside = await open();
    expect(tables.length).toBeGreaterThan(8);
    for (const table of tables) {
      const read = await outside.from(table).select("*");
      expect(read.data ?? [], table).toEqual([]);
      for (const write of [
        outside.from(table).insert({ id: 999 }),
        outside.from(table).update({ id: 999 }).not("ctid", "is", null).select(),
        outside.from(table).delete().not("ctid", "is", null).select(),
      ]) {
        const { data, error } = await write;
        expect(error !== null || (data ?? []).length === 0, table).toBe(true);
      }
    }
    expect(await world.query("select count(*)::int as n from public.cloudtalk_calls")).toEqual([{ n: 1 }]);
    expect(await world.query("select count(*)::int as n from public.whatsapp_messages")).toEqual([{ n: 1 }]);
  });

  it("no function does anything", async () => {
    const outside = await open();
    expect(functions.length).toBeGreaterThan(15);
    for (const { name, arguments: names } of functions) {
      const values = Object.fromEntries(
        names.filter((argument) => argument.startsWith("p_")).map((argument) => [argument, null]),
      );
      const { data, error } = await outside.rpc(name, values);
      expect(data, name).toBeNull();
      expect(error?.code, `${name}: ${error?.message}`).toMatch(/^(42501|PGRST\d+|42883)$/);
    }
  });
});

describe("the app with the public key", () => {
  const real = () => ({ key: process.env.SUPABASE_KEY, secret: process.env.SUPABASE_APP_SECRET });
  let saved: ReturnType<typeof real>;
  beforeEach(() => {
    saved = real();
    return () => {
      process.env.SUPABASE_KEY = saved.key;
      delete process.env.SUPABASE_APP_SECRET;
    };
  });

  it("is refused at the start without a secret of its own, with the two ways out", () => {
    const env = { ...process.env, SUPABASE_KEY: world.supabase.publishableKey };
    expect(() => readConfig(env)).toThrow(/SUPABASE_KEY is the project's public key.*sb_secret_.*SUPABASE_APP_SECRET/s);
  });

  it("records a call with it", async () => {
    process.env.SUPABASE_KEY = world.supabase.publishableKey;
    process.env.SUPABASE_APP_SECRET = APP_SECRET;
    const answer = await postCall(
      jsonRequest("/webhook/cloudtalk", { call_uuid: "public", external_number: 393330000009 }),
    );
    expect(await answer.json()).toMatchObject({ success: true, call: { should_send: true } });
  });

  it("records nothing with a wrong one, and says that it is our fault", async () => {
    process.env.SUPABASE_KEY = world.supabase.publishableKey;
    process.env.SUPABASE_APP_SECRET = "another-secret-that-nobody-knows";
    const answer = await postCall(
      jsonRequest("/webhook/cloudtalk", { call_uuid: "wrong", external_number: 393330000009 }),
    );
    expect(answer.status).toBe(503);
    expect(await world.query("select 1 from public.cloudtalk_calls where call_uuid = 'wrong'")).toEqual([]);
  });
});

it("row level security is on for every table, and no policy opens one", async () => {
  expect(
    await world.query(
      "select relname from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' and not relrowsecurity",
    ),
  ).toEqual([]);
  expect(await world.query("select tablename from pg_policies where schemaname = 'public'")).toEqual([]);
});

it("every function that the API exposes runs with an empty search path and checks who calls", async () => {
  const loose = await world.query(
    `select proname from pg_proc where pronamespace = 'public'::regnamespace
      and (not prosecdef or not ('search_path=""' = any(coalesce(proconfig, '{}')))
           or (prosrc !~ 'private\\.(authorize|require_staff)\\(\\)' and proname <> 'outbox_due'))`,
  );
  expect(loose).toEqual([]);
});
