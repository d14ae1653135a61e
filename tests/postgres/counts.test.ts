import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { GET } from "../../api/conversations.ts";
import { createWorld, postgresOf, type World } from "../helpers/world.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
beforeEach(() => world.reset());
afterAll(() => world.close());

/** What the monitor shows, and what counting all conversations gives. */
async function counts() {
  const headers = await world.signIn();
  const shown = (await (await GET(new Request("http://localhost/api/conversations", { headers }))).json()).counts;
  const states = ["waiting", "answered", "bill", "error", "check"];
  const [counted] = await world.query<Record<string, number>>(`
    select count(*)::int as all, coalesce(sum(unread), 0)::int as unread,
      ${states.map((state) => `(count(*) filter (where state = '${state}'))::int as "${state}"`).join(", ")}
    from public.conversations where merged_into is null`);
  return { shown, counted };
}

const received = (customer: number, n: number) =>
  `insert into public.whatsapp_messages (direction, kind, status, phone_number, text, whatsapp_id)
   values ('incoming', 'incoming', 'received', '+39333000${String(customer).padStart(4, "0")}', 'Ecco', 'in-${n}')`;
const asked = (customer: number, status: string) =>
  `insert into public.whatsapp_messages (direction, kind, status, phone_number, text, error)
   values ('outgoing', 'reply', '${status}', '+39333000${String(customer).padStart(4, "0")}', 'La bolletta?', 'why')`;

it("counts what is there while sixteen customers at a time write, are asked, are read and are deleted", async () => {
  const statements = (n: number) => [
    received(n % 40, n),
    asked((n * 7) % 40, ["queued", "failed", "unknown", "sent"][n % 4] ?? ""),
    `update public.conversations set seen_message_id = coalesce(last_message_id, 0), unread = 0 where id % 5 = ${n % 5} and id < 20`,
    `update public.conversations set bill_at = now(), state = 'bill' where phone_number = '+39333000${String(n % 40).padStart(4, "0")}'`,
    `delete from public.conversations where phone_number = '+39333000${String((n * 3) % 40).padStart(4, "0")}'`,
  ];
  for (let round = 0; round < 20; round++) {
    await Promise.allSettled(
      Array.from({ length: 16 }, (_, at) => {
        const n = round * 16 + at;
        return world.query(statements(n)[(n * 11 + round) % 5] ?? "");
      }),
    );
    const { shown, counted } = await counts();
    expect(shown).toEqual(counted);
  }
  const [{ rows = 0 } = {}] = await world.query<{ rows: number }>(
    "select count(*)::int as rows from private.count_differences",
  );
  expect(rows).toBeGreaterThan(0);
});

it("adds them up now and then, so that the counts never take long", async () => {
  for (let n = 0; n < 600; n++) await world.query(received(n % 7, n));
  const [{ rows = 0 } = {}] = await world.query<{ rows: number }>(
    "select count(*)::int as rows from private.count_differences",
  );
  expect(rows).toBeLessThan(200);
  const { shown, counted } = await counts();
  expect(shown).toEqual(counted);
  expect(shown).toMatchObject({ all: 7, unread: 600 });
});

it("is counted anew by hand, where triggers did not run", async () => {
  await world.query(received(1, 1));
  await world.database.exec(`
    set local session_replication_role = replica;
    update public.conversations set state = 'bill', unread = 0;`);
  expect((await counts()).shown).toMatchObject({ answered: 1, bill: 0, unread: 1 });
  await world.query("select private.recount_conversations()");
  expect((await counts()).shown).toMatchObject({ all: 1, answered: 0, bill: 1, unread: 0 });
});

it("a change that is undone does not count", async () => {
  await world.query(received(1, 1));
  await postgresOf(world)
    .begin(async (transaction) => {
      await transaction.unsafe(received(2, 2));
      throw new Error("undone");
    })
    .catch(() => undefined);
  expect((await counts()).shown).toMatchObject({ all: 1, unread: 1 });
});
