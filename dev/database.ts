import { ensureHistoryTable, getAuthSchemaSql, getStorageSchemaSql } from "@supabase/lite";
import { createPgliteConnection, type PgliteConnection } from "@supabase/lite/pglite";
import { HostedConnection } from "./hosted-connection.ts";
import { type Migration, readMigrations } from "./migration/read-migrations.ts";

/** A database as Supabase gives it to a new project, on PGlite or on a real PostgreSQL. */
export type LocalDatabase = {
  connection: PgliteConnection | HostedConnection;
  /** Runs SQL of any number of statements in one transaction. */
  exec: (sql: string) => Promise<void>;
  query: <Row>(sql: string) => Promise<Row[]>;
  close: () => Promise<void>;
};

/**
 * `location` is a postgres:// URL, a folder for PGlite, or `memory://`.
 *
 * @param image what PGlite's `dumpDataDir` gave: its database begins as that one was.
 */
export async function openDatabase(location: string, image?: Blob): Promise<LocalDatabase> {
  if (location.startsWith("postgres://")) {
    // The server passes JSON arguments to the driver as text, which would then be quoted a second time.
    const json = (oid: number) => ({
      to: oid,
      from: [oid],
      serialize: (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value)),
      parse: (value: string) => JSON.parse(value),
    });
    const connection = new HostedConnection({
      url: location,
      postgresOptions: { max: 40, onnotice: () => undefined, types: { json: json(114), jsonb: json(3802) } },
    });
    grantNothing(connection);
    return {
      connection,
      exec: async (sql) => {
        await connection.driver.begin((transaction) => transaction.unsafe(sql).simple());
      },
      query: async <Row>(sql: string) => {
        const rows: unknown = await connection.driver.unsafe(sql);
        return Array.isArray(rows) ? [...rows].map((row): Row => row) : [];
      },
      close: () => connection.close(),
    };
  }
  const connection = await createPgliteConnection({
    url: location,
    ...(image && { pgliteOptions: { loadDataDir: image } }),
  });
  grantNothing(connection);
  return {
    connection,
    exec: async (sql) => {
      await connection.driver.transaction((transaction) => transaction.exec(sql));
    },
    query: async <Row>(sql: string) => (await connection.driver.query<Row>(sql)).rows,
    close: () => connection.close(),
  };
}

/** Else it grants its roles everything in every schema, and a right that a migration forgot would not be missed. */
function grantNothing(connection: LocalDatabase["connection"]): void {
  // A request still runs as its role, which is what this says besides.
  Reflect.set(connection, "rlsState", "active");
}

/**
 * What Supabase's own services keep in a project's database before its first migration: the schemas auth and storage.
 */
export const SERVICES_SQL = `${getAuthSchemaSql()}\n${getStorageSchemaSql()}`;

/** The roles that a Supabase project has, with what it grants them by default: our migrations must take it away. */
const PROJECT_SQL = `
do $$
declare r text;
begin
  foreach r in array array['anon', 'authenticated', 'service_role'] loop
    begin
      execute format('create role %I nologin', r);
    exception when duplicate_object or unique_violation then null;
    end;
  end loop;
  begin
    alter role service_role bypassrls;
  exception when others then null; -- Another database of the same server is doing it at this moment.
  end;
end
$$;
grant usage on schema public, storage to anon, authenticated, service_role;
grant all on storage.buckets, storage.objects to anon, authenticated, service_role;
alter default privileges in schema public grant all on tables to anon, authenticated, service_role;
alter default privileges in schema public grant all on functions to anon, authenticated, service_role;
alter default privileges in schema public grant all on sequences to anon, authenticated, service_role;
`;

/** What a project has before its first migration: the roles, and the schemas auth, storage and supabase_migrations. */
export async function prepareProject(database: LocalDatabase): Promise<void> {
  await database.exec(SERVICES_SQL);
  await ensureHistoryTable(database.connection);
  await database.exec(PROJECT_SQL);
}

/**
 * Applies the migrations that the database does not have yet, each in a transaction of its own, or all of them in one.
 * Returns their names.
 */
export async function migrate(database: LocalDatabase, { inOneTransaction = false } = {}): Promise<string[]> {
  await prepareProject(database);
  const known = await database.query<{ version: string }>("select version from supabase_migrations.schema_migrations");
  const pending = (await readMigrations()).filter(({ version }) => !known.some((one) => one.version === version));
  const steps = pending.map((migration) => ({ file: migration.file, sql: recorded(migration) }));
  const whole = { file: "the migrations", sql: steps.map(({ sql }) => sql).join("\n") };
  for (const { file, sql } of inOneTransaction ? [whole] : steps) {
    try {
      await database.exec(sql);
    } catch (error) {
      throw new Error(`${file}: ${error instanceof Error ? error.message : error}`, { cause: error });
    }
  }
  return pending.map(({ file }) => file);
}

const recorded = ({ version, name, sql }: Migration) =>
  `${sql};\ninsert into supabase_migrations.schema_migrations (version, name) values ('${version}', '${name}');`;
