// npm run setup: asks for what is missing, makes the secrets, writes .env.local, and prints what to paste and where to.
// Safe to run again: what is set stays, and the same is printed. A value that is certainly wrong is asked for again.
//
// Without a terminal nothing is asked: what is needed comes from the flags, .env.local or the environment.
// npm run -s setup -- --print NAME prints one variable, for `vercel env add`.
import { randomBytes } from "node:crypto";
import { createInterface } from "node:readline/promises";
import { configProblems, VARIABLES } from "../lib/environment.ts";
import { keyKind } from "../lib/key-kind.ts";
import { findAnswers, QUESTIONS } from "./answers.ts";
import { readEnvFile, writeEnvFile } from "./env-file.ts";
import { readFlags } from "./flags.ts";
import { instructions } from "./instructions.ts";

const FILE = ".env.local";

const WASENDER_URL = "https://www.wasenderapi.com/api";
const SECRETS = ["CLOUDTALK_WEBHOOK_SECRET", "WHATSAPP_WEBHOOK_SECRET", "CRON_SECRET"];
const RECOMMENDED = `SUPABASE_KEY is the project's public key. The secret key (sb_secret_…: Project Settings, API Keys) is recommended: with
the public one a request may take three seconds instead of eight, and customers' files are kept only if the project's
Storage passes SUPABASE_APP_SECRET on to its policies. npm run doctor tries that.`;
const USAGE = `npm run setup                               asks for what is missing
npm run setup -- --app-url … --supabase-url … --supabase-key … --wasender-token …
                                            the same without questions
npm run -s setup -- --print NAME            prints one variable, and nothing else`;

const { values: flags } = readFlags(USAGE, {
  options: {
    "app-url": { type: "string" },
    "supabase-url": { type: "string" },
    "supabase-key": { type: "string" },
    "wasender-token": { type: "string" },
    print: { type: "string" },
  },
});
const stored = await readEnvFile(FILE);

if (flags.print !== undefined) {
  const value = stored[flags.print] || process.env[flags.print];
  if (value) process.stdout.write(value);
  else {
    console.error(`${flags.print} is not in ${FILE}: npm run setup`);
    process.exitCode = 1;
  }
} else {
  await setUp();
}

async function setUp(): Promise<void> {
  const terminal = process.stdin.isTTY ? createInterface({ input: process.stdin, output: process.stdout }) : null;
  const { answers, problems } = await findAnswers(
    { flags, stored, environment: process.env },
    terminal && ((question) => terminal.question(`${question}: `)),
    console.log,
  );
  terminal?.close();
  const found: Record<string, string> = { ...answers };

  const withPublicKey = keyKind(found.SUPABASE_KEY ?? "") === "public";
  const needed = withPublicKey ? [...SECRETS, "SUPABASE_APP_SECRET"] : SECRETS;
  const made: string[] = [];
  for (const name of needed) {
    const value = stored[name] || process.env[name]?.trim();
    if (!value) made.push(name);
    found[name] = value || randomBytes(32).toString("hex");
  }
  // With a real database, `npm run dev` must not "send" its messages to the sandbox.
  found.WHATSAPP_API_URL = stored.WHATSAPP_API_URL || process.env.WHATSAPP_API_URL?.trim() || WASENDER_URL;
  const changed = Object.fromEntries(Object.entries(found).filter(([name, value]) => stored[name] !== value));
  if (Object.keys(changed).length > 0) await writeEnvFile(FILE, changed);

  const wrong = problems.map(({ name }) => name).filter((name) => !found[name]);
  const all: Record<string, string | undefined> = { ...process.env, ...stored, ...found };
  for (const name of wrong) delete all[name];
  // Of several secrets that are accepted, the first is the one to use.
  const secret = (name: string) => found[name]?.split(",")[0]?.trim() ?? "";
  console.log(
    instructions({
      appUrl: found.APP_URL ?? "<the app's address>",
      supabaseUrl: found.SUPABASE_URL ?? "",
      cloudtalkSecret: secret("CLOUDTALK_WEBHOOK_SECRET"),
      wasenderSecret: secret("WHATSAPP_WEBHOOK_SECRET"),
      cronSecret: secret("CRON_SECRET"),
      appSecret: found.SUPABASE_APP_SECRET ?? null,
      variables: VARIABLES.filter((name) => all[name]?.trim()),
    }),
  );
  const file = Object.keys(changed).length > 0 ? `written: ${Object.keys(changed).join(", ")}` : "as it was";
  console.log(`${FILE} is ${file}.${made.length > 0 ? ` New secrets: ${made.join(", ")}.` : ""}`);

  if (withPublicKey) console.log(`\n${RECOMMENDED}`);

  const toDo = problems.map(({ message }) => message);
  for (const { variable, message } of configProblems(all)) {
    if (!wrong.some((name) => name === variable)) toDo.push(message);
  }
  for (const { name, flag } of QUESTIONS) {
    if (!found[name] && !toDo.some((problem) => problem.startsWith(name))) {
      toDo.push(`${name} is not set yet (--${flag}).`);
    }
  }
  if (toDo.length > 0) {
    console.log(`\nStill to do, then run npm run setup again:\n${toDo.map((problem) => `  ${problem}`).join("\n")}`);
    process.exitCode = 1;
  }
}
