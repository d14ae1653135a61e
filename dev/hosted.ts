import { readFile } from "node:fs/promises";
import { SUPABASE_AUTH_HELPERS_SQL } from "@supabase/lite";
import { openDatabase, SERVICES_SQL } from "./database.ts";
import { startPostgres } from "./postgres.ts";

// A PostgreSQL 17 that looks like a hosted Supabase project, to deploy onto: its roles, and who owns and may do what.
//
// DEVELOPER.md, "The deployment of the database", says in what it is more lenient than Supabase.

export type Hosted = {
  /**
   * An empty project, with what Supabase granted on new objects by itself until 2026 (`old`), or with nothing (`none`).
   */
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
