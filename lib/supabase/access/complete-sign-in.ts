import { rpc, type Supabase } from "../client.ts";
import { Person } from "./who-am-i.ts";

/**
 * The password was right: the attempt counts no more, and the account knows the browser from now on.
 *
 * @param client of the signed-in person
 * @param browser SHA-256 (hex) of what the browser's cookie holds
 * @throws {RefusedError} for an account that is not staff, or not the one that the attempt was for.
 */
export async function completeSignIn(client: Supabase, attempt: number, browser: string): Promise<Person> {
  return Person.parse(await rpc(client, "complete_sign_in", { p_attempt: attempt, p_browser: browser }));
}
