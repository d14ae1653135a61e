// A customer's photo and PDF, from the sandbox phone through WhatsApp's encryption into Storage, and onto the screen.
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { bubble, type Dev, newPage, row, signIn, startDev } from "../helpers/browser.ts";
import { launchBrowser } from "../helpers/launch-browser.ts";

const NUMBER = "+393330000001";
const SOON = { timeout: 20_000 };

let dev: Dev;
let browser: Browser;
beforeAll(async () => {
  [dev, browser] = await Promise.all([startDev(), launchBrowser()]);
});
afterAll(async () => {
  await browser?.close();
  await dev?.close();
});

test("a photo is seen in the thread, a PDF is opened and saved, and both are in the customer's list of bills", async () => {
  const { page, problems, close } = await newPage(browser);
  await dev.sandbox("calls", { number: NUMBER, name: "Maria Rossi" });
  await signIn(page, dev.url, dev.account);
  await row(page, "Maria Rossi").click();
  await dev.sandbox("reply", { number: NUMBER, type: "photo", text: "Ecco la foto" });
  await dev.sandbox("reply", { number: NUMBER, type: "pdf", text: "Ed ecco il PDF" });

  const photo = bubble(page, "Ecco la foto").locator("img");
  await photo.waitFor(SOON);
  await expect.poll(() => photo.evaluate((image: HTMLImageElement) => image.naturalWidth), SOON).toBeGreaterThan(50);

  const card = bubble(page, "Ed ecco il PDF").locator("a.media");
  await card.waitFor(SOON);
  expect(await card.innerText()).toMatch(/bolletta\.pdf[\s\S]*2 pagine/);
  const href = await card.getAttribute("href");
  const file = await page.request.get(dev.url + href);
  expect((await file.body()).subarray(0, 5).toString()).toBe("%PDF-");

  await row(page, "Maria Rossi").getByText("2 file, POD non noto").waitFor(SOON);
  await page.getByText("2 bollette", { exact: true }).click();
  const bills = page.locator("#bills li");
  expect(await bills.count()).toBe(2);
  const download = page.waitForEvent("download");
  await bills
    .first()
    .getByRole("link", { name: /Scarica/ })
    .click();
  expect((await download).suggestedFilename()).toMatch(/\.pdf$/);
  expect(problems).toEqual([]);
  await close();
});
