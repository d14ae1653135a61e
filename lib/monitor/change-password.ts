import type { Context } from "../http/endpoint.ts";
import { HttpError } from "../http/errors.ts";
import { whoAmI } from "../supabase/access/who-am-i.ts";
import { asStaff } from "./session.ts";
import { tryPassword } from "./try-password.ts";

const SHORTEST = 10;

/**
 * Gives the signed-in colleague another password. The old one is tried as at a sign-in, and counts as one. Supabase ends the
 * account's other sessions, so this browser goes on with the one in which the old password was tried.
 *
 * @throws {HttpError} 401 or 422 with what is wrong; and as {@link asStaff} and {@link tryPassword}.
 */
export async function changePassword(
  request: Request,
  context: Context,
  { was, wanted }: { was: string; wanted: string },
): Promise<void> {
  const weak = () =>
    new HttpError(422, "weak_password", `A password has ${SHORTEST} characters or more, and is no known one.`);
  if (wanted.length < SHORTEST) throw weak();
  const { email } = await asStaff(request, context, whoAmI);
  const tried = email === null ? null : await tryPassword(request, context, { email, password: was });
  if (tried === null) throw new HttpError(401, "wrong_password", "The old password is not right.");
  const { error } = await tried.auth.updateUser({ password: wanted });
  if (error) {
    await tried.auth.signOut({ scope: "local" });
    context.note({ auth: error.code ?? error.status ?? null });
    const { notJudged } = await import("./session-client.ts");
    throw (
      notJudged(error) ??
      (error.code === "weak_password"
        ? weak()
        : new HttpError(422, "password_refused", "Supabase does not take this one."))
    );
  }
  for (const cookie of tried.cookies) context.setCookie(cookie);
}
