import { createClient, type SupabaseClient } from "@supabase/supabase-js";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { createWorld, type World } from "../helpers/world.ts";

// What hosted Supabase allows a request of its Data API. PGlite has no timers, so that none of the timeouts shows there.

/** Longer than anon may work, and shorter than the others. */
const FUNCTIONS = `
create function public.work(seconds double precision) returns text language sql as 'select pg_sleep(seconds); select current_user::text';
create function public.work_long(seconds double precision) returns text language sql set statement_timeout = '4500ms'
  as 'select pg_sleep(seconds); select current_user::text';
create function public.work_little(seconds double precision) returns text language sql set statement_timeout = '500ms'
  as 'select pg_sleep(seconds); select current_user::text';
create function public.timeout() returns text language sql as $$ select current_setting('statement_timeout') $$;
create function public.numbers(count integer) returns setof integer language sql as 'select generate_series(1, count)';
create table public.many as select n from generate_series(1, 1001) n;
create function public.writes() returns void language sql as 'insert into public.many values (0)';
create function public.says_that_it_only_reads() returns void language plpgsql stable as 'begin perform public.writes(); end';
create table public.forgotten (n integer);
grant all on public.many to service_role;
revoke all on public.forgotten from anon, authenticated, service_role;
grant execute on function public.work, public.work_long, public.work_little, public.timeout to anon, authenticated, service_role;
grant execute on function public.numbers, public.writes, public.says_that_it_only_reads to service_role;
`;

let world: World;
let service: SupabaseClient;
beforeAll(async () => {
  // The local Supabase writes a page about every refusal.
  vi.spyOn(console, "error").mockImplementation(() => undefined);
  world = await createWorld();
  await world.database.exec(FUNCTIONS);
  service = createClient(world.supabase.url, world.supabase.secretKey, { auth: { persistSession: false } });
});
afterAll(() => world.close());

async function clientOf(role: string): Promise<SupabaseClient> {
  if (role === "service_role") return service;
  const client = createClient(world.supabase.url, world.supabase.publishableKey, { auth: { persistSession: false } });
  if (role === "authenticated") {
    const account = { email: "anna@example.com", password: "bollette-in-arrivo" };
    await client.auth.signUp(account);
    expect((await client.auth.signInWithPassword(account)).error).toBeNull();
  }
  return client;
}

it.each([
  ["anon", "3s"],
  ["authenticated", "8s"],
  ["service_role", "8s"],
])("%s may let a statement run for %s", async (role, timeout) => {
  expect(await (await clientOf(role)).rpc("timeout")).toMatchObject({ data: timeout, error: null });
});

it("a function that works for four seconds is cancelled for anon, and ends for who is signed in", async () => {
  const [anon, signedIn] = await Promise.all([clientOf("anon"), clientOf("authenticated")]);
  const [cancelled, done] = await Promise.all([anon.rpc("work", { seconds: 4 }), signedIn.rpc("work", { seconds: 4 })]);
  expect(cancelled.error).toMatchObject({ code: "57014", message: expect.stringContaining("statement timeout") });
  expect(done).toMatchObject({ data: "authenticated", error: null });
});

it("a function's own timeout takes the place of its role's, be it longer or shorter", async () => {
  const anon = await clientOf("anon");
  const [longer, shorter] = await Promise.all([
    anon.rpc("work_long", { seconds: 4 }),
    service.rpc("work_little", { seconds: 1 }),
  ]);
  expect(longer).toMatchObject({ data: "anon", error: null });
  expect(shorter.error).toMatchObject({ code: "57014" });
});

it("the next request on a connection has its own limit again", async () => {
  for (let i = 0; i < 50; i++) await service.rpc("work_little", { seconds: 0 });
  expect(await service.rpc("timeout")).toMatchObject({ data: "8s" });
});

it("an answer has a thousand rows at most", async () => {
  expect((await service.from("many").select()).data).toHaveLength(1000);
  expect((await service.rpc("numbers", { count: 1001 })).data).toHaveLength(1000);
});

it("a function that is not volatile runs in a transaction that writes nothing", async () => {
  expect((await service.rpc("says_that_it_only_reads")).error).toMatchObject({ code: "25006" });
  expect((await service.rpc("writes")).error).toBeNull();
});

it("nobody is granted what no migration grants", async () => {
  expect((await service.from("forgotten").select()).error).toMatchObject({ code: "42501" });
});
