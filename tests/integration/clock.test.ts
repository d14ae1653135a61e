import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { billsIn } from "../helpers/bills.ts";
import { createWorld, type World } from "../helpers/world.ts";

// pg_cron, pg_net and Vault do not exist here: these stand in for the two that the ring itself uses, and record.
const STAND_INS = `
  create schema net;
  create table net.calls (url text, headers jsonb, body jsonb, timeout_milliseconds integer);
  create function net.http_post(url text, body jsonb default '{}', params jsonb default '{}', headers jsonb default '{}', timeout_milliseconds integer default 5000)
    returns bigint language sql as $$ insert into net.calls values (url, headers, body, timeout_milliseconds); select 1::bigint $$;
  create schema vault;
  create table vault.decrypted_secrets (name text, decrypted_secret text);`;

let world: World;
beforeAll(async () => {
  world = await createWorld();
  await world.database.exec(STAND_INS);
});
afterAll(() => world.close());
beforeEach(async () => {
  await world.reset();
  await world.query("truncate net.calls");
  await world.query("truncate vault.decrypted_secrets");
  await world.query(
    "insert into vault.decrypted_secrets values ('outbox_url', 'https://app.example/api/outbox'), ('cron_secret', 'tick')",
  );
});

const ring = async () => (await world.query<{ did: string }>("select private.ring_outbox() as did"))[0]?.did;
const calls = <Row = object>() => world.query<Row>("select url, headers, body from net.calls");
const queueOne = () =>
  world.query(
    `insert into public.whatsapp_messages (direction, kind, status, phone_number, text, due_at)
     values ('outgoing', 'reply', 'queued', '+393330000001', 'Ciao', now())`,
  );

it("sends no request while nothing is due", async () => {
  expect(await ring()).toBe("nothing due");
  await queueOne();
  await world.query("update public.whatsapp_sender set next_send_at = now() + interval '1 minute'");
  expect(await ring()).toBe("nothing due");
  await world.query(
    "update public.whatsapp_sender set next_send_at = now(), paused_at = now(), paused_reason = 'staff'",
  );
  expect(await ring()).toBe("nothing due");
  expect(await calls()).toEqual([]);
});

it("rings with the address and the secret from Vault when something is due", async () => {
  await queueOne();
  expect(await ring()).toBe("rang");
  expect(await calls()).toEqual([
    {
      url: "https://app.example/api/outbox",
      headers: { "Content-Type": "application/json", Authorization: "Bearer tick" },
      body: {},
    },
  ]);
  expect(await world.query("select rang_at is not null as rang from public.whatsapp_sender")).toEqual([{ rang: true }]);
});

it("rings the reader of bills for a file that is to be read, and the outbox only if something is due there", async () => {
  await billsIn(world).store("+393330000001");
  expect(await ring()).toBe("rang");
  expect(await calls()).toMatchObject([
    { url: "https://app.example/api/read-bills", headers: { Authorization: "Bearer tick" } },
  ]);
  await queueOne();
  expect(await ring()).toBe("rang");
  expect((await calls<{ url: string }>()).map(({ url }) => url).slice(1)).toEqual([
    "https://app.example/api/outbox",
    "https://app.example/api/read-bills",
  ]);
});

it("says what is missing in Vault", async () => {
  await queueOne();
  await world.query("delete from vault.decrypted_secrets where name = 'cron_secret'");
  expect(await ring()).toContain("cron_secret");
  expect(await calls()).toEqual([]);
});

it.each([
  [
    "a lease that ran out",
    "update public.whatsapp_messages set status = 'sending', lease_token = gen_random_uuid(), lease_until = now() - interval '1 second'",
  ],
  [
    "a probe of a paused sender",
    "update public.whatsapp_sender set paused_at = now(), paused_reason = 'session', probe_at = now()",
  ],
  ["a LID to be resolved", "insert into public.whatsapp_lids (lid) values ('1@lid')"],
])("rings for %s", async (_, sql) => {
  await queueOne();
  await world.query("update public.whatsapp_sender set next_send_at = now() + interval '1 hour'");
  await world.query(sql);
  expect(await ring()).toBe("rang");
});
