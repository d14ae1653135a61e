import { readFile } from "node:fs/promises";
import { SUPABASE_AUTH_HELPERS_SQL } from "@supabase/lite";
import { openDatabase, SERVICES_SQL } from "./database.ts";
import { startPostgres } from "./postgres.ts";

// A PostgreSQL 17 that looks like a hosted Supabase project, to deploy onto: its roles, and who owns and may do what.
//
// It is more lenient than Supabase in this:
// - pg_cron, pg_net and Vault are stand-ins (extensions/): jobs do not run, requests are not sent, secrets are not encrypted.
//   pg_cron can be made in every database, and anybody who may create in a database may make the three.
// - postgres makes policies on storage.objects as a member of its owner; guard.sql refuses the rest that this would allow.
//   A policy's statement locks no other table; at Supabase it locks some twenty of auth, storage and realtime until the commit.
// - auth and storage have the tables that Supabase Lite needs, not all that there are, and realtime and graphql_public none.
// - The Data API's guard against `update` and `delete` without `where` (safeupdate) is a library that is not here:
//   tests/helpers/unguarded.ts reads the functions instead.
// - There is no pooler, no TLS and no password.

export type Hosted = {
  /** An empty project, with what Supabase granted on new objects by itself until 2026 (`old`), or with nothing (`none`). */
  createProject: (name: string, grants: "none" | "old") => Promise<Project>;
  stop: () => Promise<void>;
};

export type Project = {
  /** For `postgres`, as the owner of a project has it. */
  url: string;
  /** For the superuser, as whom Supabase's own services work here. */
  adminUrl: string;
};

const sql = (name: string) => readFile(new URL(`hosted/${name}`, import.meta.url), "utf8");

export async function startHosted(): Promise<Hosted> {
  const extensions = new URL("hosted/extensions/", import.meta.url);
  const server = await startPostgres({ superuser: "supabase_admin", extensions });
  const admin = await openDatabase(server.url("postgres"));
  await admin.exec(await sql("roles.sql"));
  return {
    createProject: async (name, grants) => {
      await admin.query(`create database ${name} owner postgres`);
      const database = await openDatabase(server.url(name));
      try {
        const parts = ["project.sql", ...(grants === "old" ? ["old-grants.sql"] : []), "guard.sql"];
        await database.exec(
          [SERVICES_SQL, SUPABASE_AUTH_HELPERS_SQL, ...(await Promise.all(parts.map(sql)))].join("\n"),
        );
      } finally {
        await database.close();
      }
      return { url: server.url(name, "postgres"), adminUrl: server.url(name) };
    },
    stop: async () => {
      await admin.close();
      await server.stop();
    },
  };
}
