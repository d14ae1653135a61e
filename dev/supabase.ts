import { App } from "@supabase/lite";
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
