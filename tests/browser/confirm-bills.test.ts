// A customer's bill, from the sandbox phone through the reader's own function onto the screen, where a person confirms it.
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { bubble, type Dev, LAPTOP, newPage, PHONE, row, signIn, startDev } from "../helpers/browser.ts";
import { findings } from "../helpers/findings.ts";
import { launchBrowser } from "../helpers/launch-browser.ts";

const SOON = { timeout: 60_000 };

let dev: Dev;
let browser: Browser;
beforeAll(async () => {
  // What is read of a photo is the reader's tests' business, and takes its time.
  [dev, browser] = await Promise.all([startDev({ BILLS_READ_PHOTOS: "false" }), launchBrowser()]);
  await dev.sandbox("reply", { number: "+393330000001", name: "Maria Rossi", type: "pdf", text: "Ecco la bolletta" });
  await dev.sandbox("reply", { number: "+393330000002", name: "Luca Bianchi", type: "photo", text: "La foto" });
});
afterAll(async () => {
  await browser?.close();
  await dev?.close();
});

test("a bill is read, seen beside its page, corrected and confirmed by keyboard, and the next one rejected", async () => {
  const { page, problems, close } = await newPage(browser);
  await signIn(page, dev.url, dev.account);
  await row(page, "Maria Rossi").click();
  const card = bubble(page, "Ecco la bolletta").locator(".bill-card");
  await card.getByText("POD …0000").waitFor(SOON);
  expect(await card.innerText()).toMatch(/POD …0000 · set–ott 2026 · 30 kW[\s\S]*da confermare/);

  await card.click();
  const viewer = page.locator("dialog.viewer");
  // The page is drawn: not white alone.
  const ink = () =>
    viewer.locator("canvas").evaluate((canvas: HTMLCanvasElement) => {
      const data = canvas.width > 0 && canvas.getContext("2d")?.getImageData(0, 0, canvas.width, canvas.height).data;
      return data ? data.some((value, index) => index % 4 === 0 && value < 128 && (data[index + 3] ?? 0) > 0) : false;
    });
  await expect.poll(ink, SOON).toBe(true);
  await viewer.getByText("1 / 2").waitFor(SOON);
  await viewer.locator(".fact").first().focus();
  await viewer.locator(".viewer-mark").waitFor(SOON);
  await page.keyboard.press("PageDown");
  await viewer.getByText("2 / 2").waitFor(SOON);
  expect(await findings(page)).toEqual([]);

  await page.keyboard.press("e");
  await viewer.getByLabel("Consumo fatturato").fill("1980.5");
  await page.keyboard.press("Enter");
  await viewer.getByText("confermata da").waitFor(SOON);
  await viewer.getByText("1.980,5 kWh").waitFor(SOON);
  await page.keyboard.press("Escape");
  await card.getByText("1.980,5 kWh").waitFor(SOON);

  await page.setViewportSize(PHONE);
  await card.click();
  await expect.poll(ink, SOON).toBe(true);
  await page.keyboard.press("Escape");
  await page.setViewportSize(LAPTOP);

  await page.getByRole("button", { name: /Bollette da confermare/ }).click();
  await viewer.getByText("le foto si guardano a mano").waitFor(SOON);
  // Those who have no keyboard have buttons.
  await page.setViewportSize(PHONE);
  expect(await viewer.getByRole("button", { name: "File precedente" }).isDisabled()).toBe(true);
  expect(await findings(page)).toEqual([]);
  await page.setViewportSize(LAPTOP);
  await expect.poll(ink, SOON).toBe(true);
  await page.keyboard.press("n");
  await viewer.getByText("Non è una bolletta della luce").first().waitFor(SOON);
  await page.keyboard.press("Escape");
  await row(page, "Luca Bianchi").getByText("ha risposto").waitFor(SOON);
  expect(problems).toEqual([]);
  await close();
});
