// Runs one item and sends the results to the process that started this one: node item-process.ts <name>
import { cpus } from "node:os";
import type { Bench, Entry } from "./entry.ts";
import { ITEMS } from "./items.ts";

const open: (() => Promise<void>)[] = [];
const bench: Bench = {
  use: (resource) => {
    open.push(() => resource.close());
    return resource;
  },
  say: (what) => process.send?.({ say: what }),
};

async function closeAll(): Promise<void> {
  for (let close = open.pop(); close; close = open.pop()) await close();
}
let done = false;
process.once("disconnect", () => void (done || closeAll().finally(() => process.exit(1))));
// A terminal's Ctrl-C reaches this process as well as the one that started it, which then lets go of it.
process.on("SIGINT", () => undefined);

const load = ITEMS[process.argv[2] ?? ""];
if (!load) throw new Error(`There is no item ${process.argv[2]}.`);
try {
  const findings = await (await load())(bench);
  const processors = cpus();
  const entry: Entry = {
    date: new Date().toISOString(),
    machine: { node: process.version, cpu: processors[0]?.model.trim() ?? "", cores: processors.length },
    ...findings,
  };
  await new Promise((resolve) => process.send?.({ entry }, resolve));
} finally {
  await closeAll();
}
done = true;
process.exit();
