// npm run dev: the local world in one process. Each part that is not set in the environment is embedded.
import { join } from "node:path";
import { readConfig } from "../lib/config.ts";
import { ConfigError } from "../lib/environment.ts";
import { rpc, supabase } from "../lib/supabase/client.ts";
import { readFeed } from "../lib/supabase/monitor/read-feed.ts";
import { isThisMachine } from "../lib/this-machine.ts";
import { type LocalRoutes, startApp } from "./app.ts";
import { provideBackground } from "./background.ts";
import { startClock } from "./clock.ts";
import { endCall } from "./cloudtalk.ts";
import { embedSupabase, embedWasender, firstSecret, isSet, StartError } from "./embedded.ts";
import { sandboxRoutes } from "./sandbox-routes.ts";

const CLOCK_MS = 5_000;
const SETTLE_MS = 1_500;
const STOP_MS = 3_000;

/** What was started, to be stopped in the opposite order. */
const started: (() => Promise<void>)[] = [];
let stopping = false;

async function start(): Promise<void> {
  // Endpoints whose secret is not set are open to this machine, which alone can reach this server.
  process.env.LOCAL_DEVELOPMENT = "true";
  const port = Number(process.env.PORT?.trim() || 3000);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new StartError("PORT must be a number up to 65535.");
  const background = provideBackground();
  const routes = Promise.withResolvers<LocalRoutes>();
  // First of all, so that a port that is taken is known before anything else starts.
  const app = await startApp(port, routes.promise).catch((error: unknown) => {
    if (error instanceof Error && "code" in error && error.code === "EADDRINUSE") {
      throw new StartError(`Port ${port} is taken. Stop what uses it, or choose another: PORT=${port + 1} npm run dev`);
    }
    throw error;
  });

  const dataDir = process.env.DATA_DIR?.trim() || ".data";
  const supabaseUrl = process.env.SUPABASE_URL?.trim();
  if (
    supabaseUrl &&
    !isSet("WHATSAPP_API_URL") &&
    !(URL.canParse(supabaseUrl) && isThisMachine(new URL(supabaseUrl).hostname))
  ) {
    throw new StartError(
      `SUPABASE_URL is set and WHATSAPP_API_URL is not: the sandbox would be given what waits in ${supabaseUrl}, and mark it as sent. Set WHATSAPP_API_URL=https://www.wasenderapi.com/api if messages are to go to customers, or leave SUPABASE_URL out to try things.`,
    );
  }
  const local = supabaseUrl ? null : await embedSupabase(dataDir);
  if (local) started.push(local.close);
  const wasender = isSet("WHATSAPP_API_URL") ? null : await embedWasender(app.url);
  if (wasender) started.push(wasender.close);
  started.push(app.close);
  const config = readConfig();

  routes.resolve(
    sandboxRoutes(
      wasender,
      (simulated) => endCall(`${app.url}/webhook/cloudtalk`, firstSecret("CLOUDTALK_WEBHOOK_SECRET"), simulated),
      async () => (await readFeed(supabase(config), 1, null)).sender,
      () => ring(`${app.url}/api/outbox`),
    ),
  );
  started.push(() => background.settle(SETTLE_MS));
  const report = (problem: string) => console.warn(`The clock could not ring: ${problem}`);
  const clock = startClock(
    CLOCK_MS,
    async () => (await rpc(supabase(config), "outbox_due", {})) === true,
    () => ring(`${app.url}/api/outbox`),
    report,
  );
  started.push(async () => void clock.stop());
  const readers = startClock(
    CLOCK_MS,
    async () => (await rpc(supabase(config), "bills_due", {})) === true,
    () => ring(`${app.url}/api/read-bills`),
    report,
  );
  started.push(async () => void readers.stop());

  const home = `http://localhost:${app.port}`;
  const where = local ? `embedded, data in ${join(dataDir, "supabase")}` : `REAL, ${config.supabase.url}`;
  const whatsapp = wasender ? "embedded sandbox, nothing leaves this machine" : "REAL: messages go to customers";
  console.log(`
  Monitor     ${home}/monitor
  Sandbox     ${home}/sandbox   end a call, be the customer

${local ? `  Sign in     ${local.account.email} / ${local.account.password}\n` : ""}
  Supabase    ${where}
  Wasender    ${whatsapp}${config.wasender ? "" : "; WHATSAPP_API_TOKEN is not set, so messages wait"}
  Clock       every ${CLOCK_MS / 1000} s
${local?.aside ? `  Set aside   ${local.aside}: data of another version\n` : ""}${local?.migrations.length ? `  Migrations  ${local.migrations.length} applied\n` : ""}
Ready on ${home}
`);
}

async function ring(url: string): Promise<void> {
  const secret = firstSecret("CRON_SECRET");
  const response = await fetch(url, {
    method: "POST",
    headers: secret ? { authorization: `Bearer ${secret}` } : {},
  });
  if (!response.ok)
    throw new Error(`${new URL(url).pathname} answered ${response.status}: ${(await response.text()).slice(0, 200)}`);
  await response.body?.cancel();
}

async function stop(exitCode: number): Promise<void> {
  // A terminal's Ctrl-C reaches this process twice: from the terminal, and from npm.
  if (stopping) return;
  stopping = true;
  setTimeout(() => process.exit(exitCode || 1), STOP_MS).unref();
  for (const close of started.reverse()) {
    await close().catch((error: unknown) => console.error("While stopping:", error));
  }
  if (exitCode === 0) console.log("Stopped.");
  process.exit(exitCode);
}

process.on("SIGINT", () => void stop(0));
process.on("SIGTERM", () => void stop(0));
// A signal to npm alone ends npm and its shell, and leaves this process behind.
const parent = process.ppid;
if (process.env.npm_lifecycle_event === "dev") {
  setInterval(() => process.ppid !== parent && void stop(0), 1_000).unref();
}
try {
  await start();
} catch (error) {
  console.error(error instanceof StartError || error instanceof ConfigError ? error.message : error);
  await stop(1);
}
