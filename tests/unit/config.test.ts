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
      terms: {
        closed: [],
        first_contacts_per_day: null,
        check_numbers: true,
        objection_reply: "Va bene, non riceverà altri messaggi automatici da noi.",
        ask: { text: ASK_TEXT, cooldown_hours: 0, after_bill: false },
        case: { accepts_history: false },
      },
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
    ["WHATSAPP_CLOSED_DAYS", "24/12/2026", "must be days like 2026-12-24, separated by commas"],
    ["WHATSAPP_CLOSED_DAYS", "2026-12-24,2027-02-29", "must be days like 2026-12-24"],
    ["WHATSAPP_FIRST_CONTACTS_PER_DAY", "0", "must be a whole number from 1 to 100000, or blank for no limit"],
    ["WHATSAPP_FIRST_CONTACTS_PER_DAY", "2.5", "must be a whole number"],
    ["WHATSAPP_FIRST_CONTACTS_PER_DAY", "few", "must be a whole number"],
    ["WHATSAPP_CHECK_NUMBERS", "sometimes", 'must be "true" or "false"'],
    ...[
      ["mon 9", "cannot be read"],
      ["9-20", "cannot be read"],
      ["mon-fri 9-20;sat 10-19", "cannot be read"],
      ["mon-fri 9-20,", "cannot be read"],
      ["always", "cannot be read"],
      ["mon-fry 9-20", "names a day that there is not"],
      ["mo 9-20", "names a day that there is not"],
      ["mon 9:60-20", "names a time that there is not"],
      ["mon 9-24:01", "names a time that there is not"],
      ["mon 9-9", "ends before it begins"],
      ["fri 22-6", "write a night as two: fri 22-24, sat 0-6"],
    ].map(([value = "", words = ""]) => ["WHATSAPP_SEND_HOURS", value, words]),
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

describe("when messages may go", () => {
  const hours = (text: string) => read({ WHATSAPP_SEND_HOURS: text }).terms.hours;
  const days = (first: number, last: number, from: number, to: number) =>
    Array.from({ length: last - first + 1 }, (_, n) => ({ day: first + n, from: from * 60, to: to * 60 }));
  const usual = [...days(1, 5, 9, 20), ...days(6, 6, 10, 19)];

  it.each([
    ["", usual],
    ["mon-fri 9-20, sat 10-19", usual],
    [" MON - Fri9-20,Sat 10 - 19 ", usual],
    ["lun–ven 09:00–20:00, sab 10.00-19.00", usual],
    ["lunedì-venerdi 9-20, Saturday 10-19", usual],
    ["mon-sun 8:30-21", days(1, 7, 8.5, 21)],
    ["dom 0-24", days(7, 7, 0, 24)],
    ["mer 9-13, wed 15-19", [...days(3, 3, 9, 13), ...days(3, 3, 15, 19)]],
    ["sat-mon 9-12", [...days(6, 7, 9, 12), ...days(1, 1, 9, 12)]],
    ["off", null],
    [" Off ", null],
  ])("%j", (text, expected) => {
    expect(hours(text)).toEqual(expected);
  });

  it("a day is the same in English and Italian, short and long", () => {
    const english = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    const italian = ["lunedì", "martedì", "mercoledì", "giovedì", "venerdì", "sabato", "domenica"];
    for (const names of [english, italian]) {
      expect(names.map((name) => hours(`${name} 9-10`)?.[0]?.day)).toEqual([1, 2, 3, 4, 5, 6, 7]);
      expect(names.map((name) => hours(`${name.slice(0, 3)} 9-10`)?.[0]?.day)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    }
  });

  it("what is wrong is quoted, with an example", () => {
    expect(() => hours("mon-fri 9-20, Satur 25-26")).toThrow(
      'WHATSAPP_SEND_HOURS names a time that there is not, in "Satur 25-26": write it like mon-fri 9-20, sat 10-19, or off for any time',
    );
  });

  it("closed days are sorted, each once", () => {
    expect(read({ WHATSAPP_CLOSED_DAYS: "2027-06-24, 2026-12-24,,2027-06-24" }).terms.closed).toEqual([
      "2026-12-24",
      "2027-06-24",
    ]);
  });
});

it("what else the database must know of the environment", () => {
  const { terms } = read({
    WHATSAPP_FIRST_CONTACTS_PER_DAY: "20",
    WHATSAPP_CHECK_NUMBERS: "false",
    WHATSAPP_OBJECTION_REPLY: "Certo.\\nArrivederci",
    WHATSAPP_MESSAGE: "Ciao!\\nLe bollette?",
    WHATSAPP_ASK_COOLDOWN_HOURS: "12",
    WHATSAPP_ASK_AFTER_BILL: "true",
  });
  expect(terms).toMatchObject({
    first_contacts_per_day: 20,
    check_numbers: false,
    objection_reply: "Certo.\nArrivederci",
    ask: { text: "Ciao!\nLe bollette?", cooldown_hours: 12, after_bill: true },
  });
  expect(read({ WHATSAPP_OBJECTION_REPLY: "OFF" }).terms.objection_reply).toBeNull();
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
