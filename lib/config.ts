import { createHash } from "node:crypto";
import { ASK_TEXT } from "./ask.ts";
import { type AccessVariables, type Env, parseAccess, parseEnvironment, type Variables } from "./environment.ts";
import { OBJECTION_REPLY, type Terms } from "./terms.ts";

export type WasenderConfig = Readonly<{
  /** The API's base with `/api` and without a trailing slash. */
  baseUrl: string;
  token: string;
  /** Names the deployment and the key, without giving the key away: another one may work if this one was refused. */
  fingerprint: string;
}>;

/** What reading Wasender's message log needs besides the session's key. */
export type WasenderLogConfig = Readonly<{ personalToken: string; sessionId: string }>;

/** What reading CloudTalk's call history needs. */
export type CloudtalkApiConfig = Readonly<{
  /** The API's base with `/api` and without a trailing slash. */
  baseUrl: string;
  keyId: string;
  secret: string;
}>;

export type Config = Readonly<{
  /** True for `npm run dev` only. Anywhere else an endpoint without its secret refuses every request. */
  local: boolean;
  supabase: Readonly<{
    url: string;
    key: string;
    /** What the database recognises the app by if the key is the public one; null with the secret key. */
    appSecret: string | null;
  }>;
  /** Each list holds the accepted secrets, so that one can be rotated. Empty: not set. */
  secrets: Readonly<{
    CLOUDTALK_WEBHOOK_SECRET: readonly string[];
    WHATSAPP_WEBHOOK_SECRET: readonly string[];
    CRON_SECRET: readonly string[];
  }>;
  ask: Readonly<{
    text: string;
    cooldownHours: number;
    /** A call learned late (from CloudTalk's history, or by a replay) gets an ask within so many hours. */
    lateWithinHours: number;
    /** Also asks customers who have sent a bill already. */
    afterBill: boolean;
  }>;
  terms: Terms;
  bills: Readonly<{
    /** Whether photos and scans are read; else people look at them. */
    readPhotos: boolean;
  }>;
  /** How long customers' files and the content of stored webhooks are kept, in days. Null: for good. */
  retention: Readonly<{
    mediaDays: number | null;
    webhookDays: number | null;
    /** Webhooks that the previous system stored as well. */
    legacyToo: boolean;
  }>;
  /** How large the database may become at Supabase before it can only be read, in bytes. Null: without a limit. */
  databaseLimitBytes: number | null;
  /** Our own number on WhatsApp, E.164, for links to it; null if WHATSAPP_NUMBER is not set. */
  whatsappNumber: string | null;
  /** The least time between the starts of two sends, in milliseconds. */
  minIntervalMs: number;
  /** Null if WHATSAPP_API_TOKEN is not set: then messages are queued and wait. */
  wasender: WasenderConfig | null;
  /** Null if WHATSAPP_PERSONAL_TOKEN or WHATSAPP_SESSION_ID is not set: then the log is not read. */
  wasenderLog: WasenderLogConfig | null;
  /** Null if CLOUDTALK_API_KEY_ID or CLOUDTALK_API_SECRET is not set: then nothing is reconciled. */
  cloudtalkApi: CloudtalkApiConfig | null;
  /** Where problems are reported; null if ALERT_WEBHOOK_URL is not set. */
  alertWebhookUrl: string | null;
}>;

/** What decides who may call: known even if the rest of the environment is wrong. */
export type Access = Pick<Config, "local" | "secrets">;

export const readAccess = (env: Env = process.env): Access => accessOf(parseAccess(env));

function accessOf(vars: AccessVariables): Access {
  return {
    local: vars.LOCAL_DEVELOPMENT,
    secrets: {
      CLOUDTALK_WEBHOOK_SECRET: vars.CLOUDTALK_WEBHOOK_SECRET,
      WHATSAPP_WEBHOOK_SECRET: vars.WHATSAPP_WEBHOOK_SECRET,
      CRON_SECRET: vars.CRON_SECRET,
    },
  };
}

/**
 * Reads the environment.
 *
 * @throws {ConfigError} naming the first variable that is missing or wrong.
 */
export function readConfig(env: Env = process.env): Config {
  const { problems, vars } = parseEnvironment(env);
  if (!vars?.SUPABASE_URL || !vars.SUPABASE_KEY || problems.length > 0) throw problems[0];
  const apiUrl = (vars.WHATSAPP_API_URL ?? "https://www.wasenderapi.com/api").replace(/\/+$/, "").replace(/\/api$/, "");
  const ask = {
    text: vars.WHATSAPP_MESSAGE?.trim() ? withLines(vars.WHATSAPP_MESSAGE) : ASK_TEXT,
    cooldownHours: vars.WHATSAPP_ASK_COOLDOWN_HOURS,
    lateWithinHours: vars.RECONCILE_ASK_WITHIN_HOURS,
    afterBill: vars.WHATSAPP_ASK_AFTER_BILL,
  };
  return Object.freeze({
    ...accessOf(vars),
    supabase: {
      url: vars.SUPABASE_URL.replace(/\/+$/, "").replace(/\/rest\/v1$/, ""),
      key: vars.SUPABASE_KEY,
      appSecret: vars.SUPABASE_APP_SECRET ?? null,
    },
    ask,
    terms: termsOf(vars, ask),
    bills: { readPhotos: vars.BILLS_READ_PHOTOS },
    retention: {
      mediaDays: Math.ceil(vars.MEDIA_RETENTION_DAYS) || null,
      webhookDays: Math.ceil(vars.WEBHOOK_RETENTION_DAYS.days) || null,
      legacyToo: vars.WEBHOOK_RETENTION_DAYS.set,
    },
    databaseLimitBytes: Math.round(vars.SUPABASE_DATABASE_LIMIT_MB * 1024 * 1024) || null,
    whatsappNumber: vars.WHATSAPP_NUMBER ?? null,
    minIntervalMs: Math.round(vars.WHATSAPP_MIN_INTERVAL_SECONDS * 1000),
    wasender: vars.WHATSAPP_API_TOKEN
      ? {
          baseUrl: `${apiUrl}/api`,
          token: vars.WHATSAPP_API_TOKEN,
          fingerprint: createHash("sha256")
            .update(`${vars.VERCEL_DEPLOYMENT_ID ?? ""} ${apiUrl} ${vars.WHATSAPP_API_TOKEN}`)
            .digest("hex")
            .slice(0, 16),
        }
      : null,
    wasenderLog:
      vars.WHATSAPP_PERSONAL_TOKEN && vars.WHATSAPP_SESSION_ID
        ? { personalToken: vars.WHATSAPP_PERSONAL_TOKEN, sessionId: vars.WHATSAPP_SESSION_ID }
        : null,
    cloudtalkApi:
      vars.CLOUDTALK_API_KEY_ID && vars.CLOUDTALK_API_SECRET
        ? {
            baseUrl: `${(vars.CLOUDTALK_API_URL ?? "https://my.cloudtalk.io/api").replace(/\/+$/, "").replace(/\/api$/, "")}/api`,
            keyId: vars.CLOUDTALK_API_KEY_ID,
            secret: vars.CLOUDTALK_API_SECRET,
          }
        : null,
    alertWebhookUrl: vars.ALERT_WEBHOOK_URL ?? null,
  });
}

/** A newline cannot be typed into every form for variables, so \n stands for one. */
const withLines = (text: string) => text.replaceAll("\\n", "\n");

function termsOf(vars: Variables, { text, cooldownHours, afterBill }: Config["ask"]): Terms {
  const reply = vars.WHATSAPP_OBJECTION_REPLY ?? OBJECTION_REPLY;
  return {
    hours: vars.WHATSAPP_SEND_HOURS,
    closed: vars.WHATSAPP_CLOSED_DAYS,
    first_contacts_per_day: vars.WHATSAPP_FIRST_CONTACTS_PER_DAY,
    check_numbers: vars.WHATSAPP_CHECK_NUMBERS,
    objection_reply: reply.toLowerCase() === "off" ? null : withLines(reply),
    ask: { text, cooldown_hours: cooldownHours, after_bill: afterBill },
    case: { accepts_history: vars.CASE_ACCEPTS_HISTORY, deadline: vars.CASE_DEADLINE ?? null },
    reminders: vars.WHATSAPP_REMINDERS && { steps_hours: vars.WHATSAPP_REMINDERS },
  };
}

/** Everything in the configuration that must never be stored or logged. */
export function secretValues(config: Config): readonly string[] {
  const { secrets, supabase, wasender, wasenderLog, cloudtalkApi } = config;
  return [
    ...Object.values(secrets).flat(),
    supabase.key,
    ...[
      supabase.appSecret,
      wasender?.token,
      wasenderLog?.personalToken,
      cloudtalkApi?.secret,
      // The address is enough to write to the channel.
      config.alertWebhookUrl,
    ].filter((secret) => secret != null),
  ];
}
