// npm run screenshots: takes docs/*.png again, from `npm run dev` with made-up customers.
import { mkdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";
import { ANNA, LAPTOP, newPage, PHONE, row, signIn, startWorld, type View } from "../tests/helpers/browser.ts";
import { Customer, twoMonthly } from "../tests/helpers/cases.ts";
import { launchBrowser } from "../tests/helpers/launch-browser.ts";
import { type LocalDatabase, migrate, openDatabase } from "./database.ts";
import { faults } from "./wasender/fault.ts";

const DOCS = new URL("../docs/", import.meta.url);
const INTERVAL_MS = 60_000;
const HOUR = 60;
const DAY = 24 * HOUR;

async function migrated(): Promise<LocalDatabase> {
  const database = await openDatabase("memory://");
  await migrate(database);
  return database;
}

const world = await startWorld({ intervalMs: INTERVAL_MS, migrated });
const browser = await launchBrowser();
const sql = (text: string) => world.database.exec(text);

/** Ends a call and waits until its message has an end, without the minute between two messages. */
async function asked(number: string, name: string): Promise<void> {
  await world.call(number, name);
  await atRest(number);
}

/** Until nothing of a customer's is under way. */
async function atRest(number: string): Promise<void> {
  await until(async () => {
    await sql("update public.whatsapp_sender set next_send_at = least(next_send_at, now())");
    await ring();
    const [open] = await world.database.query<{ n: number }>(
      `select count(*)::int as n from public.whatsapp_messages
        where phone_number = '${number}' and status in ('queued', 'sending', 'sent')`,
    );
    return open?.n === 0;
  });
}

/** What the clock does every five seconds. */
const ring = async () => void (await fetch(`${world.url}/api/outbox`, { method: "POST" }));

/** Everything of a customer's so far becomes older. */
async function earlier(number: string, minutes: number): Promise<void> {
  await world.wasender.idle();
  const id = await conversationOf(number);
  await sql(`
    update public.whatsapp_messages set created_at = created_at - interval '${minutes} minutes',
      message_at = message_at - interval '${minutes} minutes',
      sent_at = sent_at - interval '${minutes} minutes' where conversation_id = ${id};
    update public.cloudtalk_calls set created_at = created_at - interval '${minutes} minutes',
      call_start_time = call_start_time - interval '${minutes} minutes',
      call_end_time = call_end_time - interval '${minutes} minutes' where conversation_id = ${id};
    update public.staff_actions set at = at - interval '${minutes} minutes'
     where conversation_id = ${id};
    update public.conversations set last_at = last_at - interval '${minutes} minutes',
      bill_at = bill_at - interval '${minutes} minutes' where id = ${id};`);
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + 30_000; Date.now() < deadline; ) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error("The world did not come to rest.");
}

/** As the page does it, so that it stands in the history. */
const act = (page: Page, body: object) =>
  page.evaluate(async (action) => {
    const headers = { "content-type": "application/json" };
    await fetch("/api/messages", { method: "POST", headers, body: JSON.stringify(action) });
  }, body);

const conversationOf = async (number: string): Promise<number> => {
  const [found] = await world.database.query<{ id: number }>(
    `select conversation_id as id from public.conversation_numbers where address = '${number}'`,
  );
  return found?.id ?? 0;
};

const GIOVANNI = "+393331234501";
const FRANCO = "+393331234508";

/** Two days at the office. */
async function populate(page: Page): Promise<void> {
  const others: [number: string, name: string, minutes: number, reply?: string | "photo" | "pdf", bill?: boolean][] = [
    ["+393401234511", "Teresa Lombardi", 5 * DAY],
    ["+393401234510", "Azienda Agricola Monti", 4 * DAY + 2 * HOUR, "pdf", true],
    ["+393401234509", "Salvatore Greco", 3 * DAY, "Buongiorno, non ho ancora ricevuto l'ultima"],
    ["+393401234507", "Cascina del Sole", 2 * DAY + 90, "photo", true],
    ["+393401234506", "Rosanna Villa", DAY + 3 * HOUR],
    ["+393401234505", "Pietro Fontana", 5 * HOUR, "photo", true],
    ["+393401234504", "Lucia Barbieri", 3 * HOUR],
  ];
  for (const [number, name, minutes, reply, bill] of others) {
    await asked(number, name);
    if (reply) {
      world.wasender.setOpen(number, true);
      await earlier(number, 40);
      await world.wasender.reply(
        number,
        reply === "photo" || reply === "pdf" ? { type: reply } : { type: "text", text: reply },
      );
    }
    if (bill) await act(page, { action: "bill", conversation_id: await conversationOf(number), received: true });
    await act(page, { action: "seen", conversation_id: await conversationOf(number) });
    await earlier(number, minutes);
  }

  world.faults.set("+393401234503", faults.reset(false));
  await asked("+393401234503", "Bruno Caruso");
  await earlier("+393401234503", 55);
  world.faults.set(FRANCO, faults.notOnWhatsapp());
  await asked(FRANCO, "Franco Pellegrini");
  await earlier(FRANCO, 21);

  world.wasender.setOpen(GIOVANNI, true);
  await asked(GIOVANNI, "Giovanni Marchesi");
  await earlier(GIOVANNI, 55);
  await world.wasender.reply(GIOVANNI, {
    type: "text",
    text: "Buongiorno Samuela, domani passo dal commercialista e le mando tutto",
  });
  await earlier(GIOVANNI, DAY + HOUR);
  await act(page, {
    action: "reply",
    conversation_id: await conversationOf(GIOVANNI),
    text: "Buongiorno Giovanni, è riuscito a recuperare le bollette?",
    client_id: crypto.randomUUID(),
  });
  await atRest(GIOVANNI);
  await earlier(GIOVANNI, 35);
  await world.wasender.reply(GIOVANNI, { type: "pdf", text: "Eccola, è quella di ottobre" });
  await earlier(GIOVANNI, 3);
  await world.wasender.reply(GIOVANNI, { type: "photo" });
  await earlier(GIOVANNI, 4);
}

/** A farm with two supplies, some of whose bills have come. */
async function sendBills(): Promise<number> {
  const farm = await Customer.make(
    { query: world.database.query },
    "2026-03-10T10:00:00+01:00",
    "Azienda Agricola Valle Verde",
  );
  const holder = "Azienda Agricola Valle Verde";
  for (const bill of twoMonthly().slice(0, 4))
    await farm.sends([{ ...bill, kwh: 1_980, supplier: "Enel Energia", holder }]);
  await farm.sends([{ ...twoMonthly()[4], kwh: 2_040, supplier: "Enel Energia", unsure: "all" }]);
  const months = { "2025-05": 410, "2025-06": 395 };
  await farm.sends([
    { pod: farm.pod(2), from: "2025-01-01", to: "2025-04-30", kwh: 1_600, supplier: "A2A Energia", holder, months },
  ]);
  return farm.id;
}

/** Two that wait for their turn. */
async function queueTwo(): Promise<void> {
  await sql("update public.whatsapp_sender set next_send_at = now() + interval '48 seconds'");
  await world.call("+393401234502", "Anna Maria Serra");
  await world.call("+393401234501", "Officine Riva");
}

/** One picture, from a new browser; without a path it does not sign in. */
async function shoot(
  name: string,
  view: View,
  path: string | null,
  show: (page: Page) => Promise<unknown>,
): Promise<void> {
  const { page, close } = await newPage(browser, view);
  if (path !== null) await signIn(page, world.url, ANNA, path);
  await show(page);
  // Photos and the countdown.
  await page.waitForTimeout(1_200);
  await page.screenshot({ path: fileURLToPath(new URL(`${name}.png`, DOCS)) });
  await close();
}

async function main(): Promise<void> {
  await mkdir(DOCS, { recursive: true });
  const { page, close } = await newPage(browser);
  await signIn(page, world.url, ANNA);
  await page.locator("#bar-session").waitFor();
  world.wasender.setSession("connected");
  await populate(page);
  await close();
  const giovanni = `/monitor?c=${await conversationOf(GIOVANNI)}`;
  const thread = (page: Page) => page.locator("#timeline .item").first().waitFor();
  const list = (page: Page) => row(page, "Officine Riva").waitFor();

  await queueTwo();
  await shoot("monitor-laptop", LAPTOP, giovanni, thread);
  await shoot("monitor-dark", { ...LAPTOP, dark: true }, giovanni, thread);
  await shoot("monitor-overview", LAPTOP, "/monitor", list);
  await shoot("monitor-phone", PHONE, "/monitor", list);
  await shoot("monitor-phone-thread", PHONE, giovanni, thread);
  const farm = await sendBills();
  const panel = async (page: Page) => {
    await thread(page);
    await page.locator("#case summary").click();
  };
  await shoot("monitor-case", LAPTOP, `/monitor?c=${farm}`, panel);
  await shoot("monitor-case-phone", PHONE, `/monitor?c=${farm}`, panel);
  await shoot("monitor-error", LAPTOP, `/monitor?c=${await conversationOf(FRANCO)}`, async (page) => {
    await thread(page);
    await page.route("**/api/**", (route) => route.abort());
    await page.locator("#live-notice").waitFor();
  });
  world.wasender.setSession("need_scan");
  await sql("update public.whatsapp_sender set next_send_at = now()");
  await ring();
  await shoot("monitor-paused", LAPTOP, `/monitor?c=${await conversationOf("+393401234503")}`, async (page) => {
    await thread(page);
    await page.locator("#sender-notice").waitFor();
  });
  await shoot("monitor-sign-in", LAPTOP, null, async (page) => {
    await page.goto(`${world.url}/monitor`);
    await page.getByLabel("E-mail").waitFor();
  });
}

try {
  await main();
  console.log(`The pictures are in ${fileURLToPath(DOCS)}`);
} finally {
  await browser.close();
  await world.close();
}
