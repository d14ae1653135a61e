import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { lockData } from "./data-lock.ts";
import { migrate, openDatabase } from "./database.ts";
import { goesOn, setAside } from "./set-aside.ts";
import { addStaff, startSupabase } from "./supabase.ts";
import { standInForCdn } from "./wasender/cdn.ts";
import { createWasenderSandbox, type WasenderSandbox } from "./wasender/sandbox.ts";

/** What keeps the local world from starting, in words for the person who started it. */
export class StartError extends Error {}

/** A blank variable is how .env files write "not set". */
export const isSet = (name: string): boolean => Boolean(process.env[name]?.trim());

/** Several secrets may be accepted, so that one can be rotated; the local callers use the first. */
export const firstSecret = (name: string): string | null => process.env[name]?.split(",")[0]?.trim() || null;

/** Who signs in to the local monitor. */
const ACCOUNT = { email: "anna@example.com", password: "bollette-in-arrivo", name: "Anna" };

/** Supabase on PGlite, its data in a folder, and the variables that lead the app there and let it send at any time. */
export async function embedSupabase(dataDir: string): Promise<{
  migrations: string[];
  /** The folder to which data of another version's tables was moved, if there was such data. */
  aside: string | null;
  account: { email: string; password: string };
  close: () => Promise<void>;
}> {
  await mkdir(dataDir, { recursive: true });
  const lock = await lockData(dataDir);
  if (!lock) {
    throw new StartError(
      `${dataDir} is in use by another npm run dev. Stop that one, or set DATA_DIR to another folder.`,
    );
  }
  try {
    const folder = join(dataDir, "supabase");
    let database = await openDatabase(folder);
    let aside: string | null = null;
    if (!(await goesOn(database))) {
      await database.close();
      aside = await setAside(dataDir);
      database = await openDatabase(folder);
    }
    const migrations = await migrate(database);
    const supabase = await startSupabase(database, join(dataDir, "storage"));
    const [staff] = await database.query<{ n: number }>("select count(*)::int as n from public.staff");
    if (staff?.n === 0) await addStaff(database, supabase, ACCOUNT);
    process.env.SUPABASE_URL = supabase.url;
    process.env.SUPABASE_KEY = supabase.secretKey;
    // Whoever tries things in the evening wants to see messages go.
    if (!isSet("WHATSAPP_SEND_HOURS")) process.env.WHATSAPP_SEND_HOURS = "off";
    return {
      migrations,
      aside,
      account: ACCOUNT,
      close: async () => {
        await supabase.close();
        await database.close();
        await lock.release();
      },
    };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

/** A Wasender that calls the app back, and the variables that lead the app to it. */
export async function embedWasender(appUrl: string): Promise<WasenderSandbox> {
  const apiKey = process.env.WHATSAPP_API_TOKEN?.trim() || "local-development-session-key";
  const sandbox = await createWasenderSandbox({
    apiKey,
    webhookUrl: `${appUrl}/api/whatsapp-webhook`,
    webhookSecret: firstSecret("WHATSAPP_WEBHOOK_SECRET"),
    // Slow enough to be seen.
    webhookDelayMs: 500,
    // Wasender never gives an id twice, and the database outlives this process.
    firstMsgId: Date.now() - Date.UTC(2026, 0, 1),
  });
  standInForCdn(sandbox.cdn);
  process.env.WHATSAPP_API_URL = sandbox.url;
  process.env.WHATSAPP_API_TOKEN = apiKey;
  return sandbox;
}
