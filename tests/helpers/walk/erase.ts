import type { Session } from "../session.ts";
import { call } from "../surface.ts";

/** Erases whoever has this number, as scripts/erase.ts does. */
export async function erase(session: Session, phone: string): Promise<void> {
  await session.run(call("erase_customer", { p_phone_number: phone }));
}
