import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createWorld, type World } from "../helpers/world.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

/** The drawing in DEVELOPER.md. */
const DRAWN: Record<string, string[]> = {
  // What staff had sent again, or cancelled, turns out to have arrived.
  queued: ["sending", "cancelled", "sent", "delivered", "read"],
  sending: ["sent", "delivered", "read", "queued", "failed", "unknown"],
  unknown: ["sent", "delivered", "read", "queued", "cancelled", "failed"],
  sent: ["delivered", "read", "failed"],
  delivered: ["read"],
  read: [],
  // By staff's retry; or a report of failure that was wrong.
  failed: ["queued", "delivered", "read"],
  cancelled: ["sent", "delivered", "read"],
};

const PHONE = "+393330000001";
const quoted = (value: object) => `'${JSON.stringify(value)}'::jsonb`;
const webhook = (event: object) =>
  `select public.record_wasender_webhook('{"source":"wasender","method":"POST","path":"/","url":"/"}', ${quoted([event])})`;
const settle = (outcome: string, detail: object, started = true) =>
  `select public.settle_message(lease_token, '${outcome}', 0, ${quoted(detail)}, ${started ? 1 : "null"}) from public.whatsapp_messages where lease_token is not null`;
const act = (action: string) => `select public.act_on_message('${action}', id) from public.whatsapp_messages`;
const status = (value: string) =>
  webhook({ kind: "status", whatsapp_id: "W", wasender_id: "1", status: value, error: "x" });

const EVENTS: Record<string, string> = {
  claim:
    "update public.whatsapp_messages set due_at = now() where status = 'queued'; update public.whatsapp_sender set next_send_at = now(); select public.claim_message(0, 1000, 60000, 'f')",
  "lease runs out":
    "update public.whatsapp_messages set lease_until = now() - interval '1 second' where status = 'sending'; select public.claim_message(0, 1000, 60000, 'f')",
  "settle sent": settle("sent", { http_status: 200, wasender_id: "1" }),
  "settle refused": settle("refused", { detail: "no" }),
  "settle rate limited": settle("rate_limited", { detail: "wait", hold_ms: 0 }),
  "settle paused": settle("paused", { detail: "key", pause_reason: "configuration" }),
  "settle not sent": settle("not_sent", { detail: "net", max_attempts: 3, retry_ms: 0 }),
  "settle given back": settle("not_sent", { detail: "slow", max_attempts: 99, retry_ms: 0 }, false),
  "settle unknown": settle("unknown", { detail: "reset" }),
  sent: status("sent"),
  delivered: status("delivered"),
  read: status("read"),
  failed: status("failed"),
  "failed by number": webhook({ kind: "send_failed", phone_number: PHONE, error: "x" }),
  echo: webhook({
    kind: "outgoing",
    whatsapp_id: "W",
    wasender_id: null,
    status: "sent",
    phone_number: PHONE,
    lid: null,
    type: "text",
    text: "Ciao",
    media: null,
  }),
  "message.sent": webhook({
    kind: "outgoing",
    whatsapp_id: "W",
    wasender_id: "1",
    status: "sent",
    phone_number: PHONE,
    lid: null,
    type: "text",
    text: "Ciao",
    media: null,
  }),
  log: `select public.record_log(${quoted([{ wasender_id: "1", phone_number: PHONE, text: "Ciao", status: "sent", error: null, created_at: new Date().toISOString() }])})`,
  "info joins": "select public.record_message_info('1', 'W', 'sent')",
  retry: act("retry"),
  resend: act("resend"),
  "give up": act("give_up"),
  cancel: act("cancel"),
  resume: "select public.act_on_sender('resume')",
  connected: webhook({ kind: "session", status: "connected" }),
  "need scan": webhook({ kind: "session", status: "need_scan" }),
};

it("whatever happens, in whatever order, a message's state moves only as drawn", async () => {
  await world.database.exec(`
    create table public.transitions (id bigint generated always as identity, from_status text, to_status text);
    create function public.note_transition() returns trigger language plpgsql as $$
      begin insert into public.transitions (from_status, to_status) values (old.status, new.status); return new; end $$;
    create trigger note_transition after update of status on public.whatsapp_messages
      for each row when (old.status is distinct from new.status and old.kind = 'reply') execute function public.note_transition();`);
  const seen = new Set<string>();
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom(...Object.keys(EVENTS)), { minLength: 5, maxLength: 25 }),
      async (names) => {
        await world.reset();
        await world.query("truncate public.transitions");
        await world.query(
          `insert into public.whatsapp_messages (direction, kind, status, phone_number, text, due_at)
         values ('outgoing', 'reply', 'queued', '${PHONE}', 'Ciao', now())`,
        );
        for (const name of ["claim", ...names]) await world.database.exec(EVENTS[name] ?? "");
        const moves = await world.query<{ from_status: string; to_status: string }>(
          "select from_status, to_status from public.transitions order by id",
        );
        for (const { from_status, to_status } of moves) {
          seen.add(`${from_status} → ${to_status}`);
          expect(DRAWN[from_status], `${from_status} → ${to_status}`).toContain(to_status);
        }
      },
    ),
    {
      numRuns: 60,
      // Chance alone need not come by these.
      examples: [[["settle sent", "delivered", "read"]], [["settle unknown", "resend"]], [["lease runs out", "echo"]]],
    },
  );
  // The walk went somewhere.
  for (const move of [
    "queued → sending",
    "sending → sent",
    "sending → unknown",
    "unknown → queued",
    "sent → delivered",
    "delivered → read",
  ]) {
    expect(seen).toContain(move);
  }
}, 120_000);
