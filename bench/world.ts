import { z } from "zod/v3";
import { POST as signIn } from "../api/session.ts";
import { type LocalDatabase, migrate, openDatabase } from "../dev/database.ts";
import { startPostgres } from "../dev/postgres.ts";
import { addStaff } from "../dev/supabase.ts";
import { startChild } from "./child.ts";
import type { Bench } from "./entry.ts";

const ACCOUNT = { email: "anna@example.com", password: "bollette-in-arrivo", name: "Anna" };

const LocalSupabase = z.object({
  url: z.string(),
  port: z.number(),
  publishableKey: z.string(),
  secretKey: z.string(),
});

export type World = {
  /** postgres://… */
  postgresUrl: string;
  database: LocalDatabase;
  query: LocalDatabase["query"];
  supabaseUrl: string;
  /** Makes it the one that the environment names, with messages that go at any time and to unchecked numbers. */
  enter: () => void;
  /** The Cookie header of a colleague's browser. */
  cookie: string;
};

export type Postgres = { url: (database: string) => string };

/** A PostgreSQL 17 of the item's own. */
export async function usePostgres(bench: Bench): Promise<Postgres> {
  bench.say("PostgreSQL");
  const { url, stop } = await startPostgres();
  return bench.use({ url, close: stop });
}

/**
 * A migrated database and a Supabase over it in a process of its own.
 *
 * @param more SQL of the bench's own; what it makes must be there when Supabase starts.
 */
export async function useWorld(bench: Bench, postgres: Postgres, name: string, more = ""): Promise<World> {
  const postgresUrl = postgres.url(name);
  const database = bench.use(await createDatabase(postgres, name));
  await migrate(database);
  await database.exec(more);
  const child = bench.use(await startChild("supabase", LocalSupabase, [postgresUrl]));
  const { url, secretKey } = child.ready;
  const enter = () => {
    process.env.SUPABASE_URL = url;
    process.env.SUPABASE_KEY = secretKey;
    process.env.WHATSAPP_SEND_HOURS = "off";
    process.env.WHATSAPP_CHECK_NUMBERS = "false";
  };
  enter();
  await addStaff(database, { ...child.ready, close: child.close }, ACCOUNT);
  return { postgresUrl, database, query: database.query, supabaseUrl: url, enter, cookie: await cookieOf(ACCOUNT) };
}

/** An empty database. */
export async function createDatabase(postgres: Postgres, name: string): Promise<LocalDatabase> {
  const admin = await openDatabase(postgres.url("postgres"));
  await admin.query(`create database ${name}`);
  await admin.close();
  return openDatabase(postgres.url(name));
}

async function cookieOf({ email, password }: { email: string; password: string }): Promise<string> {
  const answer = await signIn(jsonRequest("/api/session", { email, password }, { origin: "http://localhost" }));
  if (answer.status !== 200) throw new Error(`Nobody could sign in: ${await answer.text()}`);
  return answer.headers
    .getSetCookie()
    .map((cookie) => cookie.split(";")[0])
    .join("; ");
}

/** A JSON request as a webhook's sender makes it. */
export function jsonRequest(path: string, body: unknown, headers: Record<string, string> = {}): Request {
  return new Request(`http://localhost${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
}
