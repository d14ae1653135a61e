import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { openSession, type Session } from "../helpers/session.ts";
import { call, echo, ended, incoming, webhook } from "../helpers/surface.ts";
import { createWorld, type World } from "../helpers/world.ts";

const MARIA = "+393330000001";
const LUCA = "+393330000002";

let world: World;
let one: Session;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());
beforeEach(async () => {
  await world.reset();
  one = await openSession(world);
});
afterEach(() => one.close());

type Feed = {
  cursor: string;
  more: boolean;
  messages: { id: number; text: string }[];
  conversations: { id: number }[];
  deleted: { messages: number[]; conversations: number[] } | null;
  counts: { all: number } | null;
};
async function feed(after: string | null, limit = 50): Promise<Feed> {
  const [row] = await world.query<{ answer: Feed }>(call("read_feed", { p_limit: limit, p_after: after }));
  if (!row) throw new Error("no answer");
  return row.answer;
}
const remove = (id: number) => `delete from public.whatsapp_messages where id = ${id}`;
const write = (id: string, phone = MARIA) => webhook(incoming(id, { phone }));

it("a message whose echo had seemed another one disappears from a page that has shown it", async () => {
  await world.query(
    `insert into public.whatsapp_messages (direction, kind, status, phone_number, text, wasender_id)
     values ('outgoing', 'reply', 'sent', '${MARIA}', 'La bolletta?', 'w1')`,
  );
  await world.query(webhook(echo("W1", { phone: MARIA }, "Altre parole")));
  const before = await feed(null);
  expect(before.messages.map(({ text }) => text)).toEqual(["Altre parole", "La bolletta?"]);
  await world.query(call("record_message_info", { p_wasender_id: "w1", p_whatsapp_id: "W1", p_status: "sent" }));
  const after = await feed(before.cursor);
  expect(after.messages.map(({ text }) => text)).toEqual(["La bolletta?"]);
  expect(after.deleted).toEqual({ messages: [before.messages[0]?.id], conversations: [] });
  // Once.
  expect((await feed(after.cursor)).deleted).toBeNull();
});

it("an erased customer disappears, with all messages and from the counts", async () => {
  await world.query(ended({ call_uuid: "a", phone_number: MARIA }));
  await world.query(write("A"));
  await world.query(write("B", LUCA));
  const before = await feed(null);
  await world.query(`select public.erase_customer(public.start_erasure('${MARIA}'))`);
  const after = await feed(before.cursor);
  expect(after).toMatchObject({ messages: [], conversations: [], counts: { all: 1 } });
  expect(after.deleted?.conversations).toEqual([1]);
  expect(after.deleted?.messages.toSorted()).toEqual([1, 2]);
});

it("a deletion that began before a poll and is committed after it is told by the next one", async () => {
  await world.query(write("A"));
  await world.query(write("B", LUCA));
  const { cursor, messages } = await feed(null);
  const id = messages.at(-1)?.id ?? 0;
  await one.hold(remove(id));
  // Meanwhile others go on, and the cursor moves.
  await world.query(write("C", LUCA));
  const second = await feed(cursor);
  expect(second).toMatchObject({ messages: [{ text: "words of C" }], deleted: null });
  await one.commit();
  const third = await feed(second.cursor);
  expect(third).toMatchObject({ messages: [], deleted: { messages: [id], conversations: [] } });
  expect((await feed(third.cursor)).deleted).toBeNull();
});

it("what is deleted while an answer of several pages is read is told at its end, and nothing is told anew after it", async () => {
  const { cursor: start } = await feed(null);
  for (let n = 0; n < 5; n++) await world.query(write(`A${n}`));
  const shown = new Set<number>();
  const take = (answer: Feed) => {
    for (const { id } of answer.messages) shown.add(id);
    for (const id of answer.deleted?.messages ?? []) shown.delete(id);
    return answer;
  };
  const first = take(await feed(start, 2));
  expect(first).toMatchObject({ more: true, deleted: null });
  // One that was told already, and one that is still to come.
  await world.query(remove(first.messages[0]?.id ?? 0));
  await world.query(remove(5));
  let answer = first;
  while (answer.more) answer = take(await feed(answer.cursor, 2));
  take(await feed(answer.cursor, 2));
  const rows = await world.query<{ id: number }>("select id::int from public.whatsapp_messages order by id");
  expect([...shown].toSorted((a, b) => a - b)).toEqual(rows.map(({ id }) => id));
  expect(rows).toHaveLength(3);
});

it("deletions before the first of several pages are told, however the pages are cut", async () => {
  for (let n = 0; n < 3; n++) await world.query(write(`A${n}`));
  const { cursor } = await feed(null);
  await world.query(remove(1));
  for (let n = 0; n < 5; n++) await world.query(write(`B${n}`));
  const told: number[] = [];
  for (let answer = await feed(cursor, 2); ; answer = await feed(answer.cursor, 2)) {
    told.push(...(answer.deleted?.messages ?? []));
    if (!answer.more) break;
  }
  expect(new Set(told)).toEqual(new Set([1]));
});
