import type { HealthReport } from "../supabase/health/health-report.ts";
import { ago } from "./duration-words.ts";
import { type Finding, warn } from "./finding.ts";

const SOURCES = {
  cloudtalk: {
    sender: "CloudTalk",
    place: "The workflow's header Authorization is Bearer and CLOUDTALK_WEBHOOK_SECRET",
    several: "another workflow",
  },
  wasender: {
    sender: "Wasender",
    place: "The webhook's secret at Wasender (Sessions, your session, Webhook) is WHATSAPP_WEBHOOK_SECRET",
    several: "another session",
  },
};

/**
 * Did requests come to the webhooks' addresses without the secret? Anybody may send some, so this is never more than a
 * warning.
 */
export function checkRefused(report: HealthReport): Finding[] {
  return (["cloudtalk", "wasender"] as const).flatMap((source) => {
    const { sender, place, several } = SOURCES[source];
    const { last_at, unauthorized } = report.webhooks[source];
    if (unauthorized.last_at === null) return [];
    const many = unauthorized.count === 1 ? "1 request was" : `${unauthorized.count} requests were`;
    const words = `${many} refused since yesterday at the address of ${sender}'s webhooks, the last ${ago(unauthorized.last_at, report.now)}`;
    const othersCome = last_at !== null && Date.parse(last_at) > Date.parse(unauthorized.last_at);
    return [
      othersCome
        ? warn(
            `${sender}'s secret`,
            `${words}; others were let in since.`,
            `If ${several} sends an old secret: ${place} (npm run setup prints it). Else strangers knock, and there is nothing to do.`,
          )
        : warn(
            `${sender}'s secret`,
            `${words}, and none was let in since: the secret at ${sender} differs.`,
            `${place}: npm run setup prints it. After a change on Vercel, deploy again.`,
          ),
    ];
  });
}
