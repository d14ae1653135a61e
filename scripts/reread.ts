// npm run reread
//
// Queues again what an older version of the reader read, newest first, and nobody has confirmed. The clock has them read.
import { READER_VERSION } from "../lib/bills/bill.ts";
import { readConfig } from "../lib/config.ts";
import { ConfigError } from "../lib/environment.ts";
import { rereadBills } from "../lib/supabase/bills/reread-bills.ts";
import { supabase } from "../lib/supabase/client.ts";
import { DatabaseError } from "../lib/supabase/database-error.ts";
import { readFlags } from "./flags.ts";

try {
  readFlags("npm run reread", { options: {} });
  const count = await rereadBills(supabase(readConfig()), READER_VERSION);
  console.log(
    count === 0
      ? `Nothing was read by a version before ${READER_VERSION}, or all of it is confirmed.`
      : `${count === 1 ? "One file is" : `${count} files are`} read again by version ${READER_VERSION} as soon as the clock rings, newest first.`,
  );
} catch (error) {
  const known = error instanceof ConfigError || error instanceof DatabaseError;
  console.error(known ? error.message : error);
  process.exitCode = 2;
}
