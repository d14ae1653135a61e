// The whole of `npm run dev` as a newcomer has it, and its page in a real browser.
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { bubble, type Dev, newPage, row, signIn, startDev } from "../helpers/browser.ts";
import { launchBrowser } from "../helpers/launch-browser.ts";

const NUMBER = "+393330000001";
/** One poll of the page, and what the machine needs. */
const ONE_POLL = { timeout: 7_500 };

let dev: Dev;
let browser: Browser;
beforeAll(async () => {
  [dev, browser] = await Promise.all([startDev(), launchBrowser()]);
});
afterAll(async () => {
  await browser?.close();
  await dev?.close();
});

test("a call ends, its message is followed to the customer's eyes, and the photo that answers it arrives", async () => {
  const { page, problems, close } = await newPage(browser);
  await signIn(page, dev.url, dev.account);
  await page.getByText("Ancora nessuna conversazione").waitFor();
  expect(await page.title()).toBe("Messaggi WhatsApp");

  await dev.sandbox("calls", { number: NUMBER, name: "Maria Rossi" });
  await row(page, "Maria Rossi").waitFor(ONE_POLL);
  expect(await row(page, "Maria Rossi").innerText()).toContain("in attesa");

  await row(page, "Maria Rossi").click();
  const ask = bubble(page, "Buongiorno, sono Samuela della Greengen Group.");
  await ask.waitFor();
  expect(page.url()).toMatch(/\/monitor\?c=\d+$/);
  await page.locator(".card", { hasText: "Chiamata fatta" }).waitFor();
  expect(await page.locator(".card").innerText()).toMatch(
    /Risposta · 3 min 7 s di conversazione · con Samuela Greengen/,
  );

  // The bubble that is there changes; it is not drawn anew elsewhere.
  await page.locator("#timeline .item.delivered").waitFor(ONE_POLL);
  expect(await ask.innerText()).toContain("consegnato");
  await dev.sandbox("open", { number: NUMBER, open: true });
  await page.locator("#timeline .item.read").waitFor(ONE_POLL);
  expect(await ask.count()).toBe(1);

  await dev.sandbox("reply", { number: NUMBER, type: "photo", text: "Ecco la bolletta" });
  const photo = bubble(page, "Ecco la bolletta");
  await photo.waitFor(ONE_POLL);
  expect(await photo.locator(".media:not(.bill-card), .photo").count()).toBe(1);
  await expect.poll(() => row(page, "Maria Rossi").innerText(), ONE_POLL).toMatch(/ha risposto|1 file/);

  expect(problems).toEqual([]);
  await close();
});

test("what a customer writes stays text, from right to left too", async () => {
  const { page, problems, close } = await newPage(browser);
  await signIn(page, dev.url, dev.account);
  await row(page, "Maria Rossi").click();

  const hostile = `<img src=x onerror="document.title='rotto'"><script>alert(1)</script>`;
  await dev.sandbox("reply", { number: NUMBER, type: "text", text: hostile });
  await bubble(page, "<img src=x").waitFor(ONE_POLL);
  expect(await page.locator(".bubble-text", { hasText: "<img" }).innerText()).toBe(hostile);
  expect(await page.locator("#timeline script, #timeline img[src='x'], #list img").count()).toBe(0);
  expect(await page.title()).not.toContain("rotto");

  await dev.sandbox("reply", { number: NUMBER, type: "text", text: "مرحبا، سأرسل الفاتورة غدا" });
  const arabic = page.locator(".bubble-text", { hasText: "مرحبا" });
  await arabic.waitFor(ONE_POLL);
  expect(await arabic.evaluate((element) => getComputedStyle(element).direction)).toBe("rtl");
  expect(await bubble(page, "مرحبا").evaluate((element) => getComputedStyle(element).direction)).toBe("ltr");

  expect(problems).toEqual([]);
  await close();
});

test("new words are counted in the title while nobody looks at them, and read once they are opened", async () => {
  const { page, problems, close } = await newPage(browser);
  await signIn(page, dev.url, dev.account);
  await row(page, "Maria Rossi").waitFor();
  await dev.sandbox("reply", { number: NUMBER, type: "text", text: "Ne ho anche un'altra" });
  await expect.poll(() => page.title(), ONE_POLL).toBe("(1) Messaggi WhatsApp");
  expect(await page.locator("#announcer").innerText()).toContain("Nuovo messaggio da Maria Rossi");

  await row(page, "Maria Rossi").click();
  await page.locator(".unread-line").waitFor();
  await expect.poll(() => page.title(), ONE_POLL).toBe("Maria Rossi · Messaggi WhatsApp");

  expect(problems).toEqual([]);
  await close();
});
