import { z } from "zod/v3";
import { readBody } from "../lib/http/body.ts";
import { endpoint, json, methodNotAllowed } from "../lib/http/endpoint.ts";
import { HttpError } from "../lib/http/errors.ts";
import { requireOwnOrigin } from "../lib/monitor/origin.ts";
import { asStaff } from "../lib/monitor/session.ts";
import { sessionClient } from "../lib/monitor/session-client.ts";
import { whoAmI } from "../lib/supabase/access/who-am-i.ts";
import { RefusedError } from "../lib/supabase/database-error.ts";

export const { HEAD, PUT, PATCH, OPTIONS } = methodNotAllowed("GET", "POST", "DELETE");

const Credentials = z.object({ email: z.string().trim().min(1).max(320), password: z.string().min(1).max(1_000) });

/** GET /api/session: who is signed in. */
export const GET = endpoint("session", async (request, context) => {
  const user = await asStaff(request, context, whoAmI);
  return json(200, { success: true, user });
});

/** POST /api/session: signs in, with cookies that JavaScript cannot read. */
export const POST = endpoint("sign-in", async (request, context) => {
  requireOwnOrigin(request);
  const body = await readBody(request);
  const credentials = Credentials.safeParse(body.ok ? body.value : null);
  if (!credentials.success) throw new HttpError(400, "invalid_credentials", "Expected { email, password }.");
  const cookies: string[] = [];
  const client = sessionClient(request, { ...context, setCookie: (header) => cookies.push(header) });
  // One answer for a wrong password, an unknown account and an account that is not a colleague's.
  const failed = () => new HttpError(401, "sign_in_failed", "Wrong e-mail or password.");
  const { error } = await client.auth.signInWithPassword(credentials.data);
  if (error?.status === 429)
    throw new HttpError(429, "too_many_attempts", "Too many attempts: please try again soon.", { "retry-after": "60" });
  if (error && (error.status === undefined || error.status >= 500))
    throw new HttpError(503, "auth_unavailable", "Sign-in does not answer. Please try again.", { "retry-after": "10" });
  if (error) throw failed();
  try {
    const user = await whoAmI(client);
    for (const cookie of cookies) context.setCookie(cookie);
    return json(200, { success: true, user });
  } catch (refused) {
    if (!(refused instanceof RefusedError)) throw refused;
    await client.auth.signOut({ scope: "local" });
    throw failed();
  }
});

/** DELETE /api/session: signs out. */
export const DELETE = endpoint("sign-out", async (request, context) => {
  requireOwnOrigin(request);
  // The cookies are removed even if Supabase does not answer.
  await sessionClient(request, context).auth.signOut({ scope: "local" });
  return json(200, { success: true });
});
