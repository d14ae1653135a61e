// npm run replay -- <webhook id> | --invalid | --since <ISO> [--apply]
//
// Runs stored webhooks through today's parsers. Without --apply it only shows what it would do. A call that is older
// than RECONCILE_ASK_WITHIN_HOURS gets no message, whatever is learned of it now.
import { type Config, readConfig } from "../lib/config.ts";
import { ConfigError } from "../lib/environment.ts";
import { inWords } from "../lib/health/duration-words.ts";
import { maskPhone } from "../lib/log.ts";
import { apply } from "../lib/replay/apply.ts";
import { type Reparsed, reparse } from "../lib/replay/reparse.ts";
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
function summary(parsed: Reparsed, webhook: StoredWebhook, { ask }: Config): string {
  switch (parsed.kind) {
    case "call": {
      const { call } = parsed;
      const times = [call.call_end_time ?? call.call_start_time, webhook.at].flatMap((at) =>
        at ? Date.parse(at) : [],
      );
      const age = Date.now() - Math.min(...times);
      const talked = call.talked === null ? "perhaps talked" : call.talked ? "talked" : "nobody talked";
      const asks = age > ask.lateWithinHours * 3_600_000 ? "too old for a new message" : "may get its message";
      return `call with ${call.phone_number === null ? "no number" : maskPhone(call.phone_number)}, ${talked}, ${inWords(age)} ago: ${asks}`;
    }
    case "events":
      return parsed.events
        .map((event) => {
          const number = "phone_number" in event ? event.phone_number : undefined;
          const who = number === null ? "an unknown number" : number && maskPhone(number);
          return [event.kind, "status" in event ? event.status : null, who].filter(Boolean).join(" ");
        })
        .join(", ");
    default:
      return `${parsed.kind}: ${parsed.why}`;
  }
}

/** Records one, and prints what became of it. False if the database refused it; the others go on. */
async function record(config: Config, webhook: StoredWebhook, parsed: Reparsed): Promise<boolean> {
  try {
    const done = await apply(config, webhook, parsed);
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
    const parsed = await reparse(webhook);
    const line = `#${webhook.id}  ${webhook.at.slice(0, 16).replace("T", " ")}  ${webhook.source}, was ${webhook.outcome}`;
    console.log(`${line}\n    ${summary(parsed, webhook, config)}`);
    if (applying && !(await record(config, webhook, parsed))) counts.refused++;
    else if (parsed.kind === "call" || parsed.kind === "events") counts.usable++;
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
