import { z } from "zod/v3";
import type { ParsedWebhook } from "../parsed-webhook.ts";
import { CUSTOMER_NUMBER_NAMES, customerNumber } from "./customer-number.ts";
import { flatten } from "./flatten.ts";
import { toBoolean, toId, toInteger, toText, toTime } from "./values.ts";

/**
 * A call as a webhook describes it: the column names of cloudtalk_calls, null where the webhook does not say.
 * Times are ISO 8601 in UTC, durations seconds.
 */
export type Call = {
  call_uuid: string | null;
  call_id: string | null;
  event_type: string | null;
  /** The customer's number, E.164. */
  phone_number: string | null;
  phone_number_raw: string | null;
  /** The company's number, as it came. */
  phone_number_from: string | null;
  status: string | null;
  duration: number | null;
  talking_time: number | null;
  direction: string | null;
  agent_id: string | null;
  agent_name: string | null;
  customer_name: string | null;
  contact_id: string | null;
  contact_name: string | null;
  company_name: string | null;
  recording_url: string | null;
  transcript: string | null;
  call_start_time: string | null;
  call_end_time: string | null;
  call_result: string | null;
  call_outcome: string | null;
  ateco_code: string | null;
  ateco_eligible: boolean | null;
  interest_confirmed: boolean | null;
  annual_consumption_kwh: number | null;
  electricity_bill_received: boolean | null;
  /** `should_send` as the payload states it. */
  stated_should_send: boolean | null;
  /** Whether the payload shows that a conversation took place. */
  conversation: boolean | null;
  reason: string | null;
};

const text = z.unknown().transform(toText);
const id = z.unknown().transform(toId);
const integer = z.unknown().transform(toInteger);
const boolean = z.unknown().transform(toBoolean);
const time = z.unknown().transform(toTime);

/** The names under which a field may come (facts-cloudtalk), in snake case, the surest first. */
const NAMES = {
  call_uuid: ["call_uuid", "uuid"],
  call_id: ["call_id", "id"],
  event_type: ["event_type", "event", "event_name", "trigger"],
  object: ["object", "object_type", "type"],
  phone_number_from: ["internal_number", "public_internal", "phone_number_from"],
  status: ["status", "call_status"],
  duration: ["duration", "call_duration"],
  talking_time: ["talking_time", "talk_time"],
  direction: ["direction"],
  agent_id: ["agent_id"],
  agent_name: ["agent_name"],
  agent_first_name: ["agent_first_name"],
  agent_last_name: ["agent_last_name"],
  customer_name: ["customer_name"],
  contact_id: ["contact_id", "contacts_0_id"],
  contact_name: ["contact_name", "contacts_0_name"],
  company_name: ["company_name"],
  recording_url: ["recording_url", "recording_link"],
  transcript: ["transcript"],
  call_start_time: ["call_start_time", "start_time", "started_at", "timestamp", "date"],
  call_end_time: ["call_end_time", "end_time", "ended_at"],
  call_result: ["call_result", "result"],
  call_outcome: ["call_outcome", "outcome"],
  ateco_code: ["ateco_code"],
  ateco_eligible: ["ateco_eligible"],
  interest_confirmed: ["interest_confirmed"],
  annual_consumption_kwh: ["annual_consumption_kwh"],
  electricity_bill_received: ["electricity_bill_received"],
  stated_should_send: ["should_send"],
  is_voicemail: ["is_voicemail", "voicemail"],
  reason: ["reason"],
} as const satisfies Record<string, readonly string[]>;

const Fields = z.object({
  call_uuid: id,
  call_id: id,
  event_type: text,
  object: text,
  phone_number_from: id,
  status: text,
  duration: integer,
  talking_time: integer,
  direction: text,
  agent_id: id,
  agent_name: text,
  agent_first_name: text,
  agent_last_name: text,
  customer_name: text,
  contact_id: id,
  contact_name: text,
  company_name: text,
  recording_url: text,
  transcript: text,
  call_start_time: time,
  call_end_time: time,
  call_result: text,
  call_outcome: text,
  ateco_code: text,
  ateco_eligible: boolean,
  interest_confirmed: boolean,
  annual_consumption_kwh: integer,
  electricity_bill_received: boolean,
  stated_should_send: boolean,
  is_voicemail: boolean,
  reason: text,
});

const LOOKED_FOR = `a call's id (call_uuid, call_id, callId, id) or the customer's number (${CUSTOMER_NUMBER_NAMES.join(", ")})`;

/** Events about something else than a call, and events of a call that come before its end. */
const OTHER_OBJECT =
  /^(contact|sms|message|chat|(agent|user)(?!.*(end|hang.?up|hung))|tag|note|campaign|number|test|ping)(?!.*call)/i;
const BEFORE_THE_END =
  /(^|[^a-z])(start(ed)?|ring(ing)?|(?<!(recording|transcript|transcription|summary)[^a-z]*)created?|answer(ed)?|initiated?|dial(l?ing|l?ed)?|queued|in.?progress|hold|transfer(red)?)([^a-z]|$)/i;
const AT_THE_END = /(^|[^a-z])(end|complet|finish|hang|hung|wrap|miss)/i;
const NOT_OVER = /^(start(ed|ing)?|ringing|initiated|dial(l)?ing|queued|in[ _-]?progress|ongoing|active|connecting)$/i;
const NO_CONVERSATION =
  /(^|[^a-z])(missed|no[ _-]?answer|(not|n't)[ _-]?answer(ed)?|unanswered|busy|fail(ed|ure)?|cancell?ed|voice[ _-]?mail|(answering[ _-]?)?machine|abandoned|rejected|declined|unreachable|not[ _-]?(reached|reachable|connected)|pers[ae]|(non|nessuna|senza)[ _-]risp[a-z]*|occupat[oa]|segreteria|fallit[ao]|annullat[ao])([^a-z]|$)/i;
/** Longer texts are somebody's notes, in which a word like "busy" proves nothing. */
const LONGEST_LABEL = 40;

/** Reads a webhook's parsed body: flat or nested, in any spelling of its keys. */
export function parseCloudtalkWebhook(body: unknown): ParsedWebhook<Call> {
  const values = flatten(body);
  const fields = Fields.parse(
    Object.fromEntries(
      Object.entries(Fields.shape).map(([field, schema]) => [
        field,
        // The first of its names under which there is something usable.
        NAMES[field as keyof typeof NAMES]
          .map((name) => values.get(name))
          .find((value) => schema.parse(value) !== null),
      ]),
    ),
  );
  const { is_voicemail, agent_first_name, agent_last_name, object, ...rest } = fields;
  const { raw, e164 } = customerNumber(values, rest.phone_number_from, rest.direction);

  const eventType = rest.event_type;
  const what = eventType?.replace(/([a-z])([A-Z])/g, "$1 $2") ?? "";
  const showsNone = (label: string | null) =>
    label !== null && label.length <= LONGEST_LABEL && NO_CONVERSATION.test(label);
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
  const conversation =
    is_voicemail === true || shownByWords || rest.talking_time === 0 ? false : rest.talking_time !== null ? true : null;
  return {
    kind: "usable",
    eventType,
    value: {
      ...rest,
      agent_name: rest.agent_name ?? ([agent_first_name, agent_last_name].filter(Boolean).join(" ") || null),
      phone_number: e164,
      phone_number_raw: raw,
      conversation,
    },
  };
}
