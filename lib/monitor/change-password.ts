import type { Context } from "../http/endpoint.ts";
import { HttpError } from "../http/errors.ts";
import { signIn } from "./sign-in.ts";

/**
 * Changes the password of an account, and ends its sessions everywhere else. It signs in again with the old one, which
 * counts as an attempt like any other: a person who finds an open browser cannot take the account over, and Supabase
 * may demand it.
 *
 * @throws {HttpError} 403 if the old password is wrong, 422 if the new one is the old one or Supabase finds it too
 *   weak, 429 or 503 as for a sign-in.
 */
export async function changePassword(
  request: Request,
  context: Context,
  { email, password, newPassword }: { email: string; password: string; newPassword: string },
): Promise<void> {
  const { auth } = await signIn(request, context, { email, password }).catch((error: unknown) => {
    // The session is as good as before: 401 would tell the page to ask for a new one.
    if (!(error instanceof HttpError) || error.code !== "sign_in_failed") throw error;
    throw new HttpError(403, "wrong_password", "The old password is wrong.");
  });
  const { error } = await auth.updateUser({ password: newPassword });
  if (error) {
    const { notJudged } = await import("./session-client.ts");
    context.note({ auth: error.status ?? null });
    throw (
      notJudged(error) ??
      (error.code === "same_password"
        ? new HttpError(422, "same_password", "The new password is the old one.")
        : new HttpError(422, "weak_password", "This password is too weak."))
    );
  }
  const others = await auth.signOut({ scope: "others" });
  if (others.error) context.note({ auth: others.error.status ?? null });
}
