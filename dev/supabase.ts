import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App, setExperimental } from "@supabase/lite";
import { createClient } from "@supabase/supabase-js";
import { withAuthAdmin } from "./auth-admin.ts";
import type { LocalDatabase } from "./database.ts";
import { type LocalServer, serve } from "./serve.ts";
import { folderStorage, likeHostedStorage } from "./storage.ts";
import { handHeadersOn } from "./storage-headers.ts";

export type LocalSupabase = LocalServer & { publishableKey: string; secretKey: string };

const PUBLISHABLE_KEY = "sb_publishable_local_development_only";
const SECRET_KEY = "sb_secret_local_development_only";

/**
 * Serves a database as a Supabase project on loopback: what supabase-js talks to, without Docker.
 *
 * @param folder for Storage's files; a temporary one if none is given
 * @param storageHeaders whether Storage's policies see a request's headers, without which they know no app's secret
 */
export async function startSupabase(
  database: LocalDatabase,
  folder?: string,
  { storageHeaders = false } = {},
): Promise<LocalSupabase> {
  process.env.DO_NOT_TRACK = "1";
  setExperimental("storage", true);
  const temporary = folder === undefined ? await mkdtemp(join(tmpdir(), "storage-")) : null;
  const app = new App({
    connection: database.connection,
    auth: { enabled: true, publishable_key: PUBLISHABLE_KEY, secret_key: SECRET_KEY },
    storage: { enabled: true },
  });
  app._storageAdapter = folderStorage(folder ?? temporary ?? "");
  await app.init();
  const within = storageHeaders
    ? handHeadersOn(database.connection)
    : <Answer>(_: Request, answer: () => Answer) => answer();
  const server = await serve((request, peerAddress) => {
    const lite = (passed: Request) => within(passed, () => app.fetch(passed, { peerAddress }));
    return withAuthAdmin(database, SECRET_KEY, likeHostedStorage(lite))(request);
  });
  return {
    ...server,
    publishableKey: PUBLISHABLE_KEY,
    secretKey: SECRET_KEY,
    close: async () => {
      await server.close();
      if (temporary) await rm(temporary, { recursive: true, force: true });
    },
  };
}

/**
 * Makes an account of Supabase Auth, and a colleague of it: on a real project the operator does it as the README says.
 */
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
