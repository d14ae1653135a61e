import { afterAll, beforeAll, expect, it } from "vitest";
import { GET } from "../../api/whatsapp-incoming.ts";
import { createWorld, postgresOf, type World } from "../helpers/world.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

it("the feed gives a row whose transaction began before a poll and committed after it, exactly once", async () => {
  const poll = async (after?: string) => {
    const query = after === undefined ? "" : `?after=${encodeURIComponent(after)}`;
    const headers = await world.signIn();
    return (await GET(new Request(`http://localhost/api/whatsapp-incoming${query}`, { headers }))).json();
  };
  // Of two customers: a customer's own messages wait for each other.
  const insert = (name: string) =>
    `insert into public.whatsapp_messages (direction, kind, status, phone_number, text, whatsapp_id)
     values ('incoming', 'incoming', 'received', '+39333000000${name.length}', '${name}', '${name}')`;
  const texts = (answer: { messages: { text: string }[] }) => answer.messages.map((message) => message.text);

  const first = await poll();
  const open = Promise.withResolvers<void>();
  const started = Promise.withResolvers<void>();
  const slow = postgresOf(world).begin(async (transaction) => {
    await transaction.unsafe(insert("slow"));
    started.resolve();
    await open.promise;
  });
  await started.promise;
  await world.query(insert("quick"));
  const second = await poll(first.cursor);
  expect(texts(second)).toEqual(["quick"]);
  open.resolve();
  await slow;
  const third = await poll(second.cursor);
  expect(texts(third)).toEqual(["slow"]);
  expect(texts(await poll(third.cursor))).toEqual([]);
});
