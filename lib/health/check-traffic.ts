import type { HealthReport } from "../supabase/health/health-report.ts";
import { checkRefused } from "./check-refused.ts";
import { ago, msSince } from "./duration-words.ts";
import { type Finding, fail, ok, warn } from "./finding.ts";

const STUCK_MS = 15 * 60_000;
const DAY_MS = 24 * 3_600_000;
const QUIET_MS = 7 * DAY_MS;

/** What comes in, what goes out, and who may watch it. */
export function checkTraffic(report: HealthReport): Finding[] {
  return [
    checkSender(report),
    checkQueue(report),
    checkWebhooks(report, "cloudtalk"),
    checkWebhooks(report, "wasender"),
    ...checkRefused(report),
    ...checkReplies(report),
    ...checkFiles(report),
    checkStaff(report),
  ];
}

function checkSender({ sender, now }: HealthReport): Finding {
  const since = ago(sender.paused_at, now);
  switch (sender.paused_reason) {
    case null:
      if (sender.restricted_at !== null) {
        return fail(
          "sending",
          `WhatsApp restricts the number, seen ${ago(sender.restricted_at, now)}: first contacts wait, replies go on. ${
            sender.restricted_until === null ? "One is tried now." : `One is tried at ${sender.restricted_until}.`
          }`,
          "Wait: do not scan the QR code again, do not send faster. The monitor's button resumes at once.",
        );
      }
      return ok(
        "sending",
        sender.last_sent_at === null
          ? "No message was sent yet."
          : `The last message was sent ${ago(sender.last_sent_at, now)}.`,
      );
    case "staff":
      return warn(
        "sending",
        `${sender.paused_message ?? "A colleague"} paused it ${since}.`,
        "In the monitor: resume sending.",
      );
    case "session":
      return fail(
        "sending",
        `Paused ${since}: WhatsApp is not connected (${sender.session ?? sender.paused_message ?? "unknown"}).`,
        "Wasender, Sessions, your session: connect, and scan the QR code with the phone. Sending then goes on by itself.",
      );
    default:
      return fail(
        "sending",
        `Paused ${since}: Wasender refuses us (${sender.paused_message ?? "without a reason"}).`,
        "Check WHATSAPP_API_TOKEN, WHATSAPP_API_URL and the subscription. Sending then goes on by itself.",
      );
  }
}

function checkQueue({ queue, sender, now }: HealthReport): Finding {
  if (queue.unknown > 0) {
    return warn(
      "queue",
      `It is unknown whether ${queue.unknown} messages were sent; ${queue.queued} wait.`,
      'In the monitor, filter "Da verificare": look at the phone, then send again or give up. WHATSAPP_PERSONAL_TOKEN and WHATSAPP_SESSION_ID settle most by themselves.',
    );
  }
  if (queue.queued === 0) return ok("queue", "Empty.");
  const oldest = ago(queue.oldest_at, now);
  if (
    sender.paused_at === null &&
    msSince(queue.due_at, now) > STUCK_MS &&
    msSince(sender.next_send_at, now) > STUCK_MS
  ) {
    return fail(
      "queue",
      `${queue.queued} messages wait, the oldest was queued ${oldest}, and nothing sends them.`,
      "Something must ring POST /api/outbox: see the clock. Vercel's log shows what it answered.",
    );
  }
  return msSince(queue.oldest_at, now) > DAY_MS
    ? warn(
        "queue",
        `${queue.queued} messages wait, the oldest was queued ${oldest}.`,
        "Wasender's trial allows 50 a day; a paid plan with WHATSAPP_MIN_INTERVAL_SECONDS=5 sends faster.",
      )
    : ok("queue", `${queue.queued} wait, the oldest was queued ${oldest}.`);
}

const SOURCES = {
  cloudtalk: {
    name: "CloudTalk's webhooks",
    missing:
      "CloudTalk, Workflow Automation: object Call, trigger Ended, action API Request (npm run setup prints it).",
    refused: "Compare the workflow's values with what npm run setup prints, then: npm run replay -- --invalid",
  },
  wasender: {
    name: "Wasender's webhooks",
    missing: "Wasender, Sessions, your session, Webhook: address, secret and events (npm run setup prints them).",
    refused: "Look at the row in webhook_requests; after a new version: npm run replay -- --invalid",
  },
};

function checkWebhooks({ webhooks, now }: HealthReport, source: "cloudtalk" | "wasender"): Finding {
  const { name, missing, refused: refusedFix } = SOURCES[source];
  const { last_at, day, refused } = webhooks[source];
  if (last_at === null) return warn(name, "None has ever come.", missing);
  if (refused !== null && refused.at === last_at) {
    return fail(
      name,
      `The last one (${ago(last_at, now)}) was refused: ${refused.detail ?? "not understood"}`,
      refusedFix,
    );
  }
  if (day.invalid > 0) {
    const detail = refused?.detail ? `, the last because: ${refused.detail}` : "";
    return warn(name, `${day.invalid} of the last 24 hours were refused${detail}`, refusedFix);
  }
  if (msSince(last_at, now) > QUIET_MS) return warn(name, `The last one came ${ago(last_at, now)}.`, missing);
  const { accepted, duplicate, ignored } = day;
  return ok(
    name,
    `The last one came ${ago(last_at, now)}; in 24 hours ${accepted} brought something new, ${duplicate} were repeats, ${ignored} were of no use.`,
  );
}

/** The events that bring a customer's message; each of the first two is enough. */
const INCOMING = ["messages.received", "messages.upsert", "messages-personal.received"] as const;

function checkReplies({ wasender_events, webhooks, sender, unresolved_lids, now }: HealthReport): Finding[] {
  const findings: Finding[] = [];
  const neverCame = INCOMING.every((event) => wasender_events[event] === null);
  // If no webhook has ever come, another finding says so.
  if (neverCame && webhooks.wasender.last_at !== null && isOlder(sender.first_sent_at, DAY_MS, now)) {
    findings.push(
      warn(
        "replies",
        `The first message was sent ${ago(sender.first_sent_at, now)}, and Wasender has never reported a reply: no messages.received or messages.upsert came.`,
        "Tick messages.received and messages.upsert in Wasender's webhook: Wasender, Sessions, your session, Webhook.",
      ),
    );
  }
  if (unresolved_lids > 0) {
    findings.push(
      warn(
        "numbers",
        `${unresolved_lids} ${unresolved_lids === 1 ? "sender has" : "senders have"} written without WhatsApp telling their number for over an hour. Until it does, a call that they have answered so is not marked.`,
        "The monitor shows them without a number. Wasender is asked again by itself, at least once a day; a message to them from the phone may reveal it sooner.",
      ),
    );
  }
  return findings;
}

const isOlder = (at: string | null, ms: number, now: string) => at !== null && msSince(at, now) > ms;

function checkFiles({ media_failed }: HealthReport): Finding[] {
  return media_failed > 0
    ? [
        warn(
          "files",
          `${media_failed} files of the last 24 hours could not be fetched.`,
          "The monitor marks their messages: ask those customers to send them again.",
        ),
      ]
    : [];
}

function checkStaff({ staff }: HealthReport): Finding {
  return staff === 0
    ? warn(
        "staff",
        "Nobody can sign in to the monitor.",
        "npm run staff -- add anna@example.com Anna. It needs the project's secret key; without it, see the README (Deploy, Colleagues).",
      )
    : ok("staff", `${staff} ${staff === 1 ? "colleague" : "colleagues"} may sign in to the monitor.`);
}
