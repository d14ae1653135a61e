import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { applyMigrations } from "../../dev/migration/apply-migrations.ts";
import { findDrift } from "../../dev/migration/find-drift.ts";
import { startProjects } from "../../dev/migration/projects.ts";
import { readMigrations } from "../../dev/migration/read-migrations.ts";
import { findBrokenSeals } from "../../dev/migration/seals.ts";
import { writeMigration } from "../../dev/migration/write-migration.ts";
import { SUPABASE } from "../../dev/schema.ts";

// What a person does who changes the database, on a copy of supabase/: an edit in schemas, then npm run migration.

const NOW = new Date("2100-01-31T12:34:56.789Z");

let projects: Awaited<ReturnType<typeof startProjects>>;
beforeAll(async () => {
  projects = await startProjects();
});
afterAll(() => projects.stop());

let folder: string;
let supabase: URL;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "supabase-"));
  supabase = pathToFileURL(`${folder}/`);
  await cp(SUPABASE, supabase, { recursive: true });
});
afterEach(() => rm(folder, { recursive: true }));

const schema = (path: string) => new URL(`schemas/${path}`, supabase);

async function edit(path: string, ...changes: [from: string, to: string][]): Promise<void> {
  let sql = await readFile(schema(path), "utf8");
  for (const [from, to] of changes) {
    expect(sql, path).toContain(from);
    sql = sql.replace(from, () => to);
  }
  await writeFile(schema(path), sql);
}

const written = (file: string | undefined) => readFile(new URL(`migrations/${file}`, supabase), "utf8");

const PING = `create or replace function public.ping(p_n integer default 1) returns jsonb
language plpgsql security definer set search_path = '' as $$
begin
  perform private.authorize();
  -- Not NULL; never.
  return to_jsonb(p_n);
end
$$;
comment on function public.ping is 'Answers.';
revoke execute on function public.ping from public, anon, authenticated, service_role;
grant execute on function public.ping to anon, service_role;
`;

const VISITS = `create table public.visits (
  id bigint generated always as identity primary key,
  conversation_id bigint not null,
  constraint visits_id_check check (id > 0)
);
comment on table public.visits is 'When somebody came.';

alter table public.visits add constraint visits_conversation_id_fkey
  foreign key (conversation_id) references public.conversations (id) on delete cascade;
create index visits_conversation_id_idx on public.visits (conversation_id);

-- A page that is open hears of it.
create trigger visits_noted after insert on public.visits
  for each row execute function private.note_change();

alter table public.visits enable row level security;
revoke all on table public.visits from public, anon, authenticated, service_role;
grant select, insert, delete on table public.visits to service_role;
revoke all on sequence public.visits_id_seq from public, anon, authenticated, service_role;
`;

/** Something of each kind; nothing that the app which is deployed would miss. */
async function expand(): Promise<void> {
  await writeFile(schema("alert/ping.sql"), PING);
  await writeFile(schema("tables/visits.sql"), VISITS);
  await rm(schema("monitor/format_cursor.sql"));
  await edit("alert/claim_alerts.sql", ["\nbegin\n", "\nbegin\n  -- Tried.\n"]);
  await edit("access/who_am_i.sql", ["to authenticated, service_role", "to anon, authenticated, service_role"]);
  await edit("project/clock.sql", ["'5 seconds'", "'7 seconds'"]);
  await edit("types/pending.sql", ["\n);", ",\n  extra text\n);"]);
  await edit(
    "tables/alerts.sql",
    ["  detail text,\n", "  detail text,\n  severity text not null default 'warn',\n"],
    ["\n);", ",\n  constraint alerts_severity_check check (severity in ('warn', 'error'))\n);"],
    [
      "\nalter table public.alerts enable",
      `comment on column public.alerts.severity is 'How bad; see "public"."alerts".';
-- The page asks for the bad ones first.
create index alerts_severity_idx on public.alerts (severity) where cleared_at is null;
create trigger alerts_noted after update on public.alerts
  for each row when (new.severity = 'error') execute function private.note_change();

alter table public.alerts enable`,
    ],
    ["grant select, insert, update, delete", "grant select, insert, update"],
  );
}

describe("npm run migration", () => {
  it("writes what the schemas have and the migrations do not, so that check is content", async () => {
    await expand();
    const { create } = projects;
    const first = await create();
    await applyMigrations(first.database, await readMigrations(supabase));
    const [drift] = await findDrift(supabase, first.database, create);
    expect(drift).toContain("\n  - table public.visits\n");
    expect(drift).toContain("\n  + function private.format_cursor(");
    expect(drift).toContain("\n  - cron job outbox-clock: 7 seconds: ");
    expect(drift).toContain("npm run migration -- <name>");

    const options = { name: "add_visits", now: NOW, supabase };
    const file = "21000131123456_add_visits.sql";
    expect(await writeMigration(options, create)).toEqual({ file, left: [] });
    const migrations = await readMigrations(supabase);
    expect(migrations.at(-1)?.file).toBe(file);
    expect(await findBrokenSeals(migrations, supabase)).toEqual([]);
    const { database } = await create();
    expect(await applyMigrations(database, migrations)).toEqual([]);
    expect(await findDrift(supabase, database, create)).toEqual([]);
    expect(await writeMigration({ ...options, now: new Date(+NOW + 1000) }, create)).toBeNull();

    const sql = await written("21000131123456_add_visits.sql");
    // A function is whole, with its comment and rights, and so is a new table; what they say is said word for word.
    expect(sql).toContain(PING.trim());
    expect(sql).toContain("-- A page that is open hears of it.\ncreate trigger visits_noted after insert on");
    expect(sql).toContain("-- The page asks for the bad ones first.\ncreate index alerts_severity_idx");
    expect(sql).toContain("revoke all on table public.visits from public, anon, authenticated, service_role;");
    expect(sql).toContain("drop function private.format_cursor(");
    expect(sql).toContain("'7 seconds'");
    // What has not changed is not in it.
    expect(sql.match(/create or replace function [\w.]+/g)?.sort()).toEqual([
      "create or replace function public.claim_alerts",
      "create or replace function public.ping",
      "create or replace function public.who_am_i",
    ]);
    expect(sql).not.toMatch(/create table public\.alerts|bucket_id|revoke all on function|FINISH/);
  });

  it("leaves to a person what would take something from the app that is deployed, or needs to know the rows", async () => {
    await edit(
      "tables/alerts.sql",
      ["  detail text,\n", "  detail text not null,\n  place text not null,\n"],
      ["  told_at timestamptz,\n", ""],
      [/.*alerts\.told_at is .*\n/.exec(await readFile(schema("tables/alerts.sql"), "utf8"))?.[0] ?? "?", ""],
    );
    await edit("alert/settle_alert.sql", ["p_over boolean)", "p_over boolean, p_by text)"]);
    await edit("access/who_am_i.sql", ["to authenticated, service_role", "to service_role"]);
    await edit("project/storage_policy.sql", ["for all to anon", "for all to anon, service_role"]);
    const result = await writeMigration({ name: "contract", now: NOW, supabase }, projects.create);
    expect(result?.left.map((one) => one.replace(/^\w+\.sql:? |: .*/g, "")).sort()).toEqual([
      "is not finished",
      "public.alerts.detail",
      "public.alerts.place",
      "public.alerts.told_at",
      "public.settle_alert",
      "public.who_am_i",
    ]);
    const sql = await written(result?.file);
    expect(sql).toContain(
      "FINISH: what is in it is lost. If it was renamed, write that instead.\nalter table public.alerts",
    );
    expect(sql).toContain(
      "FINISH: rows that are there have no value for it: fill them first.\nalter table public.alerts",
    );
    expect(sql).toMatch(
      /drop function public\.settle_alert\(text, boolean\);[\s\S]*create or replace function public\.settle_alert/,
    );
    expect(sql).toContain('revoke all on function public.who_am_i() from "authenticated";');
    expect(sql).toMatch(
      /^set check_function_bodies = off;\n\nset lock_timeout = '5s';\n[\s\S]*\nreset lock_timeout;\n$/,
    );
  });

  it("keeps what it cannot try, and why", async () => {
    const mood = (values: string) =>
      `create type private.mood as enum (${values});\ncomment on type private.mood is 'Of a customer.';\n`;
    await writeFile(new URL("migrations/20991231000000_mood.sql", supabase), mood("'good'"));
    await writeFile(schema("types/mood.sql"), mood("'good', 'bad'"));
    await edit("tables/alerts.sql", [
      "  detail text,\n",
      "  detail text,\n  mood private.mood not null default 'bad',\n",
    ]);
    const result = await writeMigration({ name: "mood", now: NOW, supabase }, projects.create);
    expect(result?.left).toEqual([expect.stringContaining("is not finished")]);
    expect(await written(result?.file)).toMatch(/\n-- FINISH: it fails: unsafe use of new value "bad" .*\n$/);
  });

  it("gives no version from before the last", async () => {
    const late = writeMigration({ name: "late", now: new Date(0), supabase }, projects.create);
    await expect(late).rejects.toThrow("is the clock right?");
  });
});
