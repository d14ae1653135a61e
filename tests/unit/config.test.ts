import { describe, expect, it } from "vitest";
import { ASK_TEXT } from "../../lib/ask.ts";
import { readConfig, secretValues } from "../../lib/config.ts";
import { ConfigError, configProblems } from "../../lib/environment.ts";

const REQUIRED = { SUPABASE_URL: "https://abcd.supabase.co", SUPABASE_KEY: "sb_secret_1234567" };
const read = (env: Record<string, string> = {}) => readConfig({ ...REQUIRED, ...env });

describe("what is not set", () => {
  it.each(["SUPABASE_URL", "SUPABASE_KEY"])("%s is asked for by its name", (name) => {
    for (const value of [undefined, "", "  "]) {
      expect(() => readConfig({ ...REQUIRED, [name]: value })).toThrow(ConfigError);
      expect(() => readConfig({ ...REQUIRED, [name]: value })).toThrow(`${name} is not set: copy it from Supabase`);
    }
  });

  it("gives the defaults that the documents name", () => {
    const config = read();
    expect(config).toMatchObject({
      local: false,
      ask: { text: ASK_TEXT, cooldownHours: 0 },
      minIntervalMs: 60_000,
      wasender: null,
      secrets: { CLOUDTALK_WEBHOOK_SECRET: [], WHATSAPP_WEBHOOK_SECRET: [], CRON_SECRET: [] },
    });
  });
});

describe("what is wrong is named", () => {
  it.each([
    ["SUPABASE_URL", "abcd.supabase.co", "is not a URL"],
    ["SUPABASE_URL", "https://ab cd.supabase.co", "is not a URL"],
    ["WHATSAPP_API_URL", "www.wasenderapi.com/api", "is not a URL"],
    ["WHATSAPP_API_URL", "ftp://www.wasenderapi.com", "is not a URL"],
    ["WHATSAPP_API_URL", "https://", "is not a URL"],
    ...[
      "SUPABASE_KEY",
      "WHATSAPP_API_TOKEN",
      "WHATSAPP_PERSONAL_TOKEN",
      "CLOUDTALK_API_KEY_ID",
      "CLOUDTALK_API_SECRET",
    ].flatMap((name) =>
      ["two words", "t0k€n", "sb_secret_of\nsupabase", "“sb_secret_of_supabase”"].map((value) => [
        name,
        value,
        "must be letters, digits and signs without spaces: copy",
      ]),
    ),
    ["WHATSAPP_MIN_INTERVAL_SECONDS", "a minute", "must be a number of seconds from 0 to 86400"],
    ["WHATSAPP_MIN_INTERVAL_SECONDS", "-1", "must be a number of seconds"],
    ["WHATSAPP_MIN_INTERVAL_SECONDS", "Infinity", "must be a number of seconds"],
    ["WHATSAPP_ASK_COOLDOWN_HOURS", "24h", "must be a number of hours"],
    ["WHATSAPP_ASK_AFTER_BILL", "sì", 'must be "true" or "false"'],
    ["MEDIA_RETENTION_DAYS", "a year", "must be a number of days"],
    ["WEBHOOK_RETENTION_DAYS", "a year", "must be a number of days"],
    ["SUPABASE_DATABASE_LIMIT_MB", "8 GB", "must be a number of megabytes"],
  ])("%s=%s", (name, value, words) => {
    expect(() => read({ [name]: value })).toThrow(ConfigError);
    expect(() => read({ [name]: value })).toThrow(
      expect.objectContaining({ variable: name, message: expect.stringContaining(words) }),
    );
  });
});

it("what is wrong with a key does not repeat it", () => {
  const [problem] = configProblems({ ...REQUIRED, SUPABASE_KEY: "sb_secret_of\nsupabase" });
  expect(problem?.message).toMatch(/^SUPABASE_KEY must be .* copy it from Supabase/);
  expect(problem?.message).not.toContain("sb_secret_of");
});

it("a bill and its files: not asked for twice, and kept, unless it says otherwise", () => {
  expect(read()).toMatchObject({ ask: { afterBill: false }, retention: { mediaDays: null } });
  expect(read({ WHATSAPP_ASK_AFTER_BILL: "", MEDIA_RETENTION_DAYS: "0" })).toMatchObject({
    ask: { afterBill: false },
    retention: { mediaDays: null, webhookDays: 90, legacyToo: false },
  });
  expect(read({ WHATSAPP_ASK_AFTER_BILL: " True ", MEDIA_RETENTION_DAYS: "365" })).toMatchObject({
    ask: { afterBill: true },
    retention: { mediaDays: 365 },
  });
});

it("stored webhooks are emptied after 90 days, and the previous system's only if somebody names a number", () => {
  const retention = (days: string) => read({ WEBHOOK_RETENTION_DAYS: days }).retention;
  expect(retention("")).toMatchObject({ webhookDays: 90, legacyToo: false });
  expect(retention("90")).toMatchObject({ webhookDays: 90, legacyToo: true });
  expect(retention("0")).toMatchObject({ webhookDays: null, legacyToo: true });
});

it("the database's limit is the Free plan's, unless it says otherwise", () => {
  expect(read().databaseLimitBytes).toBe(500 * 1024 * 1024);
  expect(read({ SUPABASE_DATABASE_LIMIT_MB: "8192" }).databaseLimitBytes).toBe(8192 * 1024 * 1024);
  expect(read({ SUPABASE_DATABASE_LIMIT_MB: "0" }).databaseLimitBytes).toBeNull();
});

describe("Wasender's address", () => {
  it.each([
    "https://www.wasenderapi.com",
    "https://www.wasenderapi.com/",
    "https://www.wasenderapi.com/api",
    "https://www.wasenderapi.com/api//",
    " https://www.wasenderapi.com/api ",
    "",
  ])("%j has one meaning", (url) => {
    const { wasender } = read({ WHATSAPP_API_URL: url, WHATSAPP_API_TOKEN: " token " });
    expect(wasender).toMatchObject({ baseUrl: "https://www.wasenderapi.com/api", token: "token" });
  });

  it("another key or deployment has another fingerprint, which does not give the key away", () => {
    const print = (env: Record<string, string>) => read({ WHATSAPP_API_TOKEN: "token", ...env }).wasender?.fingerprint;
    expect(print({})).toMatch(/^[0-9a-f]{16}$/);
    expect(print({})).toBe(print({}));
    expect(print({ WHATSAPP_API_TOKEN: "other" })).not.toBe(print({}));
    expect(print({ VERCEL_DEPLOYMENT_ID: "dpl_2" })).not.toBe(print({}));
  });
});

it("Supabase's address is taken with and without what its pages append", () => {
  for (const url of ["https://abcd.supabase.co/", "https://abcd.supabase.co/rest/v1/"]) {
    expect(read({ SUPABASE_URL: url }).supabase.url).toBe("https://abcd.supabase.co");
  }
});

it("a secret may be a list, so that it can be rotated", () => {
  expect(read({ CRON_SECRET: " new , old,, " }).secrets.CRON_SECRET).toEqual(["new", "old"]);
});

describe("the message", () => {
  it("is the brief's, to the letter", () => {
    expect(ASK_TEXT).toBe(
      [
        "Buongiorno, sono Samuela della Greengen Group.",
        "Come da nostra conversazione telefonica, per procedere con la richiesta di accesso all'Agrisolare di quest'anno, avrei bisogno di ricevere una copia delle bollette elettriche.",
        "Può inviarmele quando le ha a disposizione?",
        "Grazie e buona giornata.",
      ].join("\n\n"),
    );
  });

  it("is replaced by WHATSAPP_MESSAGE, where \\n is a new line", () => {
    expect(read({ WHATSAPP_MESSAGE: "Ciao!\\nLe bollette?" }).ask.text).toBe("Ciao!\nLe bollette?");
  });

  it("is not replaced by a blank one", () => {
    expect(read({ WHATSAPP_MESSAGE: "  \n " }).ask.text).toBe(ASK_TEXT);
  });
});

describe("a developer's machine", () => {
  it.each([
    ["npm run dev, which says so", { LOCAL_DEVELOPMENT: "true" }, true],
    ["Vercel", { VERCEL: "1", VERCEL_ENV: "production" }, false],
    ["vercel dev", { VERCEL: "1", VERCEL_ENV: "development" }, false],
    ["any other host", {}, false],
    ["any other host, in development mode", { NODE_ENV: "development" }, false],
    ["a blank line in .env", { LOCAL_DEVELOPMENT: "" }, false],
    ["a value that nobody expects", { LOCAL_DEVELOPMENT: "production" }, false],
  ])("is not guessed: %s", (_, env, local) => {
    expect(read(env).local).toBe(local);
  });
});

it("every secret is listed for removal, and nothing that is not set", () => {
  const config = read({ CRON_SECRET: "cron-1,cron-2", WHATSAPP_API_TOKEN: "token-1" });
  expect([...secretValues(config)].sort()).toEqual(["cron-1", "cron-2", "sb_secret_1234567", "token-1"]);
  expect(secretValues(read())).toEqual(["sb_secret_1234567"]);
});
