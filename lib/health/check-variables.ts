import { readAccess } from "../config.ts";
import { configProblems, type Env } from "../environment.ts";
import { keyKind } from "../key-kind.ts";
import { isThisMachine } from "../this-machine.ts";
import { type Finding, fail, ok, warn } from "./finding.ts";

const SECRETS = ["CLOUDTALK_WEBHOOK_SECRET", "WHATSAPP_WEBHOOK_SECRET", "CRON_SECRET"] as const;
/** Variables that only work as a pair. */
const PAIRS = [
  ["CLOUDTALK_API_KEY_ID", "CLOUDTALK_API_SECRET", "CloudTalk's call history is not read"],
  ["WHATSAPP_PERSONAL_TOKEN", "WHATSAPP_SESSION_ID", "Wasender's message log is not read"],
] as const;
const SHORTEST_SECRET = 16;

/** Is a variable missing, or certainly wrong? */
export function checkVariables(env: Env): Finding[] {
  const findings = [
    ...configProblems(env).map(({ variable, message }) =>
      fail(variable, message, `Set ${variable} (.env.example says what it is), then deploy again.`),
    ),
    ...checkSupabaseUrl(value(env, "SUPABASE_URL")),
    ...checkSupabaseKey(value(env, "SUPABASE_KEY"), value(env, "SUPABASE_URL")),
    ...checkSecrets(env),
    ...checkWasender(env),
    ...PAIRS.flatMap(([one, other, consequence]) => {
      const missing = [one, other].filter((name) => !value(env, name));
      return missing.length === 1
        ? [warn(missing[0] ?? "", `${missing[0]} is not set, so ${consequence}.`, `Set both ${one} and ${other}.`)]
        : [];
    }),
  ];
  return findings.length > 0 ? findings : [ok("variables", "All variables are there and plausible.")];
}

const value = (env: Env, name: string) => env[name]?.trim() ?? "";

function checkSupabaseUrl(url: string): Finding[] {
  if (!URL.canParse(url)) return [];
  const { host, hostname, protocol, pathname } = new URL(url);
  const fix = "It is under Supabase, Project Settings, Data API, and looks like https://abcd.supabase.co.";
  if (/(^|\.)supabase\.com$/.test(host)) {
    return [fail("SUPABASE_URL", "SUPABASE_URL is the address of Supabase's dashboard, not of your project.", fix)];
  }
  if (protocol === "http:" && !isThisMachine(hostname))
    return [warn("SUPABASE_URL", "SUPABASE_URL does not use https.", fix)];
  if (!/^\/*(rest\/v1\/*)?$/.test(pathname)) {
    return [fail("SUPABASE_URL", `SUPABASE_URL has a path that does not belong to it (${pathname}).`, fix)];
  }
  return [];
}

function checkSupabaseKey(key: string, url: string): Finding[] {
  if (!key) return [];
  const project = projectOf(key);
  const host = URL.canParse(url) ? new URL(url).hostname : "";
  if (project !== null && host.endsWith(".supabase.co") && host !== `${project}.supabase.co`) {
    return [
      fail(
        "SUPABASE_KEY",
        `SUPABASE_KEY is of the project ${project}, SUPABASE_URL of ${host}.`,
        "Copy both from the same project: Supabase, Project Settings, API Keys and Data API.",
      ),
    ];
  }
  return keyKind(key) === "unknown"
    ? [
        warn(
          "SUPABASE_KEY",
          "SUPABASE_KEY is no key of Supabase's: neither sb_secret_…, sb_publishable_… nor a service_role or anon token.",
          "Copy the secret key again: Supabase, Project Settings, API Keys.",
        ),
      ]
    : [];
}

/** The project that an older key (a JWT) names. */
function projectOf(key: string): string | null {
  try {
    const claims: unknown = JSON.parse(Buffer.from(key.split(".")[1] ?? "", "base64url").toString());
    return typeof claims === "object" && claims && "ref" in claims && typeof claims.ref === "string"
      ? claims.ref
      : null;
  } catch {
    return null;
  }
}

function checkSecrets(env: Env): Finding[] {
  const { secrets, local } = readAccess(env);
  const findings = SECRETS.flatMap((name) => {
    if (secrets[name].length === 0) {
      const fix = `npm run setup makes one and says where it goes.`;
      return local
        ? [warn(name, `${name} is not set: a deployment without it refuses every request.`, fix)]
        : [fail(name, `${name} is not set: without it every request is refused.`, fix)];
    }
    return secrets[name].some((secret) => secret.length < SHORTEST_SECRET)
      ? [warn(name, `${name} is short enough to be guessed.`, "Make one with: openssl rand -hex 32")]
      : [];
  });
  const all = SECRETS.flatMap((name) => [...new Set(secrets[name])]);
  if (new Set(all).size < all.length) {
    findings.push(
      warn(
        "secrets",
        "Two of the secrets are the same, so one of them gives access to both endpoints.",
        "Give CLOUDTALK_WEBHOOK_SECRET, WHATSAPP_WEBHOOK_SECRET and CRON_SECRET one each.",
      ),
    );
  }
  return findings;
}

function checkWasender(env: Env): Finding[] {
  const findings: Finding[] = [];
  if (!value(env, "WHATSAPP_API_TOKEN")) {
    findings.push(
      fail(
        "WHATSAPP_API_TOKEN",
        "WHATSAPP_API_TOKEN is not set: messages are queued and wait.",
        "Copy the session's API key: Wasender, Sessions, your session, API Key.",
      ),
    );
  }
  const interval = value(env, "WHATSAPP_MIN_INTERVAL_SECONDS");
  if (interval && Number(interval) < 5) {
    findings.push(
      warn(
        "WHATSAPP_MIN_INTERVAL_SECONDS",
        `WHATSAPP_MIN_INTERVAL_SECONDS is ${interval}: faster than Wasender's account protection allows.`,
        "60 on the trial, 5 with account protection.",
      ),
    );
  }
  return findings;
}
