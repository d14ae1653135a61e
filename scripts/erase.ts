// Removes a customer's data from the project that SUPABASE_URL and SUPABASE_KEY name: npm run erase -- +393331234567
import { createClient } from "@supabase/supabase-js";
import { readConfig } from "../lib/config.ts";
import { ConfigError } from "../lib/environment.ts";
import { bucket } from "../lib/media/bucket.ts";
import { toPhone } from "../lib/phone.ts";
import { customerFiles } from "../lib/supabase/access/customer-files.ts";
import { eraseCustomer } from "../lib/supabase/access/erase-customer.ts";
import { appHeaders } from "../lib/supabase/client.ts";
import type { Database } from "../lib/supabase/database.types.ts";
import { readFlags, refuse } from "./flags.ts";

async function erase(phoneNumber: string): Promise<void> {
  const config = readConfig();
  // Without the app's time limit: all stored webhooks are searched.
  const { url, key } = config.supabase;
  const client = createClient<Database>(url, key, {
    auth: { persistSession: false },
    global: { headers: appHeaders(config) },
  });
  const files = bucket(config);
  const removed = new Set<string>();
  const missing = new Set<string>();
  const remove = async ({ folders, paths }: { folders: string[]; paths: string[] }) => {
    const all = [...new Set([...paths, ...(await Promise.all(folders.map(files.list))).flat()])];
    for (const path of await files.remove(all)) removed.add(path);
    for (const path of all) if (!removed.has(path)) missing.add(path);
  };
  // The files first: if Storage does not answer nothing has changed yet, and the command can simply be run again.
  await remove(await customerFiles(client, phoneNumber));
  const erased = await eraseCustomer(client, phoneNumber);
  // And what came in between.
  await remove(erased.files);
  console.log(`Erased ${phoneNumber} from ${url}:
  ${erased.messages} messages and ${erased.conversations} conversations deleted
  ${removed.size} files deleted${missing.size > 0 ? `; not found in Storage, please look there: ${[...missing].join(", ")}` : ""}
  ${erased.calls} calls made anonymous
  ${erased.webhooks} stored webhooks emptied
What Wasender, CloudTalk and WhatsApp themselves keep is not reached from here.`);
}

const USAGE = "npm run erase -- +393331234567             removes that customer's data";
const [given, ...more] = readFlags(USAGE, { allowPositionals: true }).positionals;
const { e164 } = toPhone(given);
if (e164 === null || more.length > 0) refuse(USAGE, "Which customer?");
try {
  await erase(e164);
} catch (error) {
  console.error(error instanceof ConfigError ? error.message : error);
  process.exit(1);
}
