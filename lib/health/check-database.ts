import type { HealthReport } from "../supabase/read-health-report.ts";
import { type Finding, fail, ok, warn } from "./finding.ts";
import { MIGRATIONS } from "./migrations.ts";

const PUSH = "Apply the migrations: npx supabase db push";

/** The tables of the migrations, which nobody may reach but through functions. */
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

/** The schema: complete, and closed. */
export function checkDatabase(report: HealthReport): Finding[] {
  return [checkMigrations(report), checkDoors(report), ...checkStorage(report)];
}

function checkMigrations({ migrations, tables }: HealthReport): Finding {
  const lacking = TABLES.filter((name) => !tables.some((table) => table.name === name));
  if (lacking.length > 0) return fail("migrations", `Tables are missing: ${lacking.join(", ")}.`, PUSH);
  if (migrations === null) {
    return warn(
      "migrations",
      "The tables are there, but nothing tells which migrations were applied.",
      "Apply them with npx supabase db push, which keeps count.",
    );
  }
  const missing = MIGRATIONS.filter((version) => !migrations.includes(version));
  if (missing.length > 0) return fail("migrations", `Not applied: ${missing.join(", ")}.`, PUSH);
  const newest = migrations.at(-1);
  return newest !== undefined && newest > (MIGRATIONS.at(-1) ?? "")
    ? warn(
        "migrations",
        `The database has a newer migration (${newest}) than this program knows.`,
        "Deploy the newest version: npx vercel --prod",
      )
    : ok("migrations", `All ${MIGRATIONS.length} are applied.`);
}

function checkDoors({ tables, open_functions }: HealthReport): Finding {
  const ours = tables.filter(({ name }) => TABLES.includes(name));
  const open = [
    ...ours.filter(({ rls }) => !rls).map(({ name }) => `row level security is off on ${name}`),
    ...ours.flatMap(({ name, open_policies }) => open_policies.map((policy) => `the policy "${policy}" opens ${name}`)),
    ...open_functions.map((name) => `${name} can be called with the public key`),
  ];
  if (open.length > 0) {
    const [table] = ours.filter(({ rls, open_policies }) => !rls || open_policies.length > 0);
    const policy = table?.open_policies[0];
    const fix = policy
      ? `In the SQL editor: drop policy "${policy}" on public.${table.name};`
      : table
        ? `In the SQL editor: alter table public.${table.name} enable row level security;`
        : `In the SQL editor: revoke execute on function ${open_functions[0]} from public, anon, authenticated;`;
    return fail("doors", `Customers' data can be read with the public key: ${open.join("; ")}.`, fix);
  }
  const others = tables.filter(({ name, rls }) => !rls && !TABLES.includes(name)).map(({ name }) => name);
  return others.length > 0
    ? warn(
        "doors",
        `Ours are closed, but other tables of this project are open: ${others.slice(0, 5).join(", ")}.`,
        "In the SQL editor: alter table public.… enable row level security;",
      )
    : ok("doors", "Row level security is on everywhere; no policy and no function lets the public key in.");
}

function checkStorage({ storage, bucket }: HealthReport): Finding[] {
  if (!storage) return [warn("storage", "There is no Supabase Storage here: customers' files are not kept.", PUSH)];
  if (bucket === null)
    return [fail("storage", 'The bucket "bills" is missing: customers\' files cannot be kept.', PUSH)];
  return bucket.public
    ? [
        fail(
          "storage",
          'The bucket "bills" is public: anybody with a file\'s address can read it.',
          "Supabase, Storage, bills, Edit bucket: switch Public bucket off.",
        ),
      ]
    : [ok("storage", 'The bucket "bills" is private.')];
}
