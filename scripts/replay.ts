// npm run replay -- <webhook id> | --invalid | --since <ISO> [--apply]
//
// Runs stored webhooks through today's parsers. Without --apply it only shows what it would do. A call that is older
// than RECONCILE_ASK_WITHIN_HOURS gets no message, whatever is learned of it now.
import { type Config, ConfigError, readConfig } from "../lib/config.ts";
import { inWords } from "../lib/health/ago.ts";
import { maskPhone } from "../lib/phone.ts";
import { apply } from "../lib/replay/apply.ts";
import { type ReadAnew, readAnew } from "../lib/replay/read-anew.ts";
import { supabase } from "../lib/supabase/client.ts";
import { DatabaseError } from "../lib/supabase/database-error.ts";
import { readWebhooks, type StoredWebhook, type WebhookFilter } from "../lib/supabase/replay/read-webhooks.ts";
import { readFlags, refuse } from "./flags.ts";

const USAGE = `npm run replay -- <webhook id>            one stored webhook
npm run replay -- --invalid               all that were not understood
npm run replay -- --since <ISO time>      all that came since then (with --invalid: of those)
Add --apply to record what is shown.`;

function readArguments(): { filter: WebhookFilter; applying: boolean } {
  const { values, positionals } = readFlags(USAGE, {
    allowPositionals: true,
    options: { invalid: { type: "boolean" }, since: { type: "string" }, apply: { type: "boolean" } },
  });
  const { invalid, since, apply: applying = false } = values;
  const [id, ...more] = positionals;
  if (id !== undefined) {
    if (!/^\d{1,15}$/.test(id)) refuse(USAGE, `A stored webhook has a number, not ${id}.`);
    if (more.length > 0 || invalid || since) refuse(USAGE, "One webhook by its number, or several by what they are.");
    return { filter: { id: Number(id) }, applying };
  }
  if (since !== undefined && Number.isNaN(Date.parse(since))) {
    refuse(USAGE, `--since is a time like 2026-11-22T08:00:00Z, not ${since}.`);
  }
  if (!invalid && since === undefined) refuse(USAGE, "Which webhooks?");
  return {
    filter: { ...(invalid ? { outcome: "invalid" } : {}), ...(since ? { since: new Date(since).toISOString() } : {}) },
    applying,
  };
}

/** What would be recorded; numbers masked, no texts. */
function summary(read: ReadAnew, webhook: StoredWebhook, { ask }: Config): string {
  switch (read.kind) {
    case "call": {
      const { call } = read;
      const times = [call.call_end_time ?? call.call_start_time, webhook.at].flatMap((at) =>
        at ? Date.parse(at) : [],
      );
      const age = Date.now() - Math.min(...times);
      const talked = call.talked === null ? "perhaps talked" : call.talked ? "talked" : "nobody talked";
      const asks = age > ask.lateWithinHours * 3_600_000 ? "too old for a new message" : "may get its message";
      return `call with ${maskPhone(call.phone_number) ?? "no number"}, ${talked}, ${inWords(age)} ago: ${asks}`;
    }
    case "events":
      return read.events
        .map((event) => {
          const who = "phone_number" in event ? (maskPhone(event.phone_number) ?? "an unknown number") : null;
          return [event.kind, "status" in event ? event.status : null, who].filter(Boolean).join(" ");
        })
        .join(", ");
    default:
      return `${read.kind}: ${read.why}`;
  }
}

/** Records one, and says what became of it. False where the database did not take it: the others are still to come. */
async function record(config: Config, webhook: StoredWebhook, read: ReadAnew): Promise<boolean> {
  try {
    const done = await apply(config, webhook, read);
    if (done !== null) console.log(`    → ${done}`);
    return true;
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    console.log(`    → not recorded: ${error.message}`);
    return false;
  }
}

try {
  const { filter, applying } = readArguments();
  const config = readConfig();
  const counts = { read: 0, usable: 0, refused: 0 };
  for await (const webhook of readWebhooks(supabase(config), filter)) {
    counts.read++;
    const read = await readAnew(webhook);
    const line = `#${webhook.id}  ${webhook.at.slice(0, 16).replace("T", " ")}  ${webhook.source}, was ${webhook.outcome}`;
    console.log(`${line}\n    ${summary(read, webhook, config)}`);
    if (applying && !(await record(config, webhook, read))) counts.refused++;
    else if (read.kind === "call" || read.kind === "events") counts.usable++;
  }
  if (counts.read === 0) console.log("No such webhook is stored.");
  else if (applying) {
    const refused = counts.refused > 0 ? `; ${counts.refused} could not be: see above` : "";
    console.log(`\n${counts.usable} of ${counts.read} recorded${refused}.`);
  } else console.log(`\nNothing was changed: ${counts.usable} of ${counts.read} could be recorded, with --apply.`);
  if (counts.refused > 0) process.exitCode = 1;
  if (counts.read === 0 && "id" in filter) process.exitCode = 1;
} catch (error) {
  const known = error instanceof ConfigError || error instanceof DatabaseError;
  console.error(known ? error.message : error);
  process.exitCode = 2;
}
