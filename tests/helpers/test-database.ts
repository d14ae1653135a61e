import { randomUUID } from "node:crypto";
import { openAsBlob } from "node:fs";
import { inject } from "vitest";
import { type LocalDatabase, openDatabase } from "../../dev/database.ts";
import { TEMPLATE } from "./postgres-server.ts";

/** A migrated database that nobody else has, on what TEST_DATABASE names. */
export async function openTestDatabase(): Promise<LocalDatabase> {
  if (process.env.TEST_DATABASE !== "postgres") {
    return openDatabase("memory://", await openAsBlob(inject("pgliteImage")));
  }
  return createPostgresDatabase(TEMPLATE);
}

/** A new database on the PostgreSQL of all test files, as a copy of another one. */
export async function createPostgresDatabase(template = "template1"): Promise<LocalDatabase> {
  const url = (name: string) => inject("postgresUrl").replace("{name}", name);
  const name = `test_${randomUUID().replaceAll("-", "")}`;
  const admin = await openDatabase(url("postgres"));
  await admin.query(`create database ${name} template ${template}`);
  await admin.close();
  return openDatabase(url(name));
}

/** A database without anything in it. */
export const emptyDatabase = (): Promise<LocalDatabase> =>
  process.env.TEST_DATABASE === "postgres" ? createPostgresDatabase() : openDatabase("memory://");
