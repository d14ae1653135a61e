// npm run bench [-- <name> …]: measures each item against its yardstick; see README.md.
import { fork } from "node:child_process";
import { once } from "node:events";
import { z } from "zod/v3";
import { Entry } from "./entry.ts";
import { ITEMS } from "./items.ts";
import { keep } from "./results.ts";
import { table } from "./table.ts";

const Message = z.union([z.object({ say: z.string() }), z.object({ entry: Entry })]);

/** Each in a process of its own: none warms up the next, or leaves it with its memory. */
async function measure(name: string): Promise<Entry> {
  const child = fork(new URL("item-process.ts", import.meta.url), [name], {
    // The handlers write a line for each request: it is discarded.
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    // The local Supabase says with each start that its Storage is not for production.
    process.stderr.write(text.replace(/^EXPERIMENTAL FEATURES ENABLED.*\n/gm, ""));
  });
  let entry: Entry | null = null;
  child.on("message", (received) => {
    const message = Message.parse(received);
    if ("entry" in message) entry = message.entry;
    else if (process.stderr.isTTY) process.stderr.write(`\x1b[2K\r  ${name}: ${message.say} …`);
  });
  const [code] = await once(child, "exit");
  if (process.stderr.isTTY) process.stderr.write("\x1b[2K\r");
  if (code !== 0 || entry === null) throw new Error(`${name} did not come to its end.`);
  return entry;
}

const asked = process.argv.slice(2);
const unknown = asked.find((name) => !(name in ITEMS));
if (unknown !== undefined) {
  console.error(`There is no item "${unknown}". There are: ${Object.keys(ITEMS).join(", ")}.`);
  process.exit(1);
}
for (const name of asked.length > 0 ? asked : Object.keys(ITEMS)) {
  try {
    const entry = await measure(name);
    await keep(name, entry);
    console.log(`\n${name}\n${table(entry)}`);
  } catch (error) {
    // The others can still be measured.
    console.error(`\n${name}: ${error instanceof Error ? error.message : error}`);
    process.exitCode = 1;
  }
}
