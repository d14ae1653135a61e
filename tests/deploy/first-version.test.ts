import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type LocalDatabase, openDatabase } from "../../dev/database.ts";
import { type Hosted, type Project, startHosted } from "../../dev/hosted.ts";
import { fillFirstVersion } from "../helpers/first-version.ts";
import { PUSH, REPAIR, readmeCommand, runCli } from "../helpers/supabase-cli.ts";
import { createWorld } from "../helpers/world.ts";

// What becomes of a project of this program's first version by the README's three commands.

const ROOT = new URL("../../", import.meta.url);
const REPLAY = /npm run replay -- (--since \S+ --apply)/;

let hosted: Hosted;
let project: Project;
let owner: LocalDatabase;
beforeAll(async () => {
  hosted = await startHosted();
  project = await hosted.createProject("first", "old");
  owner = await openDatabase(project.url);
  await fillFirstVersion(owner);
});
afterAll(async () => {
  await owner.close();
  await hosted.stop();
});

it("is not pushed onto until what it has recorded is repaired", async () => {
  const push = await readmeCommand(PUSH, project.url);
  expect(await runCli(push)).toEqual({
    code: 1,
    out: expect.stringContaining("Remote migration versions not found in local migrations directory"),
  });
  expect(await runCli(await readmeCommand(REPAIR, project.url))).toMatchObject({ code: 0 });
  expect(await runCli(push)).toMatchObject({ code: 0 });
});

it("stays, with its own tables set aside", async () => {
  expect(await owner.query("select name from public.staff")).toEqual([{ name: "Anna" }]);
  expect(await owner.query("select message_id from private.erased_messages")).toEqual([{ message_id: "ERASED" }]);
  expect(await owner.query("select count(*)::int as secrets from private.app_secrets")).toEqual([{ secrets: 1 }]);
  expect(await owner.query("select count(*)::int as messages from first_version.whatsapp_messages")).toEqual([
    { messages: 3 },
  ]);
});

it("is recorded anew by the README's command: messages that were never sent wait again, replies are there", async () => {
  const texts = (direction: string) =>
    owner.query(`select m.phone_number as number, m.status from public.whatsapp_messages m
            where m.direction = '${direction}' and m.phone_number like '+39333%' order by m.phone_number`);
  const calls =
    "select phone_number as number, electricity_bill_received as received from public.cloudtalk_calls where phone_number like '+39333%' order by 1";
  const before = await owner.query(calls);
  const world = await createWorld(await openDatabase(project.adminUrl));
  const [, flags = ""] = REPLAY.exec(await readFile(new URL("README.md", ROOT), "utf8")) ?? [];
  const { stdout } = await promisify(execFile)(process.execPath, ["scripts/replay.ts", ...flags.split(" ")], {
    cwd: ROOT,
  });
  await world.close();
  expect(stdout).toMatch(/\n(\d+) of \1 recorded\.\n$/);
  expect(await texts("incoming")).toEqual([{ number: "+393330000001", status: "received" }]);
  expect(await texts("outgoing")).toContainEqual({ number: "+393330000002", status: "queued" });
  expect(await owner.query(calls)).toEqual(before);
  expect(before).toEqual([
    { number: "+393330000001", received: true },
    { number: "+393330000002", received: false },
  ]);
});

it("is erased with the customer, also in the tables that were set aside", async () => {
  const mentions = async () => {
    const tables = await owner.query<{ name: string }>(`
      select oid::regclass::text as name from pg_class
       where relkind = 'r' and relnamespace::regnamespace::text in ('public', 'private', 'first_version') order by 1`);
    const found: string[] = [];
    for (const { name } of tables) {
      const rows = await owner.query(
        `select 1 from ${name} t where to_jsonb(t)::text ~ '333 ?0000001|98700000000001|Maria' limit 1`,
      );
      if (rows.length > 0) found.push(name);
    }
    return found;
  };
  expect(await mentions()).toEqual(
    expect.arrayContaining([
      "first_version.conversations",
      "first_version.whatsapp_lids",
      "first_version.whatsapp_messages",
      "webhook_requests",
    ]),
  );
  const others =
    "select count(*)::int as messages from first_version.whatsapp_messages where phone_number = '+393330000002'";
  const before = await owner.query(others);
  const world = await createWorld(await openDatabase(project.adminUrl));
  await promisify(execFile)(process.execPath, ["scripts/erase.ts", "+393330000001"], { cwd: ROOT });
  await world.close();
  expect(await mentions()).toEqual([]);
  expect(await owner.query(others)).toEqual(before);
});
