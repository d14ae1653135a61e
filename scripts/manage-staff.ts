import { randomInt } from "node:crypto";
import { createClient } from "@supabase/supabase-js";
import { z } from "zod/v3";
import type { Config } from "../lib/config.ts";
import { keyKind } from "../lib/key-kind.ts";
import { fetchWithTimeout } from "../lib/supabase/client.ts";
import type { Database } from "../lib/supabase/database.types.ts";

/** What keeps a command from being done, in words for the person who gave it. */
export class StaffError extends Error {}

export type Colleague = { id: string; name: string; email: string | null; since: string };

const Staff = z.array(z.object({ user_id: z.string(), name: z.string(), added_at: z.string() }));
const ACCOUNTS_A_PAGE = 200;

/** Who may sign in: accounts of Supabase Auth that the table `staff` lists. */
export function manageStaff({ supabase: { url, key } }: Config) {
  if (keyKind(key) === "public") {
    throw new StaffError(
      "SUPABASE_KEY is the project's public key, and accounts need the secret one. The README (Deploy, Colleagues) says how it is done without.",
    );
  }
  const client = createClient<Database>(url, key, {
    auth: { persistSession: false, autoRefreshToken: false },
    global: { fetch: fetchWithTimeout },
  });
  const { admin } = client.auth;

  async function accounts(): Promise<{ id: string; email: string | null }[]> {
    const all: { id: string; email: string | null }[] = [];
    for (let page = 1; ; page++) {
      const { data, error } = await admin.listUsers({ page, perPage: ACCOUNTS_A_PAGE });
      if (error) throw explain(error);
      all.push(...data.users.map(({ id, email }) => ({ id, email: email?.toLowerCase() || null })));
      if (data.users.length < ACCOUNTS_A_PAGE) return all;
    }
  }

  async function list(): Promise<Colleague[]> {
    const { data, error, status } = await client.from("staff").select("user_id, name, added_at").order("added_at");
    if (error) throw explain({ ...error, status });
    const emails = new Map((await accounts()).map(({ id, email }) => [id, email]));
    return Staff.parse(data).map(({ user_id: id, name, added_at: since }) => {
      return { id, name, email: emails.get(id) ?? null, since };
    });
  }

  async function find(email: string): Promise<Colleague> {
    const found = (await list()).find((colleague) => colleague.email === email);
    if (!found) throw new StaffError(`${email} is no colleague's. npm run staff lists them.`);
    return found;
  }

  async function setPassword(id: string): Promise<string> {
    const password = newPassword();
    // Supabase Auth ends all sessions of the account with it.
    const { error } = await admin.updateUserById(id, { password, email_confirm: true });
    if (error) throw explain(error);
    return password;
  }

  return {
    list,

    /**
     * Makes an account a colleague's, a new one if there is none, and gives its password. Can be repeated if
     * interrupted.
     */
    add: async (email: string, name: string): Promise<string> => {
      if ((await list()).some((colleague) => colleague.email === email)) {
        throw new StaffError(
          `${email} is a colleague's already. For a new password: npm run staff -- password ${email}`,
        );
      }
      const existing = (await accounts()).find((account) => account.email === email);
      let password = newPassword();
      let id = existing?.id;
      if (id !== undefined) password = await setPassword(id);
      else {
        // Confirmed, since no mail is sent.
        const { data, error } = await admin.createUser({ email, password, email_confirm: true });
        if (error) throw explain(error);
        id = data.user.id;
      }
      const { error, status } = await client.from("staff").insert({ user_id: id, name });
      if (error) throw explain({ ...error, status });
      return password;
    },

    /** Gives a new password. A session that began with the old one lasts an hour at most. */
    renew: async (email: string): Promise<string> => setPassword((await find(email)).id),

    /**
     * Deletes the account. What is asked in its name is refused from then on, since its row of `staff` goes with it.
     */
    remove: async (email: string): Promise<Colleague> => {
      const colleague = await find(email);
      const { error } = await admin.deleteUser(colleague.id);
      if (error) throw explain(error);
      return colleague;
    },
  };
}

function explain({ status, message }: { status?: number | undefined; message: string }): StaffError {
  const why =
    status === 401 || status === 403
      ? "Supabase does not take SUPABASE_KEY for the project's secret key."
      : `Supabase does not do it: ${message}.`;
  return new StaffError(`${why} npm run doctor says more.`);
}

// Without those that look like another one.
const SIGNS = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKMNPQRSTUVWXYZ23456789";

/** Twenty signs at random, with a small and a large letter, a digit and a hyphen, as a project may demand. */
function newPassword(): string {
  const group = () => Array.from({ length: 5 }, () => SIGNS[randomInt(SIGNS.length)]).join("");
  const password = [group(), group(), group(), group()].join("-");
  return [/[a-z]/, /[A-Z]/, /\d/].every((demanded) => demanded.test(password)) ? password : newPassword();
}
