import { z } from "zod/v3";
import { serve } from "../dev/serve.ts";
import { type Child, startChild } from "./child.ts";
import type { Bench } from "./entry.ts";

const API_KEY = "session-key-of-the-bench";
const Url = z.object({ url: z.string() });

/**
 * The app as it is deployed, in front of the Supabase that the environment names: with a key for Wasender, so that
 * answers also start the sender.
 */
export async function useDeployedApp(bench: Bench): Promise<Child<{ url: string }>> {
  // Each of the two has to know the other's address.
  const port = await freePort();
  const webhooks = `http://127.0.0.1:${port}/api/whatsapp-webhook`;
  const wasender = bench.use(await startChild("wasender", Url, [API_KEY, webhooks]));
  return bench.use(
    await startChild("app", Url, [String(port)], {
      WHATSAPP_API_URL: wasender.ready.url,
      WHATSAPP_API_TOKEN: API_KEY,
      WHATSAPP_MIN_INTERVAL_SECONDS: "60",
    }),
  );
}

async function freePort(): Promise<number> {
  const server = await serve(() => new Response());
  await server.close();
  return server.port;
}
