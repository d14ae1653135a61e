import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Hosted, type Project, startHosted } from "../../dev/hosted.ts";

// That the project which tests deploy onto is no more lenient than a hosted one, but where dev/hosted.ts says so.

let hosted: Hosted;
let project: Project;
let owner: postgres.Sql;
beforeAll(async () => {
  hosted = await startHosted();
  project = await hosted.createProject("strict", "none");
  owner = postgres(project.url, { onnotice: () => undefined });
  await owner.unsafe(
    "create extension if not exists pg_cron; create extension if not exists pg_net with schema extensions",
  );
});
afterAll(async () => {
  await owner.end();
  await hosted.stop();
});

describe("postgres, as whom a project's owner comes,", () => {
  it("is no superuser, and passes row level security", async () => {
    const roles = await owner`
      select rolsuper, rolcreaterole, rolcreatedb, rolreplication, rolbypassrls from pg_roles where rolname = current_user`;
    expect(roles).toEqual([
      { rolsuper: false, rolcreaterole: true, rolcreatedb: true, rolreplication: true, rolbypassrls: true },
    ]);
  });

  it.each([
    "create table auth.mine (id int)",
    "create table storage.mine (id int)",
    "create table realtime.mine (id int)",
    "create function storage.mine() returns int language sql as 'select 1'",
    "create index on storage.objects (owner)",
    "create index on auth.users (email)",
    "alter table storage.objects disable row level security",
    "alter table storage.objects add column mine text",
    "alter table auth.users add column mine text",
    "alter table storage.objects owner to postgres",
    "create policy mine on auth.users using (true)",
    "comment on table storage.objects is 'mine'",
    "create policy mine on storage.buckets using (true)",
    "drop table storage.objects cascade",
    "drop function storage.filename(text)",
    "grant update on storage.buckets to anon with grant option",
    "grant create on schema storage to postgres",
    "set role supabase_storage_admin",
    "set role supabase_admin",
    "alter role postgres superuser",
    "drop event trigger guard_command",
    "update cron.job set active = false",
    "insert into cron.job (schedule, command) values ('1 second', 'select 1')",
    "create trigger mine before insert on cron.job_run_details execute function pg_catalog.suppress_redundant_updates_trigger()",
    "insert into vault.secrets (secret) values ('mine')",
  ])("may not: %s", async (statement) => {
    await expect(owner.unsafe(statement)).rejects.toMatchObject({ code: "42501" });
  });

  it("is told of a schedule that pg_cron does not know, and of a request that pg_net does not send", async () => {
    await expect(owner`select cron.schedule('mine', 'every five seconds', 'select 1')`).rejects.toThrow(
      "invalid schedule",
    );
    await expect(owner`select net.http_post('https://example.com', headers := '{}')`).rejects.toThrow("Content-Type");
  });

  it.each([
    "create policy mine on storage.objects for select to anon using (bucket_id = 'mine')",
    "alter policy mine on storage.objects using (bucket_id = 'yours')",
    "drop policy mine on storage.objects",
    "insert into storage.buckets (id, name) values ('mine', 'mine')",
    "create table public.mine (user_id uuid references auth.users (id) on delete cascade)",
    "select cron.schedule('mine', '5 seconds', 'select 1')",
    "select cron.schedule('mine', '5 4 * * *', 'select 2')",
    "select cron.unschedule('mine')",
    "delete from cron.job_run_details",
    "select vault.create_secret('secret', 'name')",
    "select net.http_post('https://example.com')",
  ])("may: %s", async (statement) => {
    await owner.unsafe(statement);
  });

  it("finds pg_cron in pg_catalog, and Vault where it is", async () => {
    expect(
      await owner`select extname, extnamespace::regnamespace::text as schema from pg_extension order by extname`,
    ).toEqual([
      { extname: "pg_cron", schema: "pg_catalog" },
      { extname: "pg_net", schema: "extensions" },
      { extname: "pgcrypto", schema: "extensions" },
      { extname: "plpgsql", schema: "pg_catalog" },
      { extname: "supabase_vault", schema: "vault" },
      { extname: "uuid-ossp", schema: "extensions" },
    ]);
    expect(await owner`select decrypted_secret from vault.decrypted_secrets`).toEqual([{ decrypted_secret: "secret" }]);
  });
});

it.each([
  ["none", []],
  ["old", ["DELETE", "INSERT", "SELECT", "UPDATE"]],
] as const)("with the grants %s, a new table gives the Data API's roles %j", async (grants, expected) => {
  const { url } = await hosted.createProject(`grants_${grants}`, grants);
  const sql = postgres(url);
  await sql`create table public.mine (id int)`;
  for (const role of ["anon", "authenticated", "service_role"]) {
    const rights = await sql<{ right: string }[]>`
      select r as right from unnest(array['DELETE', 'INSERT', 'SELECT', 'UPDATE']) r
       where has_table_privilege(${role}, 'public.mine', r)`;
    expect(rights.map(({ right }) => right)).toEqual(expected);
  }
  await sql.end();
});
