import { afterAll, beforeAll, expect, it } from "vitest";
import { openSession, type Session } from "../helpers/session.ts";
import { call, ended, incoming, webhook } from "../helpers/surface.ts";
import { createWorld, type World } from "../helpers/world.ts";

let world: World;
let one: Session;
let two: Session;
beforeAll(async () => {
  world = await createWorld();
  one = await openSession(world);
  two = await openSession(world);
});
afterAll(async () => {
  await one.close();
  await two.close();
  await world.close();
});

type Customer = { n: number; phone: string; lid: string };
let customers = 0;
const newCustomer = (): Customer => {
  const n = ++customers;
  return { n, phone: `+39333${String(n).padStart(7, "0")}`, lid: `9870000${String(n).padStart(7, "0")}@lid` };
};

/** What tells of a customer whose LID nobody can place yet. */
const TELLINGS = {
  "a message by the LID alone": ({ n, lid }) => webhook(incoming(`A${n}`, { lid })),
  "another message by the LID alone": ({ n, lid }) => webhook(incoming(`B${n}`, { lid })),
  "a message by the number alone": ({ n, phone }) => webhook(incoming(`C${n}`, { phone })),
  "a message by both": ({ n, phone, lid }) => webhook(incoming(`D${n}`, { phone, lid })),
  "a message's event by the LID": ({ n, lid }) => webhook(incoming(`E${n}`, { lid })),
  "the same message's event by the number": ({ n, phone }) => webhook(incoming(`E${n}`, { phone })),
  "Wasender's answer whose LID it is": ({ lid, phone }) => call("record_lid", { p_lid: lid, p_phone_number: phone }),
  "a call of the number": ({ n, phone }) => ended({ call_uuid: `call ${n}`, phone_number: phone }),
} satisfies Record<string, (customer: Customer) => string>;
type Telling = keyof typeof TELLINGS;
const tellings = Object.keys(TELLINGS) as Telling[];

/** Whether the two together say whose LID it is. */
const tells = (pair: Telling[]) =>
  pair.includes("a message by both") ||
  pair.includes("Wasender's answer whose LID it is") ||
  pair.filter((one) => /event by/.test(one)).length === 2;

/** One conversation has both addresses and all messages, whose number is known. */
async function expectOneCustomer({ phone, lid }: Customer, messages: number) {
  const known = await world.query<{ address: string; id: string }>(
    `select address, conversation_id as id from public.conversation_numbers where address in ('${phone}', '${lid}')`,
  );
  const id = known[0]?.id;
  expect(known.map((row) => [row.address, row.id]).toSorted()).toEqual([
    [phone, id],
    [lid, id],
  ]);
  const rows = await world.query(
    `select phone_number, conversation_id as id from public.whatsapp_messages
      where direction = 'incoming' and (phone_number = '${phone}' or lid = '${lid}')`,
  );
  expect(rows).toHaveLength(messages);
  for (const row of rows) expect(row).toEqual({ phone_number: phone, id });
  expect(
    await world.query(
      `select unread, merged_into from public.conversations where id = ${id} or merged_into is null and not exists (
         select from public.conversation_numbers n where n.conversation_id = conversations.id)`,
    ),
  ).toEqual([{ unread: messages, merged_into: null }]);
  expect(await world.query(`select phone_number from public.whatsapp_lids where lid = '${lid}'`)).toEqual([
    { phone_number: phone },
  ]);
}

it.each(tellings)("while %s is being recorded, nothing else of the customer is lost to sight", async (first) => {
  for (const second of tellings.filter((telling) => telling !== first)) {
    const customer = newCustomer();
    await world.query(webhook(incoming(`before ${customer.n}`, { lid: customer.lid })));
    await one.hold(TELLINGS[first](customer));
    const other = await two.start(TELLINGS[second](customer));
    await one.commit();
    await other.done;
    const answer = TELLINGS["Wasender's answer whose LID it is"](customer);
    if (!tells([first, second])) await world.query(answer);
    const whatsappIds = new Set(
      [first, second]
        .filter((telling) => /message/.test(telling))
        .map((telling) => (/event by/.test(telling) ? "E" : telling)),
    );
    await expectOneCustomer(customer, 1 + whatsappIds.size);
    // What comes later finds the same customer.
    await world.query(webhook(incoming(`later ${customer.n}`, { lid: customer.lid })));
    await expectOneCustomer(customer, 2 + whatsappIds.size);
  }
});

it("a reply by the LID alone answers the call as soon as its number is known, whichever was recorded first", async () => {
  for (const callFirst of [true, false]) {
    const customer = newCustomer();
    await world.query(webhook(incoming(`before ${customer.n}`, { lid: customer.lid })));
    const steps = [
      TELLINGS["a call of the number"](customer),
      webhook(incoming(`reply ${customer.n}`, { lid: customer.lid })),
    ];
    await one.hold(steps[callFirst ? 0 : 1] ?? "");
    const other = await two.start(steps[callFirst ? 1 : 0] ?? "");
    await one.commit();
    await other.done;
    await world.query(TELLINGS["Wasender's answer whose LID it is"](customer));
    expect(
      await world.query(
        `select electricity_bill_received as answered from public.cloudtalk_calls where phone_number = '${customer.phone}'`,
      ),
    ).toEqual([{ answered: true }]);
    await expectOneCustomer(customer, 2);
  }
});
