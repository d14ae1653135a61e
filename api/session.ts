import { z } from "zod/v3";
import { readBody } from "../lib/http/body.ts";
import { endpoint, json, methodNotAllowed } from "../lib/http/endpoint.ts";
import { HttpError } from "../lib/http/errors.ts";
import { changePassword } from "../lib/monitor/change-password.ts";
import { requireOwnOrigin } from "../lib/monitor/origin.ts";
import { asStaff } from "../lib/monitor/session.ts";
import { signIn } from "../lib/monitor/sign-in.ts";
import { signOut } from "../lib/monitor/sign-out.ts";
import { whoAmI } from "../lib/supabase/access/who-am-i.ts";

export const { HEAD, PATCH, OPTIONS } = methodNotAllowed("GET", "POST", "PUT", "DELETE");

const Password = z.string().min(1).max(1_000);
const Credentials = z.object({ email: z.string().trim().min(1).max(320), password: Password });
/** Supabase Auth takes no more than 72 bytes. */
const NewPassword = z
  .string()
  .min(12)
  .refine((password) => Buffer.byteLength(password) <= 72);
const Change = z.object({ password: Password, new_password: NewPassword });

/** GET /api/session: who is signed in. */
export const GET = endpoint("session", async (request, context) => {
  const user = await asStaff(request, context, whoAmI);
  return json(200, { success: true, user });
});

/** POST /api/session: signs in. */
export const POST = endpoint("sign-in", async (request, context) => {
  requireOwnOrigin(request);
  const body = await readBody(request);
  const credentials = Credentials.safeParse(body.ok ? body.value : null);
  if (!credentials.success) throw new HttpError(400, "invalid_credentials", "Expected { email, password }.");
  const { person } = await signIn(request, context, credentials.data);
  return json(200, { success: true, user: person });
});

/** PUT /api/session: changes the password of who is signed in. */
export const PUT = endpoint("change-password", async (request, context) => {
  requireOwnOrigin(request);
  const { email } = await asStaff(request, context, whoAmI);
  const body = await readBody(request);
  const change = Change.safeParse(body.ok ? body.value : null);
  if (!change.success || email === null) {
    throw new HttpError(
      400,
      "invalid_password",
      "Expected { password, new_password }, the new one of at least 12 characters and at most 72 bytes.",
    );
  }
  const { password, new_password: newPassword } = change.data;
  await changePassword(request, context, { email, password, newPassword });
  return json(200, { success: true });
});

/** DELETE /api/session: signs out. */
export const DELETE = endpoint("sign-out", async (request, context) => {
  requireOwnOrigin(request);
  await signOut(request, context);
  return json(200, { success: true });
});
