import { z } from "zod/v3";
import { keyKind } from "./key-kind.ts";
import { DEFAULT_SEND_HOURS, SendHours } from "./send-hours.ts";
import { YesOrNo } from "./yes-or-no.ts";

/** The environment as every process has it. */
export type Env = Record<string, string | undefined>;

/** A variable that is missing or wrong. The message names it and the fix. */
export class ConfigError extends Error {
  readonly variable: string;

  constructor(variable: string, fix: string) {
    super(`${variable} ${fix}`);
    this.name = "ConfigError";
    this.variable = variable;
  }
}

const text = z.string().optional();
const secrets = text.transform((value) => value?.split(",").flatMap((secret) => secret.trim() || []) ?? []);
const httpUrl = (fix: string) =>
  text.refine((value) => value === undefined || (/^https?:\/\//i.test(value) && URL.canParse(value)), {
    message: `is not a URL: ${fix}`,
  });
/**
 * A value that is sent in a header: a curly quote or a line break in it would make each request throw an error that
 * quotes it.
 */
const key = (fix: string) =>
  text.refine((value) => value === undefined || /^[\x21-\x7e]+$/.test(value), {
    message: `must be letters, digits and signs without spaces: ${fix}`,
  });
const flag = (fallback: boolean) => YesOrNo.optional().transform((value) => value ?? fallback);
const number = (unit: string, fallback: number, max: number) =>
  text
    .transform((value) => (value === undefined ? fallback : Number(value)))
    .refine((value) => value >= 0 && value <= max, { message: `must be a number of ${unit} from 0 to ${max}` });

/** Days of the calendar, each once and in order. */
const days = text
  .transform((value) => [...new Set(value?.split(",").flatMap((day) => day.trim() || []))].sort())
  .refine((list) => list.every(isDay), { message: "must be days like 2026-12-24, separated by commas" });
const isDay = (day: string) =>
  /^\d{4}-\d\d-\d\d$/.test(day) && new Date(`${day}T00:00Z`).toJSON()?.slice(0, 10) === day;

const MOST_REMINDERS = 3;
const REMINDERS_FIX = { message: "must be one to three rising times in days or hours, like 3d,7d,14d, or off" };
/** 3d,7d,14d as hours; null if it is not set. */
const Reminders = z
  .string()
  .regex(/^\d{1,4}[dh](\s*,\s*\d{1,4}[dh])*$/i, REMINDERS_FIX)
  .transform((value) => value.split(",").map((step) => Number.parseInt(step, 10) * (/d\s*$/i.test(step) ? 24 : 1)))
  .refine(
    (hours) => hours.length <= MOST_REMINDERS && hours.every((one, i) => one > (hours[i - 1] ?? 0)),
    REMINDERS_FIX,
  )
  .optional()
  .transform((hours) => hours ?? null);

const Environment = z.object({
  SUPABASE_URL: httpUrl("it looks like https://abcd.supabase.co"),
  SUPABASE_KEY: key("copy it from Supabase, Project Settings, API Keys, again."),
  SUPABASE_APP_SECRET: text.refine((value) => value === undefined || /^[\x21-\x7e]{24,}$/.test(value), {
    message: "must be at least 24 letters, digits and signs without spaces: make one with openssl rand -hex 32.",
  }),
  // The Free plan's.
  SUPABASE_DATABASE_LIMIT_MB: number("megabytes", 500, 100_000_000),
  CLOUDTALK_WEBHOOK_SECRET: secrets,
  WHATSAPP_WEBHOOK_SECRET: secrets,
  CRON_SECRET: secrets,
  WHATSAPP_API_URL: httpUrl("it looks like https://www.wasenderapi.com/api"),
  WHATSAPP_API_TOKEN: key("copy the session's API key from Wasender again."),
  WHATSAPP_PERSONAL_TOKEN: key("copy the personal access token from Wasender again."),
  WHATSAPP_SESSION_ID: text,
  WHATSAPP_NUMBER: text
    .transform((value) => value?.replace(/[\s().-]/g, ""))
    .refine((value) => value === undefined || /^\+[1-9]\d{5,14}$/.test(value), {
      message: "must be our WhatsApp number with + and the country's prefix, like +393331234567",
    }),
  WHATSAPP_MESSAGE: text,
  WHATSAPP_MIN_INTERVAL_SECONDS: number("seconds", 60, 86_400),
  WHATSAPP_ASK_COOLDOWN_HOURS: number("hours", 0, 87_600),
  WHATSAPP_ASK_AFTER_BILL: flag(false),
  CASE_ACCEPTS_HISTORY: flag(false),
  WHATSAPP_SEND_HOURS: text.transform((value) => value ?? DEFAULT_SEND_HOURS).pipe(SendHours),
  WHATSAPP_CLOSED_DAYS: days,
  WHATSAPP_FIRST_CONTACTS_PER_DAY: text
    .transform((value) => (value === undefined ? null : Number(value)))
    .refine((value) => value === null || (Number.isInteger(value) && value >= 1 && value <= 100_000), {
      message: "must be a whole number from 1 to 100000, or blank for no limit",
    }),
  WHATSAPP_CHECK_NUMBERS: flag(true),
  WHATSAPP_OBJECTION_REPLY: text,
  WHATSAPP_REMINDERS: text.transform((value) => (value?.toLowerCase() === "off" ? undefined : value)).pipe(Reminders),
  CASE_DEADLINE: text.refine((value) => value === undefined || isDay(value), {
    message: "must be a day like 2026-12-24",
  }),
  BILLS_READ_PHOTOS: flag(true),
  MEDIA_RETENTION_DAYS: number("days", 0, 36_500),
  WEBHOOK_RETENTION_DAYS: text
    // What the previous system left is emptied only if the variable is set.
    .transform((value) => ({ days: value === undefined ? 90 : Number(value), set: value !== undefined }))
    .refine(({ days }) => days >= 0 && days <= 36_500, { message: "must be a number of days from 0 to 36500" }),
  CLOUDTALK_API_URL: httpUrl("it looks like https://my.cloudtalk.io/api"),
  CLOUDTALK_API_KEY_ID: key("copy it from CloudTalk, Account, Settings, API keys, again."),
  CLOUDTALK_API_SECRET: key("copy it from CloudTalk, Account, Settings, API keys, again."),
  RECONCILE_ASK_WITHIN_HOURS: number("hours", 2, 168),
  ALERT_WEBHOOK_URL: httpUrl("copy the incoming webhook's address from Slack again"),
  /** Anything but what `npm run dev` sets is no developer's machine. */
  LOCAL_DEVELOPMENT: text.transform((value) => value === "true"),
  VERCEL_DEPLOYMENT_ID: text,
});

/** What decides who may call: known even if the rest of the environment is wrong. */
const AccessVariables = Environment.pick({
  CLOUDTALK_WEBHOOK_SECRET: true,
  WHATSAPP_WEBHOOK_SECRET: true,
  CRON_SECRET: true,
  LOCAL_DEVELOPMENT: true,
});
export type Variables = z.infer<typeof Environment>;
export type AccessVariables = z.infer<typeof AccessVariables>;

const NAMES = Object.keys(Environment.shape);
/** What an operator sets; the others are set by the platform, and by `npm run dev`. */
export const VARIABLES: readonly string[] = NAMES.filter((name) => !/^(VERCEL|LOCAL)_/.test(name));

/**
 * Our variables. An empty or blank value is how Vercel's form and .env files write "not set"; a message keeps its
 * spaces.
 */
const given = (env: Env): Env =>
  Object.fromEntries(
    NAMES.map((name) => [name, (name === "WHATSAPP_MESSAGE" ? env[name] : env[name]?.trim()) || undefined]),
  );

/** The variables, and everything that keeps them from being a configuration. */
export function parseEnvironment(env: Env): { problems: ConfigError[]; vars: Variables | undefined } {
  const ours = given(env);
  const { error, data: vars } = Environment.safeParse(ours);
  const problems = (error?.issues ?? []).map((issue) => new ConfigError(String(issue.path[0]), issue.message));
  if (!ours.SUPABASE_URL) {
    problems.push(new ConfigError("SUPABASE_URL", "is not set: copy it from Supabase, Project Settings, Data API."));
  }
  if (!ours.SUPABASE_KEY) {
    problems.push(new ConfigError("SUPABASE_KEY", "is not set: copy it from Supabase, Project Settings, API Keys."));
  }
  if (keyKind(ours.SUPABASE_KEY ?? "") === "public" && !ours.SUPABASE_APP_SECRET) {
    problems.push(
      new ConfigError(
        "SUPABASE_KEY",
        "is the project's public key, to which the tables are closed. Either put the secret key (sb_secret_…) there, or " +
          "set SUPABASE_APP_SECRET and make it known to the database: select private.add_app_secret('…');",
      ),
    );
  }
  return { problems, vars };
}

/** Everything that keeps the environment from being a configuration. */
export const configProblems = (env: Env): ConfigError[] => parseEnvironment(env).problems;

export const parseAccess = (env: Env): AccessVariables => AccessVariables.parse(given(env));
