import { App } from "@supabase/lite";
import { createClient } from "@supabase/supabase-js";
import type { LocalDatabase } from "./database.ts";
import { type LocalServer, serve } from "./serve.ts";

export type LocalSupabase = LocalServer & { publishableKey: string; secretKey: string };

const PUBLISHABLE_KEY = "sb_publishable_local_development_only";
const SECRET_KEY = "sb_secret_local_development_only";

/** Serves a database as a Supabase project on loopback: what supabase-js talks to, without Docker. */
export async function startSupabase(database: LocalDatabase, port = 0): Promise<LocalSupabase> {
  process.env.DO_NOT_TRACK = "1";
  const app = new App({
    connection: database.connection,
    auth: { enabled: true, publishable_key: PUBLISHABLE_KEY, secret_key: SECRET_KEY },
  });
  await app.init();
  const server = await serve((request, peerAddress) => app.fetch(request, { peerAddress }), port);
  return { ...server, publishableKey: PUBLISHABLE_KEY, secretKey: SECRET_KEY };
}

/** Makes an account of Supabase Auth, and a colleague of it: what the README does by hand on a real project. */
export async function addStaff(
  database: LocalDatabase,
  { url, publishableKey }: LocalSupabase,
  account: { email: string; password: string; name: string | null },
): Promise<void> {
  const client = createClient(url, publishableKey, { auth: { persistSession: false } });
  const { data, error } = await client.auth.signUp({ email: account.email, password: account.password });
  if (error || !data.user) throw new Error(`No account for ${account.email}: ${error?.message}`);
  if (account.name !== null) {
    await database.query(
      `insert into public.staff (user_id, name) values ('${data.user.id}', '${account.name.replaceAll("'", "''")}')`,
    );
  }
}
