import { createHash } from "node:crypto";
import { z } from "zod";
import { ASK_TEXT } from "./ask.ts";
import { keyKind } from "./supabase/key-kind.ts";

/** A variable that is missing or wrong. The message names it and says how to mend it. */
export class ConfigError extends Error {
  readonly variable: string;

  constructor(variable: string, fix: string) {
    super(`${variable} ${fix}`);
    this.name = "ConfigError";
    this.variable = variable;
  }
}

// An empty or blank value is how Vercel's form and .env files write "not set".
const text = z
  .string()
  .trim()
  .optional()
  .transform((value) => value || undefined);
const secrets = text.transform((value) => value?.split(",").flatMap((secret) => secret.trim() || []) ?? []);
const httpUrl = (fix: string) =>
  text.refine((value) => value === undefined || (/^https?:\/\//i.test(value) && URL.canParse(value)), {
    message: `is not a URL: ${fix}`,
  });
const flag = text.transform((value) => value?.toLowerCase()).pipe(
  z
    .enum(["true", "1", "yes", "false", "0", "no"], { error: 'must be "true" or "false"' })
    .optional()
    .transform((value) => value !== undefined && ["true", "1", "yes"].includes(value)),
);
const number = (unit: string, fallback: number, max: number) =>
  text
    .transform((value) => (value === undefined ? fallback : Number(value)))
    .refine((value) => value >= 0 && value <= max, { message: `must be a number of ${unit} from 0 to ${max}` });

const Environment = z.object({
  SUPABASE_URL: httpUrl("it looks like https://abcd.supabase.co"),
  SUPABASE_KEY: text,
  SUPABASE_APP_SECRET: text.refine((value) => value === undefined || /^[\x21-\x7e]{24,}$/.test(value), {
    message: "must be at least 24 letters, digits and signs without spaces: make one with openssl rand -hex 32.",
  }),
  CLOUDTALK_WEBHOOK_SECRET: secrets,
  WHATSAPP_WEBHOOK_SECRET: secrets,
  CRON_SECRET: secrets,
  WHATSAPP_API_URL: httpUrl("it looks like https://www.wasenderapi.com/api"),
  WHATSAPP_API_TOKEN: text.refine((value) => value === undefined || /^[\x21-\x7e]+$/.test(value), {
    message: "must be letters, digits and signs without spaces: copy the session's API key from Wasender again.",
  }),
  WHATSAPP_PERSONAL_TOKEN: text,
  WHATSAPP_SESSION_ID: text,
  WHATSAPP_MESSAGE: z.string().optional(),
  WHATSAPP_MIN_INTERVAL_SECONDS: number("seconds", 60, 86_400),
  WHATSAPP_ASK_COOLDOWN_HOURS: number("hours", 0, 87_600),
  WHATSAPP_ASK_AFTER_BILL: flag,
  MEDIA_RETENTION_DAYS: number("days", 0, 36_500),
  VERCEL: text,
  VERCEL_ENV: text,
  VERCEL_DEPLOYMENT_ID: text,
  AWS_LAMBDA_FUNCTION_NAME: text,
});

export type WasenderConfig = Readonly<{
  /** The API's base with `/api` and without a trailing slash. */
  baseUrl: string;
  token: string;
  /** Names the deployment and the key, without giving the key away: another one may work where this one was refused. */
  fingerprint: string;
}>;

/** What reading Wasender's message log needs besides the session's key. */
export type WasenderLogConfig = Readonly<{ personalToken: string; sessionId: string }>;

export type Config = Readonly<{
  /** On a Vercel deployment, whatever has no secret is closed; on a developer's machine it is open. */
  deployed: boolean;
  supabase: Readonly<{
    url: string;
    key: string;
    /** With the public key this is what the database lets the app in by; null with the secret key. */
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
    /** Also asks customers who have sent a bill already. */
    afterBill: boolean;
  }>;
  /** How long customers' files are kept. Null: for good. */
  mediaRetentionDays: number | null;
  /** The least time between the starts of two sends, in milliseconds. */
  minIntervalMs: number;
  /** Null where WHATSAPP_API_TOKEN is not set: then messages are queued and wait. */
  wasender: WasenderConfig | null;
  /** Null where WHATSAPP_PERSONAL_TOKEN or WHATSAPP_SESSION_ID is not set: then the log is not read. */
  wasenderLog: WasenderLogConfig | null;
}>;

/**
 * Reads the environment.
 *
 * @throws {ConfigError} naming the first variable that is missing or wrong.
 */
export function readConfig(env: Record<string, string | undefined> = process.env): Config {
  const parsed = Environment.safeParse(env);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new ConfigError(String(issue?.path[0]), issue?.message ?? "is wrong");
  }
  const vars = parsed.data;
  if (!vars.SUPABASE_URL) {
    throw new ConfigError("SUPABASE_URL", "is not set: copy it from Supabase, Project Settings, Data API.");
  }
  if (!vars.SUPABASE_KEY) {
    throw new ConfigError("SUPABASE_KEY", "is not set: copy it from Supabase, Project Settings, API Keys.");
  }
  if (keyKind(vars.SUPABASE_KEY) === "public" && !vars.SUPABASE_APP_SECRET) {
    throw new ConfigError(
      "SUPABASE_KEY",
      "is the project's public key, to which the tables are closed. Either put the secret key (sb_secret_…) there, or " +
        "set SUPABASE_APP_SECRET and make it known to the database: select private.add_app_secret('…');",
    );
  }
  const apiUrl = (vars.WHATSAPP_API_URL ?? "https://www.wasenderapi.com/api").replace(/\/+$/, "").replace(/\/api$/, "");
  return Object.freeze({
    // A project may hide Vercel's variables from its functions; Lambda's own name cannot be hidden or set
    // (https://vercel.com/docs/environment-variables/reserved-environment-variables). `vercel dev` sets VERCEL too, with
    // VERCEL_ENV=development.
    deployed:
      vars.VERCEL_ENV !== "development" &&
      (vars.VERCEL ?? vars.VERCEL_ENV ?? vars.AWS_LAMBDA_FUNCTION_NAME) !== undefined,
    supabase: {
      url: vars.SUPABASE_URL.replace(/\/+$/, "").replace(/\/rest\/v1$/, ""),
      key: vars.SUPABASE_KEY,
      appSecret: vars.SUPABASE_APP_SECRET ?? null,
    },
    secrets: {
      CLOUDTALK_WEBHOOK_SECRET: vars.CLOUDTALK_WEBHOOK_SECRET,
      WHATSAPP_WEBHOOK_SECRET: vars.WHATSAPP_WEBHOOK_SECRET,
      CRON_SECRET: vars.CRON_SECRET,
    },
    ask: {
      // A newline cannot be typed into every form for variables, so \n stands for one.
      text: vars.WHATSAPP_MESSAGE?.trim() ? vars.WHATSAPP_MESSAGE.replaceAll("\\n", "\n") : ASK_TEXT,
      cooldownHours: vars.WHATSAPP_ASK_COOLDOWN_HOURS,
      afterBill: vars.WHATSAPP_ASK_AFTER_BILL,
    },
    mediaRetentionDays: Math.ceil(vars.MEDIA_RETENTION_DAYS) || null,
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
  });
}

/** Everything in the configuration that must never be stored or logged. */
export function secretValues(config: Config): readonly string[] {
  const { secrets, supabase, wasender, wasenderLog } = config;
  return [
    ...Object.values(secrets).flat(),
    supabase.key,
    ...[supabase.appSecret, wasender?.token, wasenderLog?.personalToken].filter((token) => token != null),
  ];
}
