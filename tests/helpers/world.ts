import { readFile } from "node:fs/promises";
import { POST as signInHandler } from "../../api/session.ts";
import type { LocalDatabase } from "../../dev/database.ts";
import { addStaff, type LocalSupabase, startSupabase } from "../../dev/supabase.ts";
import { openTestDatabase } from "./test-database.ts";

export type World = {
  supabase: LocalSupabase;
  database: LocalDatabase;
  query: LocalDatabase["query"];
  /** Empties every table and sets the sender back to its first state. */
  reset: () => Promise<void>;
  /** Signs in as a colleague of that name and gives the headers of their browser. */
  signIn: (name?: string) => Promise<Record<string, string>>;
  /** Waits until what handlers left running after their answers has ended. */
  settled: () => Promise<void>;
  close: () => Promise<void>;
};

const TABLES = [
  "public.webhook_requests",
  "public.cloudtalk_calls",
  "public.whatsapp_messages",
  "public.whatsapp_attempts",
  "public.whatsapp_lids",
  "public.whatsapp_receipts",
  "public.conversations",
  "public.conversation_numbers",
  "public.objections",
  "public.bills",
  "public.bill_supplies",
  "public.case_pods",
  "public.reminders",
  "public.reminder_texts",
  "public.staff_actions",
  "public.todo_done",
  "private.todos",
  "private.written_codes",
  "public.alerts",
  "private.erased_messages",
  "private.objection_hashes",
  "private.deleted_rows",
  "private.sign_in_attempts",
  "private.known_browsers",
  "private.refused_webhooks",
];
// After a truncate every connection would plan each of its statements anew.
const RESET = `
  set local session_replication_role = replica;
  ${TABLES.map((table) => `delete from ${table};`).join("\n  ")}
  set local session_replication_role = origin;
  select setval(objid::regclass, 1, false) from pg_depend join pg_sequence on seqrelid = objid
   where deptype in ('a', 'i') and refobjid = any('{${TABLES}}'::regclass[]);
  delete from public.whatsapp_sender;
  insert into public.whatsapp_sender default values;
  update private.terms set terms = '{}', reminders_since = null where id;`;

/** A database, else one of its own, and a Supabase over it, named in the environment as on a deployment. */
export async function createWorld(
  existing?: LocalDatabase,
  options?: Parameters<typeof startSupabase>[2],
): Promise<World> {
  const database = existing ?? (await openTestDatabase());
  const supabase = await startSupabase(database, undefined, options);
  process.env.SUPABASE_URL = supabase.url;
  process.env.SUPABASE_KEY = supabase.secretKey;
  // Messages go at whatever time the tests run, and nobody is asked about their numbers; a test of these sets them.
  process.env.WHATSAPP_SEND_HOURS ??= "off";
  process.env.WHATSAPP_CHECK_NUMBERS ??= "false";
  const settled = trackBackground();
  const sessions = new Map<string, Record<string, string>>();
  const signIn = async (name = "Anna") => {
    const known = sessions.get(name);
    if (known) return known;
    const account = { email: `${name.toLowerCase()}@example.com`, password: "bollette-in-arrivo" };
    await addStaff(database, supabase, { ...account, name });
    const origin = { origin: "http://localhost" };
    const cookie = cookiesOf(await signInHandler(jsonRequest("/api/session", account, origin)));
    sessions.set(name, { ...origin, cookie });
    return { ...origin, cookie };
  };
  return {
    supabase,
    database,
    query: database.query,
    signIn,
    reset: async () => {
      await settled();
      await database.exec(RESET);
    },
    settled,
    close: async () => {
      await settled();
      await supabase.close();
      await database.close();
    },
  };
}

/** The driver of a world on PostgreSQL, for transactions that stay open. */
export function postgresOf({ database: { connection } }: World) {
  if (!("begin" in connection.driver)) throw new Error("needs PostgreSQL");
  return connection.driver;
}

/** What @vercel/functions' waitUntil looks for: on Vercel the platform puts it there. */
function trackBackground(): () => Promise<void> {
  const pending = new Set<Promise<unknown>>();
  const waitUntil = (promise: Promise<unknown>) => {
    pending.add(promise);
    promise.finally(() => pending.delete(promise)).catch(() => undefined);
  };
  Object.assign(globalThis, { [Symbol.for("@vercel/request-context")]: { get: () => ({ waitUntil }) } });
  return async () => {
    while (pending.size > 0) await Promise.allSettled(pending);
  };
}

/** The Cookie header that a browser sends after such an answer. */
export function cookiesOf(response: Response): string {
  return response.headers
    .getSetCookie()
    .map((cookie) => cookie.split(";")[0])
    .join("; ");
}

/** A captured webhook body, as tests/fixtures keeps it. */
export async function fixture(name: string): Promise<Record<string, unknown>> {
  const text = await readFile(new URL(`../fixtures/${name}.json`, import.meta.url), "utf8");
  // As if it had been written now: what is older than a call does not answer it.
  const now = String(Date.now());
  return JSON.parse(text.replace(/\b1755781\d{3}(\d{3})?\b/g, (_, ms) => (ms ? now : now.slice(0, 10))));
}

/** A JSON request as a webhook's sender makes it. */
export function jsonRequest(path: string, body: unknown, headers: Record<string, string> = {}): Request {
  return new Request(`http://localhost${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
}
