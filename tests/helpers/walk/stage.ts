import type { Session } from "../session.ts";
import { call, claim, echo, ended, incoming, settle, state, webhook } from "../surface.ts";
import { erase } from "./erase.ts";
import { newPerson, type Person } from "./person.ts";
import type { By, Step } from "./step.ts";

/** An attempt to send as Wasender knows it: what it took has an id there (w) and one at WhatsApp (W). */
export type Sent = {
  message: number;
  token: string;
  person: Person;
  phone: string;
  text: string;
  accepted: boolean;
  outcome: string;
  at: string;
  w: string;
  W: string;
};

/** Those to whom everything happens, and what the database does not know of it. */
export type Stage = {
  people: Person[];
  sent: Sent[];
  files: { message: number; token: string }[];
  /** When a call was first recorded, and when a message was: the number of the list of steps. */
  heard: Map<string, number>;
  now: number;
  /** When the calls of each customer began; one of them never says. */
  calls: (string | null)[];
  erasing: Promise<void>;
};

const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();

export const newStage = (): Stage => ({
  people: [newPerson(), newPerson(), newPerson()],
  sent: [],
  files: [],
  heard: new Map(),
  now: 0,
  calls: [ago(300), null, ago(5)],
  erasing: Promise.resolve(),
});

const TAKEN = ["sent", "sent", "sent", "unknown"];
const NOT_TAKEN = ["rate_limited", "paused", "not_sent", "given back", "refused", "unknown"];

const pick = <Item>(list: Item[], at: number): Item | undefined => list[at % Math.max(1, list.length)];
/** Whose a message is does not change, only what its events say of it: one of a customer's messages is from another number. */
const partyOf = ({ phones, lid }: Person, { nth, by }: { nth: number; by: By }) => {
  if (nth === 1) return { phone: phones.second };
  return { ...(by === "lid" ? {} : { phone: phones.first }), ...(by === "lid" || by === "both" ? { lid } : {}) };
};
/** The newest message of ours in this state. */
const messageIn = (status: string, at: number) =>
  `(select id from public.whatsapp_messages where direction = 'outgoing' and status = '${status}' order by id desc offset ${at % 3} limit 1)`;
const customerOf = ({ phones, lid }: Person) =>
  `(select max(conversation_id) from public.conversation_numbers where address in ('${phones.first}', '${lid}'))`;
const FROM = { retry: "failed", resend: "unknown", give_up: "unknown", cancel: "queued" };
const ON_CUSTOMER = { see: "seen", mark: "bill_set", unmark: "bill_unset" } as const;

/** Makes a step happen, on its own connection. One for which there is nothing yet does not. */
export async function perform(stage: Stage, session: Session, step: Step): Promise<void> {
  const person = stage.people["person" in step ? step.person : 0];
  if (!person) throw new Error("nobody");
  const sent = "at" in step ? pick(stage.sent, step.at) : undefined;
  const known = sent?.accepted ? sent : undefined;
  const hear = (id: string) => stage.heard.set(id, stage.heard.get(id) ?? stage.now);
  switch (step.do) {
    case "call": {
      const id = `${person.n}0${step.nth}`;
      await session.run(
        ended(
          {
            ...(step.ids === "id" ? {} : { call_uuid: `call-${id}` }),
            ...(step.ids === "uuid" ? {} : { call_id: id }),
            ...(step.from === "nowhere" ? {} : { phone_number: person.phones[step.from], contact_name: person.name }),
            call_start_time: stage.calls[step.nth] ?? null,
            talked: step.talked,
            stated_should_send: step.ask,
            electricity_bill_received: step.bill,
            transcript: step.from === "nowhere" ? null : person.words,
          },
          { text: `Buongiorno, le bollette? ${person.words}` },
        ),
      );
      if (step.from !== "nowhere") hear(step.ids === "id" ? id : `call-${id}`);
      return;
    }
    case "write": {
      const media = { url: "https://mmg.whatsapp.net/x", mediaKey: "k" };
      const at = ago(step.minutesAgo);
      const more = { message_at: at, objection: step.objection, ...(step.photo ? { type: "image", media } : {}) };
      await session.run(webhook(written(person, step, more)));
      hear(`in-${person.n}-${step.nth}`);
      return;
    }
    case "replay history":
      // WhatsApp hands over many chats at once, in any order.
      await session.run(
        webhook(...step.of.map((one) => written(stage.people[one.person] ?? person, one, { message_at: ago(1000) }))),
      );
      return;
    case "type on the phone": {
      const text = `A mano ${step.nth} ${person.words}`;
      await session.run(webhook(echo(`out-${person.n}-${step.nth}`, partyOf(person, step), text)));
      return;
    }
    case "claim": {
      const [row] = await session.run<{ answer: { message?: Claimed } }>(claim());
      const message = row?.answer.message;
      if (!message) return;
      const n = stage.sent.length;
      const to = stage.people.find(({ phones }) => Object.values(phones).includes(message.phone_number));
      stage.sent.push({
        message: message.id,
        token: message.lease_token,
        person: to ?? person,
        phone: message.phone_number,
        text: message.text,
        accepted: step.accepted,
        outcome: pick(step.accepted ? TAKEN : NOT_TAKEN, step.outcome) ?? "unknown",
        at: ago(0),
        w: `${message.id}000${n}`,
        W: `W-${message.id}-${n}`,
      });
      return;
    }
    case "settle":
      if (sent) await session.run(settled(sent));
      return;
    case "echo":
      if (known) {
        const more = { message_at: known.at, ...(step.bothIds ? { wasender_id: known.w } : {}) };
        await session.run(webhook(echo(known.W, echoParty(known, step.by), known.text, more)));
      }
      return;
    case "state":
      if (known) {
        const W = step.ids === "wasender" ? null : known.W;
        await session.run(webhook(state(step.status, W, step.ids === "whatsapp" ? null : known.w)));
      }
      return;
    case "tell ids":
      if (known) await session.run(toldIds(known));
      return;
    case "read log":
      if (known) await session.run(logged(known));
      return;
    case "fail by number":
      await session.run(webhook({ kind: "send_failed", phone_number: person.phones.first, error: "Failed" }));
      return;
    case "tell number":
      if (step.second) person.moved = true;
      await session.run(
        call("record_lid", { p_lid: person.lid, p_phone_number: person.phones[step.second ? "second" : "first"] }),
      );
      return;
    case "die":
      // Whoever is at work on one of them is alive.
      await session.run(
        `update public.whatsapp_messages set lease_until = now() - interval '1 second' where id in (
           select id from public.whatsapp_messages where status = 'sending' for update skip locked)`,
      );
      return;
    case "decide":
      await session.run(`select public.act_on_message('${step.action}', ${messageIn(FROM[step.action], step.at)})`);
      return;
    case "reply":
      await session.run(
        `select public.act_on_conversation('reply', ${customerOf(person)}, 'Grazie ${person.words}', gen_random_uuid())`,
      );
      return;
    case "see":
    case "mark":
    case "unmark":
      await session.run(`select public.act_on_conversation('${ON_CUSTOMER[step.do]}', ${customerOf(person)})`);
      return;
    case "pause":
    case "resume":
      await session.run(call("act_on_sender", { p_action: step.do }));
      return;
    case "probe":
      await session.run(call("record_probe", { p_session_status: "connected" }));
      return;
    case "chores":
      await session.run(call("claim_chores", { p_limit: 3 }));
      return;
    case "session":
      await session.run(webhook({ kind: "session", status: step.status }));
      return;
    case "fetch": {
      const [row] = await session.run<{ answer: { message: { id: number; lease_token: string } | null } }>(
        call("claim_media", { p_lease_ms: 60_000, p_max_attempts: 5 }),
      );
      if (row?.answer.message)
        stage.files.push({ message: row.answer.message.id, token: row.answer.message.lease_token });
      return;
    }
    case "store": {
      const file = pick(stage.files, step.at);
      if (!file) return;
      const done = { path: `f/${file.token}`, mime_type: "image/jpeg", size: 1 };
      await session.run(
        call("settle_media", {
          p_message_id: file.message,
          p_lease_token: file.token,
          p_outcome: step.outcome,
          p_detail: step.outcome === "stored" ? done : { reason: "expired", retry_ms: 0, max_attempts: 5 },
        }),
      );
      return;
    }
    case "forget": {
      const ids = stage.files.filter((_, n) => (n + step.at) % 2 === 0).map(({ message }) => message);
      await session.run(call("forget_media", { p_message_ids: ids }));
      return;
    }
    case "objection":
      await session.run(`select public.act_on_objection(${customerOf(person)}, ${step.objects}, '${person.words}')`);
      return;
    case "erase":
      // By one operator: the steps of an erasure are not those of another.
      stage.erasing = stage.erasing.then(() => erase(session, person.phones.first));
      await stage.erasing;
  }
}

const written = (person: Person, what: { nth: number; by: By }, more: object) =>
  incoming(`in-${person.n}-${what.nth}`, partyOf(person, what), {
    contact_name: person.name,
    text: person.words,
    ...more,
  });

type Claimed = { id: number; lease_token: string; phone_number: string; text: string };

/** An echo names whom the message went to, in one way or another. The LID is the first number's. */
const echoParty = ({ person, phone }: Sent, by: By) =>
  partyOf(person, { nth: phone === person.phones.second ? 1 : 0, by });

/** What the sender says of an attempt, however late, and however often. */
export function settled({ token, outcome, w }: Sent): string {
  if (outcome === "given back") return settle(token, "not_sent", { max_attempts: 99, retry_ms: 0 }, false);
  return settle(token, outcome, {
    ...(outcome === "sent" ? { wasender_id: w } : {}),
    ...(outcome === "paused" ? { pause_reason: "configuration", code: "key_refused", fingerprint: "key" } : {}),
    ...(outcome === "not_sent" ? { max_attempts: 3, retry_ms: 0 } : {}),
  });
}
export const toldIds = ({ w, W }: Sent): string =>
  call("record_message_info", { p_wasender_id: w, p_whatsapp_id: W, p_status: "sent" });
const logged = ({ w, phone, text, at }: Sent): string =>
  call("record_log", {
    p_entries: [{ wasender_id: w, phone_number: phone, text, status: "sent", error: null, created_at: at }],
  });
