// Removes a customer's data from the project that SUPABASE_URL and SUPABASE_KEY name: npm run erase -- +393331234567
import { readConfig } from "../lib/config.ts";
import { ConfigError } from "../lib/environment.ts";
import { bucket } from "../lib/media/bucket.ts";
import { toPhone } from "../lib/phone.ts";
import { eraseCustomer } from "../lib/supabase/access/erase-customer.ts";
import { eraseWebhooks } from "../lib/supabase/access/erase-webhooks.ts";
import { finishErasure } from "../lib/supabase/access/finish-erasure.ts";
import { startErasure } from "../lib/supabase/access/start-erasure.ts";
import { supabase } from "../lib/supabase/client.ts";
import { readFlags, refuse } from "./flags.ts";

/** So many stored webhooks are looked through in a fraction of a second, far below hosted Supabase's three seconds. */
const WEBHOOKS_A_CALL = 5_000;

/** Each step can be repeated: if one is interrupted, the command is run again and goes on. */
async function erase(phoneNumber: string): Promise<void> {
  const config = readConfig();
  const client = supabase(config);
  const { id, webhooks } = await startErasure(client, phoneNumber);
  for (let scanned = 0; ; ) {
    const range = await eraseWebhooks(client, id, WEBHOOKS_A_CALL);
    if (range.done || range.scanned >= webhooks) break;
    if (Math.floor(range.scanned / 100_000) > Math.floor(scanned / 100_000)) {
      console.log(`${range.scanned} of ${webhooks} stored webhooks looked through …`);
    }
    scanned = range.scanned;
  }
  const erased = await eraseCustomer(client, id);
  // The files last: what names them stays in the database until they are gone.
  const files = bucket(config);
  const { folders, paths } = erased.files;
  const all = [...new Set([...paths, ...(await Promise.all(folders.map(files.list))).flat()])];
  const removed = new Set(await files.remove(all));
  const missing = all.filter((path) => !removed.has(path));
  await finishErasure(client, id);
  console.log(`Erased ${phoneNumber} from ${config.supabase.url}:
  ${erased.messages} messages and ${erased.conversations} conversations deleted
  ${removed.size} files deleted${missing.length > 0 ? `; not found in Storage, please look there: ${missing.join(", ")}` : ""}
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
