// A drain in a process of its own, for tests that kill it: prints a line when it has ended.

import { drainOutbox } from "../../lib/background/drain-outbox.ts";
import { readConfig } from "../../lib/config.ts";

const config = readConfig();
if (!config.wasender) throw new Error("WHATSAPP_API_TOKEN is not set");
console.log(JSON.stringify(await drainOutbox(config, config.wasender)));
