import type { Session } from "../session.ts";
import { call } from "../surface.ts";

/** Erases whoever has this number, as scripts/erase.ts does. */
export async function erase(session: Session, phone: string): Promise<void> {
  const [started] = await session.run<{ answer: string }>(call("start_erasure", { p_phone_number: phone }));
  const id = Number(started?.answer);
  await session.run(call("erase_customer", { p_id: id }));
  for (let done = false; !done; ) {
    const [range] = await session.run<{ answer: { done: boolean } }>(
      call("erase_mentions", { p_id: id, p_limit: 1000 }),
    );
    done = range?.answer.done ?? true;
  }
  await session.run(call("finish_erasure", { p_id: id }));
}
