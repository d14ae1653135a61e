// Why a message waits, who wants none, and what WhatsApp does to the number: as staff see it.
import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { NO_TROUBLES } from "../../dev/wasender/troubles.ts";
import { bubble, LAPTOP, newPage, PHONE, row, signIn, startWorld, type World } from "../helpers/browser.ts";
import { findings } from "../helpers/findings.ts";
import { launchBrowser } from "../helpers/launch-browser.ts";

const LUCA = "+393330000041";
const ELENA = "+393330000042";
const SARA = "+393330000043";
const MARTA = "+393330000044";

/** Hours that are neither today nor tomorrow, whatever day it is. */
const inTwoDays = new Intl.DateTimeFormat("en", { weekday: "short", timeZone: "Europe/Rome" });
const CLOSED = `${inTwoDays.format(Date.now() + 2 * 86_400_000)} 9-20`;

let world: World;
let browser: Browser;
let page: Page;
let problems: string[];
let close: () => Promise<void>;

beforeAll(async () => {
  [world, browser] = await Promise.all([startWorld(), launchBrowser()]);
});
afterAll(async () => {
  await browser?.close();
  await world?.close();
});
beforeEach(async () => {
  ({ page, problems, close } = await newPage(browser, LAPTOP));
});
afterEach(async () => {
  expect(problems).toEqual([]);
  await close();
});

/** What is on the page, once it has just asked the server: it does so when the network is back. */
const seen = async (locator: Locator) => {
  await page.evaluate(() => dispatchEvent(new Event("online")));
  return (await locator.isVisible()) ? locator.innerText() : "";
};
const soon = { interval: 300 };

const sql = (text: string) => world.database.exec(text);
const open = async (name: string) => {
  await signIn(page, world.url, world.account);
  await row(page, name).click();
  await page.locator("#thread-title", { hasText: name }).waitFor();
};
const pause = (by: string | null) =>
  sql(
    `update public.whatsapp_sender set paused_reason = ${by && `'${by}'`}, paused_code = ${by && `'${by}'`}, paused_at = ${by && "now()"}`,
  );

test("a message that waits says why and until when, and a reply can wait for the hours too", async () => {
  await pause("staff");
  await world.call(LUCA, "Luca Bianchi");
  await sql("update public.whatsapp_messages set free_until = now()");
  await open("Luca Bianchi");
  const foot = page.locator(".item.queued .bubble-foot");
  await expect.poll(() => seen(foot), soon).toMatch(/in coda · invii sospesi$/);

  // Nothing of the message itself changes: what all messages share does.
  await world.sandbox("hours", { hours: CLOSED });
  await pause(null);
  await expect.poll(() => seen(foot), soon).toMatch(/in coda · parte (\w{3}|\d+ \w{3}) 0?9:00$/);
  expect(await page.locator("#bar-hours").innerText()).toMatch(/^fuori orario, riprende .+ alle 0?9:00$/);
  expect(await page.locator("#bar-next").isVisible()).toBe(false);
  expect(await page.getByRole("radio", { name: "all’apertura" }).isChecked()).toBe(true);
  expect(await findings(page)).toEqual([]);
  await page.locator("#reply").fill("A domani");
  await page.keyboard.press("Enter");
  await expect.poll(() => bubble(page, "A domani").innerText()).toContain("in coda · parte");
  await page.getByRole("radio", { name: "subito" }).check();
  await page.locator("#reply").fill("Eccomi");
  await page.keyboard.press("Enter");
  const arrived = page.locator("#timeline .item.delivered");
  await expect.poll(() => seen(arrived.filter({ hasText: "Eccomi" })), soon).not.toBe("");

  await world.sandbox("hours", { hours: "off" });
  await expect.poll(() => seen(arrived.filter({ hasText: "A domani" })), soon).not.toBe("");
  expect(await page.locator("#bar-hours").isVisible()).toBe(false);
  expect(await page.locator("#reply-when").isVisible()).toBe(false);
});

test("staff decide who wants no messages, find them again, and are asked before they write", async () => {
  await world.call(ELENA, "Elena Conti");
  await world.wasender.reply(ELENA, { type: "text", text: "Cancellate tutto, per la privacy" });
  await open("Elena Conti");
  await page.getByText("Forse non vuole più messaggi").waitFor();
  expect(await row(page, "Elena Conti").innerText()).toContain("da decidere");
  await page.getByRole("button", { name: "Non vuole messaggi", exact: true }).click();
  expect(await page.getByLabel("Perché").inputValue()).toBe("ha scritto: Cancellate tutto, per la privacy");
  expect(await findings(page)).toEqual([]);
  await page.keyboard.press("Enter");
  const strip = page.locator("#objection");
  await expect
    .poll(() => strip.innerText())
    .toMatch(
      /^Non vuole messaggi automatici · segnato da Anna, \d\d:\d\d: «ha scritto: Cancellate tutto, per la privacy»/,
    );

  await page.locator('.chip[data-state="objection"]', { hasText: "1" }).click();
  await expect.poll(() => page.locator(".row-name").allInnerTexts()).toEqual(["Elena Conti"]);
  expect(await page.locator("#export").getAttribute("href")).toContain("objection=true");
  await page.reload();
  await expect.poll(() => row(page, "Elena Conti").innerText()).toContain("opposizione");
  expect(await page.locator(".row").count()).toBe(1);

  await page.locator("#reply").fill("Abbiamo cancellato tutto.");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Scrivere a chi non vuole messaggi?" }).waitFor();
  await page.keyboard.press("Escape");
  expect(await page.locator("#reply").inputValue()).toBe("Abbiamo cancellato tutto.");
  await page.locator("#send").click();
  await page.getByRole("button", { name: "Invia lo stesso" }).click();
  const arrived = page.locator("#timeline .item.delivered", { hasText: "Abbiamo cancellato tutto." });
  await expect.poll(() => seen(arrived), soon).not.toBe("");

  await page.getByRole("button", { name: "Togli l’opposizione" }).click();
  await page.keyboard.press("Enter");
  await page.getByText("Scrivi il motivo.").waitFor();
  await page.getByLabel("Perché").fill("Lo ha chiesto al telefono");
  await page.keyboard.press("Enter");
  await expect.poll(() => strip.isVisible()).toBe(false);
  await page.locator(".action", { hasText: "«Lo ha chiesto al telefono»" }).waitFor();
  await page.getByRole("button", { name: "Segna che non vuole messaggi" }).waitFor();
});

test("a reply of a page that does not know of the objection yet is asked about as well", async () => {
  await open("Luca Bianchi");
  await page.route("**/api/whatsapp-incoming*", (route) => route.abort());
  await world.wasender.reply(LUCA, { type: "text", text: "Stop" });
  await page.locator("#reply").fill("Quando ci sentiamo?");
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Invia lo stesso" }).click();
  await page.unroute("**/api/whatsapp-incoming*");
  const arrived = page.locator("#timeline .item.delivered", { hasText: "Quando ci sentiamo?" });
  await expect.poll(() => seen(arrived), soon).not.toBe("");
});

test("what never arrived is counted in the bar, which leads to the customers to be called", async () => {
  await world.call(MARTA, "Marta Riva");
  const sent = () =>
    world.database.query(
      `select from public.whatsapp_messages where phone_number = '${MARTA}' and status = 'delivered'`,
    );
  await expect.poll(sent, soon).toHaveLength(1);
  await sql(`update public.whatsapp_messages set status = 'sent', sent_at = now() - interval '3 days',
    message_at = now() - interval '3 days' where phone_number = '${MARTA}'`);
  await signIn(page, world.url, world.account);
  await page.getByRole("link", { name: "1 mai consegnato" }).click();
  await expect.poll(() => page.locator(".row-name").allInnerTexts()).toEqual(["Marta Riva"]);
  expect(page.url()).toContain("state=undelivered");
  await row(page, "Marta Riva").click();
  await page.getByText("Mai consegnato: in 48 ore non è arrivato sul telefono. Conviene chiamare.").waitFor();
  expect(await page.locator(".item-note a").getAttribute("href")).toBe(`tel:${MARTA}`);
  expect(await findings(page)).toEqual([]);
});

test("a restricted number: what happened, until when, what to do, and how to go on", async () => {
  await close();
  ({ page, problems, close } = await newPage(browser, { ...PHONE, dark: true }));
  world.wasender.setTroubles({ ...NO_TROUBLES, restricted: 1 });
  await world.call(SARA, "Sara Galli");
  await signIn(page, world.url, world.account);
  const notice = page.locator("#sender-notice");
  await expect.poll(() => notice.innerText()).toMatch(/^WhatsApp ha limitato il nostro numero, dalle \d\d:\d\d\./);
  expect(await notice.innerText()).toMatch(/fermi fino a domani alle \d+:\d\d, .*Aspettare: non scansionare di nuovo/);
  expect(await page.locator("#bar-pause").isVisible()).toBe(true);
  expect(await findings(page)).toEqual([]);
  await page.getByRole("button", { name: "Riprendi gli invii" }).click();
  await page.getByRole("button", { name: "Riprendi lo stesso" }).click();
  await expect.poll(() => notice.isVisible()).toBe(false);
});
