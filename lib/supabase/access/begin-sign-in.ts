import { z } from "zod/v3";
import { rpc, type Supabase } from "../client.ts";

const Begun = z.union([z.object({ attempt: z.number() }), z.object({ wait_s: z.number() })]);

type Attempt = {
  email: string;
  /** The caller's; null if it is not known. */
  address: string | null;
  /** SHA-256 (hex) of what the browser's cookie holds; null if it has none. */
  browser: string | null;
};

/** Whether a password may be tried now: counts it as an attempt that failed, or gives the seconds to wait. */
export async function beginSignIn(client: Supabase, { email, address, browser }: Attempt) {
  return Begun.parse(
    await rpc(client, "begin_sign_in", {
      p_email: email,
      ...(address === null ? {} : { p_address: address }),
      ...(browser === null ? {} : { p_browser: browser }),
    }),
  );
}
