import { createClient, type SupabaseClient } from "@supabase/supabase-js";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { POST as postCall } from "../../api/webhook/cloudtalk.ts";
import { addStaff } from "../../dev/supabase.ts";
import { readConfig } from "../../lib/config.ts";
import { fillTables, snapshot, tablesOf, tryFunctions, tryTable } from "../helpers/outsider.ts";
import { openTestDatabase } from "../helpers/test-database.ts";
import { createWorld, fixture, jsonRequest, type World } from "../helpers/world.ts";

const APP_SECRET = "a-secret-of-the-app-for-this-test";
const OUTSIDER = { email: "outsider@example.com", password: "bollette-in-arrivo" };

let world: World;
let outsiderId: string;

beforeAll(async () => {
  // The local Supabase writes a page about every refusal.
  vi.spyOn(console, "error").mockImplementation(() => undefined);
  world = await createWorld();
  await world.query(`select private.add_app_secret('${APP_SECRET}')`);
  outsiderId = await prepare(world);
});
afterAll(() => world.close());

/** Something in every table that could leak, and an account that is not staff; gives its id. */
async function prepare(of: World): Promise<string> {
  await of.signIn();
  await addStaff(of.database, of.supabase, { ...OUTSIDER, name: null });
  await postCall(jsonRequest("/webhook/cloudtalk", await fixture("cloudtalk/ended-known-contact")));
  await of.settled();
  const [account] = await of.query<{ id: string }>(`select id from auth.users where email = '${OUTSIDER.email}'`);
  const id = account?.id ?? expect.unreachable();
  await fillTables(of, id);
  return id;
}

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
    const tables = await tablesOf(world);
    expect(tables.length).toBeGreaterThan(8);
    for (const table of tables) expect(await tryTable(world, outside, table, outsiderId)).toEqual([]);
  });

  it("no function does anything", async () => {
    const outside = await open();
    const tables = await tablesOf(world);
    const state = () => Promise.all(tables.map(({ name }) => snapshot(world, name)));
    const before = await state();
    const answers = await tryFunctions(world, outside);
    expect(answers.length).toBeGreaterThan(15);
    expect(answers.filter(({ data, code }) => data !== null || code !== "42501")).toEqual([]);
    expect(await state()).toEqual(before);
  });
});

describe("what is tried from the outside", () => {
  let scratch: World;
  let userId: string;
  let outside: SupabaseClient;
  beforeAll(async () => {
    const env = { ...process.env };
    scratch = await createWorld();
    userId = await prepare(scratch);
    outside = createClient(scratch.supabase.url, scratch.supabase.publishableKey, { auth: { persistSession: false } });
    return async () => {
      await scratch.close();
      Object.assign(process.env, env);
    };
  });

  it("finds every table that was opened, by every verb", async () => {
    const tables = await tablesOf(scratch);
    // What a table's triggers write to is opened as well: else they would refuse what the table does not.
    await scratch.database.exec(`
      grant usage on schema private to anon;
      grant all on all tables in schema private to anon;
      grant execute on all functions in schema private to anon;
      ${tables.map(({ name }) => `create policy opened on public.${name} to anon using (true) with check (true);`).join("\n")}
      grant all on all tables in schema public to anon;`);
    for (const table of tables) {
      const found = await tryTable(scratch, outside, table, userId);
      expect([...new Set(found.map((line) => line.split(":")[0]))], table.name).toEqual(
        ["select", "insert", "upsert", "update", "delete"].map((verb) => `${table.name} ${verb}`),
      );
      await scratch.reset();
      await fillTables(scratch, userId);
    }
    await scratch.database.exec(tables.map(({ name }) => `drop policy opened on public.${name};`).join("\n"));
  });

  it.each([
    ["reading one column", "select (name)", ["select"]],
    ["adding", "insert", ["insert"]],
    ["changing", "update", ["update"]],
    ["changing one column", "update (name)", ["update"]],
    ["deleting", "delete", ["delete"]],
  ])("finds a right for %s alone", async (_, right, verbs) => {
    const table = (await tablesOf(scratch)).find(({ name }) => name === "staff") ?? expect.unreachable();
    await scratch.database.exec(`
      revoke all on public.staff from anon;
      grant ${right} on public.staff to anon;
      create policy opened on public.staff to anon using (true) with check (true);`);
    const found = await tryTable(scratch, outside, table, userId);
    await scratch.database.exec("drop policy opened on public.staff; revoke all on public.staff from anon;");
    await fillTables(scratch, userId);
    expect([...new Set(found.map((line) => line.split(":")[0]))]).toEqual(verbs.map((verb) => `staff ${verb}`));
  });

  it("finds a function that was opened", async () => {
    await scratch.database.exec(`
      create or replace function public.outbox_due() returns boolean language sql as 'select true';
      grant execute on function public.outbox_due to anon;`);
    const answers = await tryFunctions(scratch, outside);
    expect(answers.filter(({ code }) => code !== "42501")).toEqual([{ name: "outbox_due", data: true, code: null }]);
  });
});

it("the migrations leave no right to any table to the public key or to whoever is signed in", async () => {
  // Without the local Supabase, which grants them at its start, as the default privileges of a project do.
  const database = await openTestDatabase();
  try {
    expect(
      await database.query(`
        select c.relname, r.name as role, p.name as "right" from pg_class c
          cross join (values ('anon'), ('authenticated')) r (name)
          cross join (values ('select'), ('insert'), ('update'), ('references')) p (name)
         where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'v', 'm', 'p', 'f')
           and (has_any_column_privilege(r.name, c.oid, p.name) or has_table_privilege(r.name, c.oid, 'delete'))`),
    ).toEqual([]);
  } finally {
    await database.close();
  }
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
