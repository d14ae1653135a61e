import { z } from "zod/v3";
import type { ParsedWebhook } from "../parsed-webhook.ts";
import { CUSTOMER_NUMBER_NAMES, customerNumber } from "./customer-number.ts";
import { flatten } from "./flatten.ts";
import { toBoolean, toId, toInteger, toText, toTime } from "./values.ts";

const text = z.unknown().transform(toText);
const id = z.unknown().transform(toId);
const integer = z.unknown().transform(toInteger);
const boolean = z.unknown().transform(toBoolean);
const time = z.unknown().transform(toTime);

/**
 * What is read of a webhook: how, and the names under which it may come (CloudTalk's help centre and public receivers),
 * in snake case, the surest first. Fields have the column names of cloudtalk_calls, but for those that
 * {@link parseCloudtalkWebhook} uses up.
 */
const FIELDS = {
  call_uuid: { read: id, names: ["call_uuid", "uuid"] },
  call_id: { read: id, names: ["call_id", "id"] },
  event_type: { read: text, names: ["event_type", "event", "event_name", "trigger"] },
  object: { read: text, names: ["object", "object_type", "type"] },
  phone_number_from: { read: id, names: ["internal_number", "public_internal", "phone_number_from"] },
  status: { read: text, names: ["status", "call_status"] },
  duration: { read: integer, names: ["duration", "call_duration"] },
  talking_time: { read: integer, names: ["talking_time", "talk_time"] },
  direction: { read: text, names: ["direction"] },
  agent_id: { read: id, names: ["agent_id"] },
  agent_name: { read: text, names: ["agent_name"] },
  agent_first_name: { read: text, names: ["agent_first_name"] },
  agent_last_name: { read: text, names: ["agent_last_name"] },
  customer_name: { read: text, names: ["customer_name"] },
  contact_id: { read: id, names: ["contact_id", "contacts_0_id"] },
  contact_name: { read: text, names: ["contact_name", "contacts_0_name"] },
  company_name: { read: text, names: ["company_name"] },
  recording_url: { read: text, names: ["recording_url", "recording_link"] },
  transcript: { read: text, names: ["transcript"] },
  call_start_time: { read: time, names: ["call_start_time", "start_time", "started_at", "timestamp", "date"] },
  call_end_time: { read: time, names: ["call_end_time", "end_time", "ended_at"] },
  call_result: { read: text, names: ["call_result", "result"] },
  call_outcome: { read: text, names: ["call_outcome", "outcome"] },
  ateco_code: { read: text, names: ["ateco_code"] },
  ateco_eligible: { read: boolean, names: ["ateco_eligible"] },
  interest_confirmed: { read: boolean, names: ["interest_confirmed"] },
  annual_consumption_kwh: { read: integer, names: ["annual_consumption_kwh"] },
  electricity_bill_received: { read: boolean, names: ["electricity_bill_received"] },
  stated_should_send: { read: boolean, names: ["should_send"] },
  is_voicemail: { read: boolean, names: ["is_voicemail", "voicemail"] },
  reason: { read: text, names: ["reason"] },
} as const satisfies Record<string, { read: z.ZodTypeAny; names: readonly string[] }>;

type Fields = { [Name in keyof typeof FIELDS]: z.output<(typeof FIELDS)[Name]["read"]> };

/**
 * A call as a webhook describes it, null if the webhook does not say. Times are ISO 8601 in UTC, durations seconds,
 * `stated_should_send` and `electricity_bill_received` as the payload states them.
 */
export type Call = Omit<Fields, "object" | "is_voicemail" | "agent_first_name" | "agent_last_name"> & {
  /** The customer's number, E.164. */
  phone_number: string | null;
  phone_number_raw: string | null;
  /** Whether the payload shows that people talked. */
  talked: boolean | null;
};

const LOOKED_FOR = `a call's id (call_uuid, call_id, callId, id) or the customer's number (${CUSTOMER_NUMBER_NAMES.join(", ")})`;

/** Events about something else than a call, and events of a call that come before its end. */
const OTHER_OBJECT =
  /^(contact|sms|message|chat|(agent|user)(?!.*(end|hang.?up|hung))|tag|note|campaign|number|test|ping)(?!.*call)/i;
const BEFORE_THE_END =
  /(^|[^a-z])(start(ed)?|ring(ing)?|(?<!(recording|transcript|transcription|summary)[^a-z]*)created?|answer(ed)?|initiated?|dial(l?ing|l?ed)?|queued|in.?progress|hold|transfer(red)?)([^a-z]|$)/i;
const AT_THE_END = /(^|[^a-z])(end|complet|finish|hang|hung|wrap|miss)/i;
const NOT_OVER = /^(start(ed|ing)?|ringing|initiated|dial(l)?ing|queued|in[ _-]?progress|ongoing|active|connecting)$/i;
const NOBODY_TALKED =
  /(^|[^a-z])(missed|no[ _-]?answer|(not|n't)[ _-]?answer(ed)?|unanswered|busy|fail(ed|ure)?|cancell?ed|voice[ _-]?mail|(answering[ _-]?)?machine|abandoned|rejected|declined|unreachable|not[ _-]?(reached|reachable|connected)|pers[ae]|(non|nessuna|senza)[ _-]risp[a-z]*|occupat[oa]|segreteria|fallit[ao]|annullat[ao])([^a-z]|$)/i;
/** Longer texts are notes that a person wrote, in which a word like "busy" proves nothing. */
const LONGEST_LABEL = 40;

/** Reads a webhook's parsed body: flat or nested, in any spelling of its keys. */
export function parseCloudtalkWebhook(body: unknown): ParsedWebhook<Call> {
  const values = flatten(body);
  const { is_voicemail, agent_first_name, agent_last_name, object, ...rest } = readFields(values);
  const { raw, e164 } = customerNumber(values, rest.phone_number_from, rest.direction);

  const eventType = rest.event_type;
  const what = eventType?.replace(/([a-z])([A-Z])/g, "$1 $2") ?? "";
  const showsNone = (label: string | null) =>
    label !== null && label.length <= LONGEST_LABEL && NOBODY_TALKED.test(label);
  // A recording or transcript that failed says nothing of the call.
  const eventShowsNone = showsNone(what) && !/record|transcri|summar|analy/i.test(what);
  const over =
    AT_THE_END.test(what) ||
    eventShowsNone ||
    rest.call_end_time !== null ||
    rest.talking_time !== null ||
    rest.recording_url !== null ||
    rest.call_result !== null;
  if (OTHER_OBJECT.test(what) || OTHER_OBJECT.test(object ?? "")) {
    return { kind: "ignored", eventType, why: "not about a call" };
  }
  if (!over && BEFORE_THE_END.test(what)) {
    return { kind: "ignored", eventType, why: "the call is not over" };
  }
  if (!rest.call_uuid && !rest.call_id && raw === null) {
    return { kind: "unrecognised", eventType, why: `Looked for ${LOOKED_FOR}.` };
  }
  if (!over && NOT_OVER.test(rest.status ?? "")) {
    return { kind: "ignored", eventType, why: `the call is not over: ${rest.status}` };
  }

  const shownByWords = eventShowsNone || [rest.status, rest.call_result, rest.call_outcome].some(showsNone);
  const talked =
    is_voicemail === true || shownByWords || rest.talking_time === 0 ? false : rest.talking_time !== null ? true : null;
  return {
    kind: "usable",
    eventType,
    value: {
      ...rest,
      agent_name: rest.agent_name ?? ([agent_first_name, agent_last_name].filter(Boolean).join(" ") || null),
      phone_number: e164,
      phone_number_raw: raw,
      talked,
    },
  };
}

/** Each field from the first of its names under which there is something usable. */
function readFields(values: ReadonlyMap<string, unknown>): Fields {
  const read = Object.entries(FIELDS).map(([field, { read, names }]) => [
    field,
    names.map((name) => read.parse(values.get(name))).find((value) => value !== null) ?? null,
  ]);
  // The types cannot follow the entries back to their names; both come from FIELDS.
  return Object.fromEntries(read) as Fields;
}
