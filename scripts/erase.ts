// Removes a customer's data from the project that SUPABASE_URL and SUPABASE_KEY name: npm run erase -- +393331234567
import { type Config, readConfig } from "../lib/config.ts";
import { ConfigError } from "../lib/environment.ts";
import { checkFiles } from "../lib/health/check-files.ts";
import { toPhone } from "../lib/phone.ts";
import { eraseCustomer } from "../lib/supabase/access/erase-customer.ts";
import { eraseMentions } from "../lib/supabase/access/erase-mentions.ts";
import { finishErasure } from "../lib/supabase/access/finish-erasure.ts";
import { startErasure } from "../lib/supabase/access/start-erasure.ts";
import { bucket } from "../lib/supabase/bucket.ts";
import { type Supabase, supabase } from "../lib/supabase/client.ts";
import { readFlags, refuse } from "./flags.ts";

/** The database stops by itself after a second. */
const ROWS_A_CALL = 5_000;

/** Storage shows the app no files, so that none could be removed. */
class HiddenFiles extends Error {}

/** Each step can be repeated: if one is interrupted, the command is run again and goes on. */
async function erase(phoneNumber: string): Promise<void> {
  const config = readConfig();
  const client = supabase(config);
  const id = await startErasure(client, phoneNumber);
  const files = await eraseCustomer(client, id);
  await eraseAllMentions(client, id);
  // The files last: what names them stays in the database until they are gone.
  const removed = await removeFiles(config, files);
  const erased = await finishErasure(client, id);
  console.log(`Erased ${phoneNumber} from ${config.supabase.url}:
  ${erased.messages} messages and ${erased.conversations} conversations deleted
  ${removed} files deleted
  ${erased.calls} calls made anonymous
  ${erased.webhooks} stored webhooks emptied
What Wasender, CloudTalk and WhatsApp themselves keep is not reached from here.`);
}

async function eraseAllMentions(client: Supabase, id: number): Promise<void> {
  for (let looked = 0, told = 0; ; ) {
    const range = await eraseMentions(client, id, ROWS_A_CALL);
    if (range.done) return;
    looked += range.looked;
    if (looked - told < 100_000) continue;
    told = looked;
    console.log(`${looked} stored webhooks and calls looked through …`);
  }
}

async function removeFiles(
  config: Config,
  { folders, paths }: { folders: string[]; paths: string[] },
): Promise<number> {
  // With the public key, files that a policy hides look like none.
  const hidden = (await checkFiles(config)).find(({ status }) => status === "fail");
  if (hidden)
    throw new HiddenFiles(`${hidden.message}\n→ ${hidden.fix}\nThen run this again: the files are still there.`);
  const files = bucket(config);
  const listed = (await Promise.all(folders.map(files.list))).flat();
  return (await files.remove([...new Set([...paths, ...listed])])).length;
}

const USAGE = "npm run erase -- +393331234567             removes that customer's data";
const [given, ...more] = readFlags(USAGE, { allowPositionals: true }).positionals;
const { e164 } = toPhone(given);
if (e164 === null || more.length > 0) refuse(USAGE, "Which customer?");
try {
  await erase(e164);
} catch (error) {
  console.error(error instanceof ConfigError || error instanceof HiddenFiles ? error.message : error);
  process.exit(1);
}
