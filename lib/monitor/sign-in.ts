import type { Context } from "../http/endpoint.ts";
import { HttpError } from "../http/errors.ts";
import type { Person } from "../supabase/access/who-am-i.ts";
import { tryPassword } from "./try-password.ts";

/**
 * Signs in, with cookies that JavaScript cannot read.
 *
 * @throws {HttpError} 401 with one answer for all causes; and as {@link tryPassword}.
 */
export async function signIn(
  request: Request,
  context: Context,
  credentials: { email: string; password: string },
): Promise<Person> {
  const signedIn = await tryPassword(request, context, credentials);
  if (signedIn === null) throw new HttpError(401, "sign_in_failed", "Wrong e-mail or password.");
  for (const cookie of signedIn.cookies) context.setCookie(cookie);
  return signedIn.person;
}
