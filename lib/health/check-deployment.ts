import { z } from "zod/v3";
import { exchange } from "../exchange.ts";
import { type Finding, fail, ok } from "./finding.ts";

const Health = z.object({
  findings: z.array(
    z.object({
      check: z.string(),
      status: z.enum(["ok", "warn", "fail"]),
      message: z.string(),
      fix: z.string().nullable(),
    }),
  ),
});

const TIMEOUT_MS = 30_000;
/** Each answers GET with 405, if it is there at all. */
const PATHS = ["/webhook/cloudtalk", "/api/whatsapp-webhook", "/api/outbox", "/api/read-bills"];

/** A deployment as it is seen from outside; null if it does not answer at all. */
export async function checkDeployment(url: string, cronSecret: string): Promise<Finding[] | null> {
  const get = (path: string) =>
    exchange({ method: "GET", url: `${url}${path}`, authorization: `Bearer ${cronSecret}`, timeoutMs: TIMEOUT_MS });
  const reply = await get("/api/health");
  if (reply.kind === "no_reply") return null;
  const health = Health.safeParse(reply.body);
  if (health.success) return [...health.data.findings, await checkPaths(get, url)];
  if (typeof reply.body === "object" && reply.body !== null && "status" in reply.body) {
    return [
      fail(
        "CRON_SECRET",
        "The deployment does not accept this CRON_SECRET, so it says no more than that all is " +
          `${reply.status === 200 ? "well" : "not well"}.`,
        "Set the same CRON_SECRET here (.env.local) and on Vercel, and deploy again after a change there.",
      ),
    ];
  }
  if (reply.status === 401 || reply.status === 403 || (reply.status >= 300 && reply.status < 400)) {
    return [
      fail(
        "deployment",
        `${url} refuses every request (${reply.status}): neither webhooks nor the clock arrive.`,
        "Use the production domain; or switch Vercel, Settings, Deployment Protection, Vercel Authentication off.",
      ),
    ];
  }
  return [
    fail(
      "deployment",
      `${url}/api/health answered ${reply.status}, and not as this program does.`,
      "Is it the address of this project? Deploy with: npx vercel --prod",
    ),
  ];
}

async function checkPaths(get: (path: string) => ReturnType<typeof exchange>, url: string): Promise<Finding> {
  const answers = await Promise.all(PATHS.map(async (path) => ({ path, reply: await get(path) })));
  const wrong = answers.filter(({ reply }) => reply.kind === "no_reply" || reply.status !== 405);
  return wrong.length > 0
    ? fail(
        "addresses",
        `Not there: ${wrong.map(({ path, reply }) => `${path} (${reply.kind === "reply" ? reply.status : reply.cause})`).join(", ")}.`,
        "Deploy with vercel.json as it is in the repository: npx vercel --prod",
      )
    : ok("addresses", `The webhooks' addresses are there, under ${url}.`);
}
