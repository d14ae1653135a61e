import type { Config } from "../config.ts";
import { keyKind } from "../key-kind.ts";
import type { HealthReport } from "../supabase/health/health-report.ts";
import { APPLY, checkMigrations } from "./check-migrations.ts";
import { type Finding, fail, ok, warn } from "./finding.ts";

/** The tables of the migrations. They are reached through functions only. */
const TABLES = [
  "webhook_requests",
  "cloudtalk_calls",
  "whatsapp_messages",
  "whatsapp_attempts",
  "whatsapp_sender",
  "whatsapp_lids",
  "whatsapp_receipts",
  "conversations",
  "staff",
  "staff_actions",
  "alerts",
];

/** Is the schema complete, and closed to the public key? */
export function checkDatabase(report: HealthReport, supabase: Config["supabase"]): Finding[] {
  return [checkTables(report), checkDoors(report, supabase), ...checkStorage(report)];
}

function checkTables({ migrations, tables }: HealthReport): Finding {
  const lacking = TABLES.filter((name) => !tables.some((table) => table.name === name));
  return lacking.length > 0
    ? fail("migrations", `Tables are missing: ${lacking.join(", ")}.`, APPLY)
    : checkMigrations(migrations);
}

/** A way in for the public key, and the SQL that closes it. */
type Door = { says: string; sql: string };

function checkDoors(report: HealthReport, supabase: Config["supabase"]): Finding {
  const doors = doorsToOurs(report);
  if (doors.length > 0) {
    return fail(
      "access",
      `Customers' data can be read with the public key: ${doors.map(({ says }) => says).join("; ")}.`,
      `In the SQL editor: ${doors.map(({ sql }) => sql).join(" ")}`,
    );
  }
  const others = doorsToOthers(report);
  return others.length > 0
    ? warn(
        "access",
        `Ours are closed, but other tables of this project are open: ${others
          .slice(0, 5)
          .map(({ says }) => says)
          .join(", ")}.`,
        `In the SQL editor: ${[...new Set(others.map(({ sql }) => sql))].join(" ")}`,
      )
    : ok(
        "access",
        `Row level security is on everywhere; no policy, view or function lets the public key in. ${usedKey(supabase)}`,
      );
}

function doorsToOurs({ tables, open_views, open_functions, storage_policies }: HealthReport): Door[] {
  const ours = tables.filter(({ name }) => TABLES.includes(name));
  return [
    ...ours
      .filter(({ rls }) => !rls)
      .map(({ name }) => ({
        says: `row level security is off on ${name}`,
        sql: `alter table public.${name} enable row level security;`,
      })),
    ...ours.flatMap(({ name, open_policies }) =>
      open_policies.map((policy) => ({
        says: `the policy "${policy}" opens ${name}`,
        sql: `drop policy ${quoted(policy)} on public.${name};`,
      })),
    ),
    ...open_views
      .map((view) => ({ ...view, tables: view.tables.filter((name) => TABLES.includes(name)) }))
      .filter((view) => view.tables.length > 0)
      .map((view) => ({ says: `the view ${view.name} shows ${view.tables.join(", ")}`, sql: revokeView(view.name) })),
    ...open_functions.map((name) => ({
      says: `${name} can be called with the public key`,
      sql: `revoke execute on function ${name} from public, anon, authenticated;`,
    })),
    ...storage_policies
      .filter(({ conditions }) => !conditions.every(isOfAnotherBucket))
      .map(({ name }) => ({
        says: `the policy "${name}" opens Storage's bucket "bills"`,
        sql: `drop policy ${quoted(name)} on storage.objects;`,
      })),
  ];
}

function doorsToOthers({ tables, open_views }: HealthReport): Door[] {
  return [
    ...tables
      .filter(({ name, rls }) => !rls && !TABLES.includes(name))
      .map(({ name }) => ({ says: name, sql: "alter table public.… enable row level security;" })),
    ...open_views
      .filter((view) => !view.tables.some((name) => TABLES.includes(name)))
      .map(({ name }) => ({ says: `the view ${name}`, sql: revokeView(name) })),
  ];
}

const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;
const revokeView = (name: string) => `revoke select on ${name} from public, anon, authenticated;`;

/** Whether a policy's condition, as PostgreSQL prints it, excludes our files: it names another bucket. */
const isOfAnotherBucket = (condition: string) =>
  /\bbucket_id = (any \(array\[)?'/i.test(condition) &&
  !condition.includes("'bills'") &&
  !/\b(or|not|case)\b/i.test(condition);

function usedKey({ key, appSecret }: Config["supabase"]): string {
  switch (keyKind(key)) {
    case "secret":
      return "The app uses the secret key.";
    case "public":
      return "The app uses the public key with SUPABASE_APP_SECRET.";
    case "unknown":
      return `The app uses a key of a kind that is not known${appSecret ? ", with SUPABASE_APP_SECRET" : ""}.`;
  }
}

function checkStorage({ storage, bucket }: HealthReport): Finding[] {
  if (!storage) return [warn("storage", "There is no Supabase Storage here: customers' files are not kept.", APPLY)];
  if (bucket === null)
    return [fail("storage", 'The bucket "bills" is missing: customers\' files cannot be kept.', APPLY)];
  return bucket.public
    ? [
        fail(
          "storage",
          'The bucket "bills" is public: anybody who has a file\'s address can read it.',
          "Supabase, Storage, bills, Edit bucket: switch Public bucket off.",
        ),
      ]
    : [ok("storage", 'The bucket "bills" is private.')];
}
