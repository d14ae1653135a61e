// A drain in a process of its own, for tests that kill it: prints a line when it has ended.
import { readConfig } from "../../lib/config.ts";
import { drain } from "../../lib/outbox/drain.ts";

const config = readConfig();
if (!config.wasender) throw new Error("WHATSAPP_API_TOKEN is not set");
console.log(JSON.stringify(await drain(config, config.wasender)));
