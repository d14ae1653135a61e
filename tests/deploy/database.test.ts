import { readdir, readFile } from "node:fs/promises";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { POST as ring } from "../../api/outbox.ts";
import { POST as postCall } from "../../api/webhook/cloudtalk.ts";
import { POST as postMessage } from "../../api/whatsapp-webhook.ts";
import { type LocalDatabase, openDatabase } from "../../dev/database.ts";
import { type Hosted, type Project, startHosted } from "../../dev/hosted.ts";
import { type LocalServer, serve } from "../../dev/serve.ts";
import { createWasenderSandbox, type WasenderSandbox } from "../../dev/wasender/sandbox.ts";
import { checkHealth } from "../../lib/health/check-health.ts";
import { fillFirstVersion } from "../helpers/first-version.ts";
import { fillLegacy } from "../helpers/legacy.ts";
import { rightsOf } from "../helpers/rights.ts";
import { PUSH, REPAIR, readmeCommand, runCli } from "../helpers/supabase-cli.ts";
import { createWorld, jsonRequest, type World } from "../helpers/world.ts";

// What the README's database step makes of a project: its command, with the CLI that is pinned, as the role that the owner
// of a project has.

const ROOT = new URL("../../", import.meta.url);
const LEGACY_WEBHOOKS = 300;
const SECRET = "the-secret-of-the-clock";

const PROJECTS = [
  { title: "an empty project", name: "empty", grants: "none", folder: "." },
  // The CLI finds the project from a folder in it, too.
  { title: "an empty project of before 2026", name: "older", grants: "old", folder: "docs" },
  { title: "a project that the previous system has left", name: "legacy", grants: "old", folder: "." },
  { title: "a project of this program's first version", name: "first", grants: "old", folder: "." },
] as const;

let hosted: Hosted;
/** As the owner of the project, who is `postgres`. */
const owners = new Map<string, LocalDatabase>();
const owner = (name: string) => owners.get(name) ?? expect.unreachable(`${name} was not made`);
beforeAll(async () => {
  hosted = await startHosted();
});
afterAll(async () => {
  for (const database of owners.values()) await database.close();
  await hosted.stop();
});

async function migrations(): Promise<string[]> {
  const files = await readdir(new URL("supabase/migrations/", ROOT));
  return files.flatMap((file) => /^(\d+)_\w+\.sql$/.exec(file)?.[1] ?? []).sort();
}

describe.each(PROJECTS)("$title", ({ name, grants, folder }) => {
  let project: Project;
  beforeAll(async () => {
    project = await hosted.createProject(name, grants);
    const database = await openDatabase(project.url);
    owners.set(name, database);
    if (name === "legacy") await fillLegacy(database, LEGACY_WEBHOOKS);
    if (name === "first") await fillFirstVersion(database);
  });

  it("gets every migration from the README's command, and none when that is repeated", async () => {
    if (name === "first") expect(await runCli(await readmeCommand(REPAIR, project.url))).toMatchObject({ code: 0 });
    const command = await readmeCommand(PUSH, project.url);
    expect(await runCli(command, folder)).toEqual({
      code: 0,
      out: expect.stringContaining("Finished supabase db push."),
    });
    const recorded = await owner(name).query<{ version: string }>(
      "select version from supabase_migrations.schema_migrations order by version",
    );
    expect(recorded.map(({ version }) => version)).toEqual(await migrations());
    expect(await runCli(command, folder)).toEqual({
      code: 0,
      out: expect.stringContaining("Remote database is up to date."),
    });
  });

  describe("then", () => {
    let world: World;
    let app: LocalServer;
    let wasender: WasenderSandbox;
    beforeAll(async () => {
      world = await createWorld(await openDatabase(project.adminUrl));
      app = await serve((request) => postMessage(request));
    });
    afterAll(async () => {
      await app.close();
      await world.close();
    });
    beforeEach(async () => {
      wasender = await createWasenderSandbox({ apiKey: "key", webhookUrl: app.url, minIntervalMs: 0 });
      Object.assign(process.env, {
        WHATSAPP_API_TOKEN: "key",
        WHATSAPP_API_URL: wasender.url,
        WHATSAPP_MIN_INTERVAL_SECONDS: "0",
        CRON_SECRET: SECRET,
      });
    });
    afterEach(async () => {
      await wasender.close();
      for (const variable of ["WHATSAPP_API_TOKEN", "WHATSAPP_API_URL", "WHATSAPP_MIN_INTERVAL_SECONDS", "CRON_SECRET"])
        delete process.env[variable];
    });

    const end = async (call: { call_uuid: string; external_number: number }) =>
      (await postCall(jsonRequest("/webhook/cloudtalk", { talking_time: 45, ...call }))).json();

    it("asks the customer after a call, and marks the call when they answer", async () => {
      const number = 393480000001;
      expect(await end({ call_uuid: "first", external_number: number })).toMatchObject({
        success: true,
        message: { status: "queued" },
      });
      await world.settled();
      await wasender.idle();
      expect(wasender.sends).toHaveLength(1);
      await wasender.reply(`+${number}`, { type: "text", text: "Ecco la bolletta" });
      expect(
        await world.query(
          `select electricity_bill_received as received from public.cloudtalk_calls where phone_number = '+${number}'`,
        ),
      ).toEqual([{ received: true }]);
      expect(
        await world.query(
          `select direction, status from public.whatsapp_messages where phone_number = '+${number}' order by id`,
        ),
      ).toEqual([
        { direction: "outgoing", status: "delivered" },
        { direction: "incoming", status: "received" },
      ]);
    });

    it("is rung by Supabase Cron as soon as Vault holds the README's two secrets", async () => {
      const [, vault = ""] =
        /```sql\n([^`]*vault[^`]*)```/.exec(await readFile(new URL("README.md", ROOT), "utf8")) ?? [];
      expect(vault).toContain("outbox_url");
      await owner(name).exec(vault.replace("<your app>", "app.example").replace("<CRON_SECRET>", SECRET));
      const [job] = await owner(name).query<{ command: string }>(
        "select schedule, command, active from cron.job where jobname = 'outbox-clock'",
      );
      expect(job).toEqual({ schedule: "5 seconds", command: "select private.ring_outbox()", active: true });

      // Without a token nothing is sent behind the webhook.
      const { WHATSAPP_API_TOKEN } = process.env;
      delete process.env.WHATSAPP_API_TOKEN;
      await end({ call_uuid: "second", external_number: 393480000002 });
      await world.settled();
      Object.assign(process.env, { WHATSAPP_API_TOKEN });

      expect(await owner(name).query(job?.command ?? "")).toEqual([{ ring_outbox: "rang" }]);
      const requests = await owner(name).query<{ url: string; headers: Record<string, string>; body: string }>(
        "select url, headers, convert_from(body, 'UTF8') as body from net.http_request_queue",
      );
      expect(requests).toMatchObject([
        { url: "https://app.example/api/outbox", headers: { Authorization: `Bearer ${SECRET}` }, body: "{}" },
      ]);
      const [{ headers, body } = expect.unreachable()] = requests;
      expect((await ring(jsonRequest("/api/outbox", body, headers))).status).toBe(200);
      await world.settled();
      await wasender.idle();
      expect(wasender.sends).toHaveLength(1);
    });

    it("has the clock's log cleared daily, and no other job's", async () => {
      const [job] = await owner(name).query<{ command: string }>(
        "select schedule, command, active from cron.job where jobname = 'outbox-clock-log'",
      );
      expect(job).toMatchObject({ schedule: "17 3 * * *", active: true });
      const log = () => owner(name).query("select distinct command, end_time from cron.job_run_details order by 1, 2");
      // As pg_cron itself does it.
      await world.database.exec(`
        insert into cron.job_run_details (jobid, username, command, status, start_time, end_time)
        select j.jobid, 'postgres', j.command, 'succeeded', r.at, r.at
          from (select jobid, command from cron.job union all select 99, 'select another_program()') j,
            -- The second run was cut off: it has no times.
            (values (1, now() - interval '3 days'), (2, null), (3, now() - interval '49 hours'), (4, now() - interval '1 day')) r (n, at)
         order by r.n`);
      expect(await log()).toHaveLength(3 * 4);
      expect(await owner(name).query(job?.command ?? "")).toEqual([{ clear_clock_log: 2 * 3 }]);
      expect(await log()).toHaveLength(2 + 4);
      await owner(name).query("delete from cron.job_run_details");
    });

    it("is found in order by doctor", async () => {
      const findings = await checkHealth(process.env, false);
      const database = ["migrations", "access", "storage", "clock"];
      expect(findings.filter(({ check }) => database.includes(check))).toEqual(
        database.map((check) => expect.objectContaining({ check, status: "ok" })),
      );
    });
  });
});

it("nobody has more rights where Supabase gave everybody all, or what was there before did", async () => {
  const expected = await rightsOf(owner("empty"));
  expect(expected.length).toBeGreaterThan(50);
  for (const name of ["older", "legacy", "first"]) {
    const found = new Map((await rightsOf(owner(name))).map(({ object, rights }) => [object, rights]));
    const others = expected.flatMap(({ object, rights }) => {
      const given = found.get(object) ?? [];
      const more = given.filter((right) => !rights.includes(right)).map((right) => `${object}: ${right}`);
      const fewer = rights.filter((right) => !given.includes(right)).map((right) => `${object}: ${right}, not here`);
      return [...more, ...fewer];
    });
    expect(others, name).toEqual([]);
  }
});
