// What a customer's answer means, on the page: with the mouse, by keyboard, on a phone.
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { LAPTOP, newPage, PHONE, row, signIn, startWorld, type World } from "../helpers/browser.ts";
import { findings } from "../helpers/findings.ts";
import { launchBrowser } from "../helpers/launch-browser.ts";

const LUCA = "+393330000061";
const ELENA = "+393330000062";

let world: World;
let browser: Browser;
let page: Page;
let problems: string[];
let close: () => Promise<void>;

beforeAll(async () => {
  [world, browser] = await Promise.all([startWorld(), launchBrowser()]);
  await world.call(LUCA, "Luca Bianchi");
  await world.wasender.reply(LUCA, { type: "text", text: "Ma chi siete?" });
  await world.wasender.reply(LUCA, { type: "text", text: "Guardi ne parlo con il socio" });
  await world.call(ELENA, "Elena Conti");
  await world.wasender.reply(ELENA, { type: "text", text: "Ok, domani gliele mando" });
});
afterAll(async () => {
  await browser?.close();
  await world?.close();
});
beforeEach(async () => {
  ({ page, problems, close } = await newPage(browser, LAPTOP));
  await signIn(page, world.url, world.account);
});
afterEach(async () => {
  expect(problems).toEqual([]);
  await close();
});

const open = async (name: string) => {
  await row(page, name).click();
  await page.locator("#thread-title", { hasText: name }).waitFor();
  await page.locator(".label select").first().waitFor();
};
const chosen = () =>
  page
    .locator(".label select")
    .evaluateAll((all) => all.map((one) => (one instanceof HTMLSelectElement ? one.value : "")));
const stored = (number: string) =>
  world.database.query<{ label: string; by: string; date: string | null }>(
    `select label, label_by as by, label_date::text as date from public.whatsapp_messages
      where direction = 'incoming' and phone_number = '${number}' order by id desc limit 1`,
  );

test("an answer says what it means; L and one letter change it, and the keyboard stays there", async () => {
  await open("Luca Bianchi");
  await expect.poll(chosen).toEqual(["question", "other"]);
  await page.locator("#thread-scroll").focus();
  await page.keyboard.press("l");
  await page.keyboard.press("p");
  await page.getByText("Corretto.").waitFor();
  expect(await stored(LUCA)).toEqual([{ label: "promise", by: "staff", date: null }]);
  await page.locator(".action", { hasText: "Anna ha corretto che cosa risponde un messaggio" }).waitFor();
  expect(await chosen()).toEqual(["question", "promise"]);
  expect(await page.evaluate(() => document.activeElement?.tagName)).toBe("SELECT");

  await page.getByLabel("Promessa entro").fill("2026-12-18");
  await expect.poll(() => stored(LUCA)).toEqual([{ label: "promise", by: "staff", date: "2026-12-18" }]);
  await page.keyboard.press("Escape");
});

test("L is a letter where somebody writes", async () => {
  await open("Luca Bianchi");
  await page.getByLabel("Risposta", { exact: true }).fill("");
  await page.getByLabel("Risposta", { exact: true }).press("l");
  expect(await page.getByLabel("Risposta", { exact: true }).inputValue()).toBe("l");
  await page.getByLabel("Risposta", { exact: true }).fill("");
});

test("a promise says until when, on a phone too", async () => {
  await page.setViewportSize(PHONE);
  await open("Elena Conti");
  expect(await chosen()).toEqual(["promise"]);
  const [{ date } = { date: null }] = await stored(ELENA);
  expect(await page.getByLabel("Promessa entro").inputValue()).toBe(date);
  expect(await findings(page)).toEqual([]);
});
