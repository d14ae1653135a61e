import { z } from "zod/v3";
import { DEFAULT_SEND_HOURS } from "../lib/send-hours.ts";
import type { MonitorState } from "../lib/supabase/monitor/feed.ts";
import { isThisMachine } from "../lib/this-machine.ts";
import type { LocalRoutes } from "./app.ts";
import type { SimulatedCall, WebhookAnswer } from "./cloudtalk.ts";
import { setHours } from "./hours.ts";
import { staticFile } from "./static-file.ts";
import type { Phone } from "./wasender/phone.ts";
import type { WasenderSandbox } from "./wasender/sandbox.ts";
import { NO_TROUBLES, type Troubles } from "./wasender/troubles.ts";

const HERE = new URL(".", import.meta.url);
const PAGE = new URL("sandbox/", HERE);
const FILES = new URL("files/", HERE);

const number = z
  .string()
  .transform((text) => text.replace(/[\s().-]/g, "").replace(/^00/, "+"))
  // Without a prefix it is Italian.
  .transform((text) =>
    text.startsWith("+") ? text : text.startsWith("39") && text.length > 10 ? `+${text}` : `+39${text}`,
  )
  .refine((text) => /^\+\d{6,15}$/.test(text), "number: a telephone number");
const Call = z.object({
  number: number.or(z.literal("").transform(() => "+0")),
  name: z.string().trim().max(100).default(""),
  outcome: z.enum(["answered", "missed"]).default("answered"),
  withheld: z.boolean().default(false),
  twice: z.boolean().default(false),
});
const Reply = z.discriminatedUnion("type", [
  z.object({ number, name: z.string().optional(), type: z.literal("text"), text: z.string().trim().min(1).max(4000) }),
  z.object({
    number,
    name: z.string().optional(),
    type: z.enum(["photo", "pdf"]),
    text: z.string().max(1000).default(""),
  }),
]);
const Open = z.object({ number, open: z.boolean() });
const Session = z.object({ status: z.enum(["connected", "disconnected"]) });
const howMany = z.number().int().min(0).max(100);
const SomeTroubles = z.object({ restricted: howMany, undelivered: howMany, absent: z.array(number).max(100) });

/** What GET /sandbox/api/state answers. */
export type SandboxState = {
  /** WhatsApp is not the sandbox: calls send real messages. */
  real: boolean;
  session: string | null;
  troubles: Troubles;
  /** WHATSAPP_SEND_HOURS. */
  hours: string;
  phones: Phone[];
  sender: MonitorState["sender"];
};

/** /sandbox: a page to end calls and a customer's phone, and its JSON endpoints. `wasender` is null if it is real. */
export function sandboxRoutes(
  wasender: WasenderSandbox | null,
  endCall: (call: SimulatedCall) => Promise<WebhookAnswer[]>,
  sender: () => Promise<SandboxState["sender"]>,
  ring: () => Promise<void>,
): LocalRoutes {
  const actions: Record<string, (body: unknown, phone: WasenderSandbox) => Promise<unknown>> = {
    reply: async (body, phone) => {
      const { number: from, name, ...reply } = Reply.parse(body);
      return { message: await phone.reply(from, reply, name ? { name } : {}) };
    },
    open: async (body, phone) => {
      const { number: of, open } = Open.parse(body);
      phone.setOpen(of, open);
      return {};
    },
    session: async (body, phone) => {
      phone.setSession(Session.parse(body).status);
      return {};
    },
    troubles: async (body, phone) => {
      phone.setTroubles(SomeTroubles.parse({ ...phone.troubles(), ...Object(body) }));
      return {};
    },
  };

  const act = async (name: string, request: Request): Promise<Response> => {
    // Another website's page can post a form here, but no JSON.
    if (!request.headers.get("content-type")?.startsWith("application/json")) return refuse(415, "Send JSON.");
    const body: unknown = await request.json().catch(() => null);
    try {
      if (name === "calls") {
        const { number: to, ...call } = Call.parse(body);
        if (to === "+0" && !call.withheld) return refuse(400, "number: a telephone number");
        const webhooks = await endCall({ ...call, number: to, name: call.name || null });
        return Response.json({ success: true, webhooks });
      }
      if (name === "hours") {
        await setHours(body, ring);
        return Response.json({ success: true });
      }
      const action = actions[name];
      if (!action) return refuse(404, "There is nothing here.");
      if (!wasender) return refuse(409, "WHATSAPP_API_URL is set: WhatsApp is real here.");
      return Response.json({ success: true, ...Object(await action(body, wasender)) });
    } catch (error) {
      if (error instanceof z.ZodError) return refuse(400, error.issues[0]?.message ?? "Wrong input.");
      throw error;
    }
  };

  return async (request, path) => {
    if (path !== "/sandbox" && !path.startsWith("/sandbox/")) return null;
    // A name that leads here from outside (DNS rebinding) is not ours.
    if (!isThisMachine(new URL(request.url).hostname)) return refuse(421, "Use localhost.");
    const [, api] = /^\/sandbox\/api\/(\w+)$/.exec(path) ?? [];
    if (api === "state" && request.method === "GET") return Response.json(stateOf(wasender, await sender()));
    if (api && request.method === "POST") return act(api, request);
    if (request.method !== "GET" && request.method !== "HEAD") return refuse(405, "Use GET.");
    if (path.startsWith("/sandbox/files/")) return staticFile(FILES, path.slice("/sandbox/files".length));
    return staticFile(PAGE, path === "/sandbox" ? "/index.html" : path.slice("/sandbox".length));
  };
}

function stateOf(wasender: WasenderSandbox | null, sender: SandboxState["sender"]): SandboxState {
  const shared = { hours: process.env.WHATSAPP_SEND_HOURS ?? DEFAULT_SEND_HOURS, sender };
  if (!wasender) return { ...shared, real: true, session: null, troubles: NO_TROUBLES, phones: [] };
  const { session, troubles, phones } = wasender;
  return { ...shared, real: false, session: session(), troubles: troubles(), phones: [...phones.values()] };
}

function refuse(status: number, message: string): Response {
  return Response.json({ success: false, error: { message } }, { status });
}
