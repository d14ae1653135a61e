import { z } from "zod/v3";
import { rpc, type Supabase } from "../client.ts";

const Person = z.object({ name: z.string(), email: z.string().nullable() });
export type Person = z.infer<typeof Person>;

/** The signed-in colleague. @throws {RefusedError} for an account that is not staff. */
export async function whoAmI(client: Supabase) {
  return Person.parse(await rpc(client, "who_am_i", {}));
}
