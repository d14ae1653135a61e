// npm run staff [-- add <e-mail> <name> | password <e-mail> | remove <e-mail>]
//
// Who may sign in to the monitor of the project that SUPABASE_URL and SUPABASE_KEY name. No mail is sent: a password is
// printed, once, and handed over.
import { z } from "zod/v3";
import { readConfig } from "../lib/config.ts";
import { ConfigError } from "../lib/environment.ts";
import { readFlags, refuse } from "./flags.ts";
import { type Colleague, manageStaff, StaffError } from "./manage-staff.ts";

const USAGE = `npm run staff                                    lists who may sign in
npm run staff -- add anna@example.com Anna       creates an account, and prints its password
npm run staff -- password anna@example.com       gives a new password, and prints it
npm run staff -- remove anna@example.com         ends the account and its sessions`;

const Email = z.string().trim().toLowerCase().email().max(320);

function print(all: Colleague[]): void {
  if (all.length === 0) console.log("Nobody may sign in yet: npm run staff -- add anna@example.com Anna");
  const width = Math.max(0, ...all.map(({ name }) => name.length));
  for (const { name, email, since } of all) {
    console.log(
      `${name.padEnd(width)}  ${email ?? "(an account without an e-mail address)"}, since ${since.slice(0, 10)}`,
    );
  }
}

const hand = (who: string, password: string) =>
  console.log(`${who} signs in at /monitor with this password, which is shown this once:

  ${password}

It can be changed there.`);

const [command, given, ...words] = readFlags(USAGE, { allowPositionals: true }).positionals;
const name = words.join(" ").trim();
const email = Email.safeParse(given).data ?? "";
if (command !== undefined) {
  if (!["add", "password", "remove"].includes(command)) refuse(USAGE, `There is no ${command}.`);
  if (email === "") refuse(USAGE, "Whose e-mail address?");
  if (command === "add" && name === "") refuse(USAGE, "What is the name?");
  if (command !== "add" && name !== "") refuse(USAGE, `What is ${name}?`);
}

try {
  const staff = manageStaff(readConfig());
  if (command === "add") hand(`${name} (${email})`, await staff.add(email, name));
  else if (command === "password") hand(email, await staff.renew(email));
  else if (command === "remove") {
    console.log(`${(await staff.remove(email)).name} (${email}) is deleted, and may do nothing any more.`);
  } else print(await staff.list());
} catch (error) {
  const known = error instanceof ConfigError || error instanceof StaffError;
  console.error(known ? error.message : error);
  process.exitCode = 1;
}
