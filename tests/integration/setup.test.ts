import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseEnv } from "node:util";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { parseCloudtalkWebhook } from "../../lib/cloudtalk/call.ts";
import { configProblems } from "../../lib/environment.ts";
import { findAnswers } from "../../scripts/answers.ts";
import { createWorld, type World } from "../helpers/world.ts";

const SCRIPT = fileURLToPath(new URL("../../scripts/setup.ts", import.meta.url));
const COMPLETE = [
  "--app-url",
  "my-app.vercel.app/",
  "--supabase-url",
  "https://abcd.supabase.co",
  "--supabase-key",
  "sb_secret_0123456789",
  "--wasender-token",
  "wasender-key",
];

let world: World;
let folder: string;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "setup-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function setup(...args: string[]): Promise<{ code: number; out: string }> {
  const { PATH, HOME } = process.env;
  return new Promise((done) => {
    const child = execFile(
      process.execPath,
      [SCRIPT, ...args],
      { cwd: folder, env: { PATH, HOME } },
      (error, out, err) => done({ code: error ? Number(error.code) : 0, out: out + err }),
    );
    child.stdin?.end();
  });
}
const file = () => join(folder, ".env.local");
const stored = async () => parseEnv(await readFile(file(), "utf8"));
const block = (out: string, from: string, to: string) => out.slice(out.indexOf(from), out.indexOf(to) + to.length);

it("makes the secrets and writes what was given, for its owner alone", async () => {
  const { code } = await setup(...COMPLETE);
  expect(code).toBe(0);
  const env = await stored();
  expect(env).toMatchObject({
    APP_URL: "https://my-app.vercel.app",
    SUPABASE_URL: "https://abcd.supabase.co",
    SUPABASE_KEY: "sb_secret_0123456789",
    WHATSAPP_API_TOKEN: "wasender-key",
  });
  const secrets = [env.CLOUDTALK_WEBHOOK_SECRET, env.WHATSAPP_WEBHOOK_SECRET, env.CRON_SECRET];
  for (const secret of secrets) expect(secret).toMatch(/^[0-9a-f]{64}$/);
  expect(new Set(secrets).size).toBe(3);
  expect(configProblems(env)).toEqual([]);
  expect((await stat(file())).mode & 0o777).toBe(0o600);
});

it("prints what to paste into CloudTalk, Wasender, Vercel and Supabase", async () => {
  const { out } = await setup(...COMPLETE);
  const env = await stored();
  expect(out).toContain("Endpoint   https://my-app.vercel.app/webhook/cloudtalk");
  expect(out).toContain(`Header     Authorization: Bearer ${env.CLOUDTALK_WEBHOOK_SECRET}`);
  expect(out).toContain("URL        https://my-app.vercel.app/api/whatsapp-webhook");
  expect(out).toContain(`Secret     ${env.WHATSAPP_WEBHOOK_SECRET}`);
  expect(out).toContain("messages.received, messages.upsert, messages.update, message.sent, session.status");
  expect(out).toContain('npx supabase db push --db-url "<the session pooler\'s connection string>"');
  expect(out).toContain("https://supabase.com/dashboard/project/abcd?");
  expect(out).toContain("npm run staff -- add anna@example.com Anna");
  for (const name of ["SUPABASE_URL", "SUPABASE_KEY", "CRON_SECRET", "WHATSAPP_API_TOKEN"]) {
    expect(out).toContain(`npm run -s setup -- --print ${name} | npx vercel env add ${name} production`);
  }
  expect(out).toContain("500 (Free) if it is not set, 8192 on Pro");
  expect(out).not.toContain("is recommended");
  // These need not be pasted by hand.
  expect(out).not.toContain("sb_secret_0123456789");
  expect(out).not.toContain("wasender-key");
});

it("the workflow's template, filled or not, is a call that the program understands", async () => {
  const { out } = await setup(...COMPLETE);
  const template = block(out, "   {\n", "\n   }");
  const filled = template
    .replace("{{ event.properties.call_uuid }}", "44fe27cd")
    .replace("{{ event.properties.external_number }}", "393330000001")
    .replace("{{ event.properties.talking_time }}", "61")
    .replace("{{ event.properties.contacts[0].name }}", "Maria Rossi");
  expect(parseCloudtalkWebhook(JSON.parse(filled))).toMatchObject({
    kind: "usable",
    value: {
      call_uuid: "44fe27cd",
      phone_number: "+393330000001",
      talked: true,
      contact_name: "Maria Rossi",
      recording_url: null,
    },
  });
});

it("the lines for Vault can be run twice, and after a change hold the new values", async () => {
  await world.database.exec(`
    create schema vault;
    create table vault.secrets (id uuid primary key default gen_random_uuid(), name text unique, secret text);
    create function vault.create_secret(new_secret text, new_name text) returns uuid language sql as
      $$ insert into vault.secrets (name, secret) values (new_name, new_secret) returning id $$;
    create function vault.update_secret(secret_id uuid, new_secret text) returns void language sql as
      $$ update vault.secrets set secret = new_secret where id = secret_id $$;`);
  for (const url of ["old.vercel.app", "my-app.vercel.app"]) {
    const { out } = await setup("--app-url", url);
    const sql = block(out, "do $$", "end\n   $$;");
    await world.database.exec(sql);
    await world.database.exec(sql);
  }
  expect(await world.query("select name, secret from vault.secrets order by name")).toEqual([
    { name: "cron_secret", secret: (await stored()).CRON_SECRET },
    { name: "outbox_url", secret: "https://my-app.vercel.app/api/outbox" },
  ]);
});

it("run again it changes nothing and prints the same", async () => {
  const first = await setup(...COMPLETE);
  const before = await readFile(file(), "utf8");
  const second = await setup();
  expect(second.code).toBe(0);
  expect(await readFile(file(), "utf8")).toBe(before);
  const steps = (out: string) => out.slice(0, out.indexOf(".env.local is "));
  expect(steps(second.out)).toBe(steps(first.out));
  expect(second.out).toContain(".env.local is as it was.");
});

it("keeps what is there: comments, other variables, secrets of one's own", async () => {
  await writeFile(
    file(),
    "# mine\nCRON_SECRET=my-own-long-secret,older\nWHATSAPP_MESSAGE='Ciao # a tutti'\nSUPABASE_URL=\n",
  );
  const { out } = await setup(...COMPLETE);
  const text = await readFile(file(), "utf8");
  expect(text).toMatch(
    /^# mine\nCRON_SECRET=my-own-long-secret,older\nWHATSAPP_MESSAGE='Ciao # a tutti'\nSUPABASE_URL=https/,
  );
  expect(out).toContain("('cron_secret', 'my-own-long-secret')");
  expect(out).toContain("--print WHATSAPP_MESSAGE");
});

it("with the public key it makes the app's secret and the line that tells the database", async () => {
  const { code, out } = await setup(...COMPLETE.with(5, "sb_publishable_0123456789"));
  expect(code).toBe(0);
  const { SUPABASE_APP_SECRET } = await stored();
  expect(out).toContain(`select private.add_app_secret('${SUPABASE_APP_SECRET}');`);
  expect(out).toMatch(/is the project's public key\. The secret key \(sb_secret_….*\) is recommended/);
  expect(out).toContain("insert into public.staff");
});

it("without a terminal it asks nothing, says what is missing, and goes on another time", async () => {
  const { code, out } = await setup("--app-url", "my-app.vercel.app");
  expect(code).toBe(1);
  expect(out).toContain("Still to do, then run npm run setup again:");
  expect(out).toContain("SUPABASE_KEY is not set");
  expect(out).toContain("WHATSAPP_API_TOKEN is not set yet");
  const { CRON_SECRET } = await stored();
  expect((await setup(...COMPLETE)).code).toBe(0);
  expect((await stored()).CRON_SECRET).toBe(CRON_SECRET);
});

it("--print gives one variable as it is, for a pipe", async () => {
  await setup(...COMPLETE);
  expect(await setup("--print", "SUPABASE_KEY")).toEqual({ code: 0, out: "sb_secret_0123456789" });
  expect((await setup("--print", "NOPE")).code).toBe(1);
});

it("says how it is used where it is asked, or not understood, and then makes nothing", async () => {
  for (const [flag, expected] of [
    ["--help", 0],
    ["-h", 0],
    ["--app-ulr", 2],
  ] as const) {
    const { code, out } = await setup(flag);
    expect(code, flag).toBe(expected);
    expect(out).toContain("npm run setup -- --app-url");
    expect(out).not.toMatch(/^\s+at /m);
  }
  await expect(readFile(file(), "utf8")).rejects.toThrow("ENOENT");
});

describe("an answer that cannot be right", () => {
  it.each([
    ["SUPABASE_URL", "abcd.supabase.co", "https://abcd.supabase.co"],
    ["SUPABASE_URL", "https://supabase.com/dashboard/project/abcd", "https://abcd.supabase.co"],
    ["SUPABASE_URL", "supabase.com/dashboard/project/abcd/settings/api-keys", "https://abcd.supabase.co"],
    ["SUPABASE_URL", "127.0.0.1:54321", "http://127.0.0.1:54321"],
    ["APP_URL", "http://my-app.vercel.app/monitor", "https://my-app.vercel.app"],
    ["APP_URL", "http://localhost:3000/", "http://localhost:3000"],
  ])("is mended where it is plain what was meant: %s=%s", async (name, value, meant) => {
    await setup(...COMPLETE);
    await writeFile(
      file(),
      (await readFile(file(), "utf8")).replace(new RegExp(`^${name}=.*$`, "m"), `${name}=${value}`),
    );
    const { code, out } = await setup();
    expect(out).toContain(`.env.local is written: ${name}.`);
    expect((await stored())[name]).toBe(meant);
    expect(code).toBe(0);
  });

  it.each([
    ["--app-url", "nowhere", "APP_URL nowhere is not the app's address"],
    ["--app-url", "https://vercel.com/me/my-app", "is not the app's address"],
    ["--supabase-url", "abcd", "SUPABASE_URL is not a URL"],
    [
      "--supabase-url",
      "https://supabase.com/dashboard/org/abcd",
      "SUPABASE_URL is the address of Supabase's dashboard",
    ],
    ["--supabase-url", "https://abcd.supabase.co/functions/v1", "SUPABASE_URL has a path"],
    [
      "--supabase-key",
      `eyJ.${Buffer.from('{"role":"service_role","ref":"efgh"}').toString("base64url")}.sig`,
      "SUPABASE_KEY is of the project efgh",
    ],
    ["--wasender-token", "two words", "WHATSAPP_API_TOKEN must be letters, digits and signs without spaces"],
  ])("is named and not stored: %s %s", async (flag, value, says) => {
    const args = COMPLETE.with(COMPLETE.indexOf(flag) + 1, value);
    const first = await setup(...args);
    expect(first.code).toBe(1);
    expect(first.out.slice(first.out.indexOf("Still to do"))).toContain(says);
    expect(await readFile(file(), "utf8")).not.toContain(value);
    // Nor does it take the place of a right one.
    await setup(...COMPLETE);
    const before = await readFile(file(), "utf8");
    expect(await setup(...args)).toMatchObject({ code: 1, out: expect.stringContaining(says) });
    expect(await readFile(file(), "utf8")).toBe(before);
  });

  it("that the file has is named, and nothing is to be put on Vercel from it", async () => {
    await setup(...COMPLETE);
    await writeFile(file(), (await readFile(file(), "utf8")).replace("https://abcd.supabase.co", "abcd"));
    const { code, out } = await setup();
    expect(code).toBe(1);
    expect(out).toContain("SUPABASE_URL is not a URL");
    expect(out).not.toContain("--print SUPABASE_URL");
    expect(await setup("--supabase-url", "https://abcd.supabase.co")).toMatchObject({ code: 0 });
  });

  it("is asked for again on a terminal, until it is right or left open", async () => {
    const asked: string[] = [];
    const told: string[] = [];
    const typed = ["still wrong", "https://abcd.supabase.co", ""];
    const found = await findAnswers(
      {
        flags: { "app-url": "my-app.vercel.app" },
        stored: { SUPABASE_URL: "abcd", WHATSAPP_API_TOKEN: "wasender-key" },
        environment: { WHATSAPP_API_TOKEN: "two words" },
      },
      async (question) => {
        asked.push(question);
        return typed.shift() ?? "";
      },
      (problem) => told.push(problem),
    );
    expect(found).toEqual({
      answers: {
        APP_URL: "https://my-app.vercel.app",
        SUPABASE_URL: "https://abcd.supabase.co",
        WHATSAPP_API_TOKEN: "wasender-key",
      },
      problems: [],
    });
    expect(asked).toEqual([
      expect.stringContaining("Supabase's URL"),
      expect.stringContaining("Supabase's URL"),
      expect.stringContaining("Supabase's secret key"),
    ]);
    expect(told).toEqual([
      expect.stringContaining("SUPABASE_URL is not a URL"),
      expect.stringContaining("SUPABASE_URL is not a URL"),
    ]);
  });
});

it("changes the line that counts where the file has a variable twice", async () => {
  await writeFile(
    file(),
    "SUPABASE_URL=https://old.supabase.co\n# later\nexport SUPABASE_URL=https://older.supabase.co\n",
  );
  await setup(...COMPLETE);
  expect((await stored()).SUPABASE_URL).toBe("https://abcd.supabase.co");
  expect(await readFile(file(), "utf8")).not.toContain("old");
});

it("puts every variable of .env.example on Vercel", async () => {
  const example = await readFile(new URL("../../.env.example", import.meta.url), "utf8");
  const names = Object.keys(parseEnv(example));
  expect(names.length).toBeGreaterThan(15);
  await writeFile(file(), names.map((name) => `${name}=1\n`).join(""));
  const { out } = await setup(...COMPLETE);
  const added = [...out.matchAll(/vercel env add (\w+)/g)].map(([, name]) => name);
  expect(added.sort()).toEqual(names.sort());
});
