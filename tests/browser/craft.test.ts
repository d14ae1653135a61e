// How the page is made: for eyes, keyboards and screen readers, on small screens, and with five thousand customers.
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { faults } from "../../dev/wasender/fault.ts";
import {
  ANNA,
  bubble,
  LAPTOP,
  newPage,
  PHONE,
  row,
  signIn,
  startWorld,
  type View,
  type World,
} from "../helpers/browser.ts";
import { findings } from "../helpers/findings.ts";
import { launchBrowser } from "../helpers/launch-browser.ts";

const SARA = "+393330000031";
const FABIO = "+393330000032";
const NADIA = "+393330000033";

let world: World;
let browser: Browser;
beforeAll(async () => {
  [world, browser] = await Promise.all([startWorld(), launchBrowser()]);
  world.faults.set(FABIO, faults.notOnWhatsapp());
  world.faults.set(NADIA, faults.reset(false));
  await world.call(SARA, "Sara Marino");
  await world.call(FABIO, "Fabio De Luca");
  await world.call(NADIA, "Nadia Costa");
  await vi.waitFor(
    async () => {
      const states = await world.database.query("select state from public.conversations where state <> 'waiting'");
      expect(states).toHaveLength(2);
    },
    { timeout: 20_000, interval: 200 },
  );
  await world.wasender.reply(SARA, { type: "pdf", text: "Eccola" });
  await world.wasender.reply(SARA, { type: "photo" });
});
afterAll(async () => {
  await browser?.close();
  await world?.close();
});

const views: Record<string, (page: Page) => Promise<void>> = {
  "the list and the overview": async (page) => {
    await row(page, "Sara Marino").waitFor();
  },
  "a thread with files": async (page) => {
    await row(page, "Sara Marino").click();
    await bubble(page, "Eccola").waitFor();
  },
  "a message that failed": async (page) => {
    await row(page, "Fabio De Luca").click();
    await page.locator(".item.failed").waitFor();
  },
  "a message of which nobody knows, and the question": async (page) => {
    await row(page, "Nadia Costa").click();
    await page.getByRole("button", { name: "Invia di nuovo" }).click();
  },
  "a search that finds nothing": async (page) => {
    await page.locator("#search").fill("zzzz");
    await page.getByRole("heading", { name: "Nessuna conversazione trovata" }).waitFor();
  },
  "a server that does not answer": async (page) => {
    await page.route("**/api/**", (route) => route.abort());
    await page.locator("#live-notice").waitFor({ timeout: 10_000 });
  },
  "the dialog to change the password": showPasswordDialog,
  "WhatsApp not connected, and the menu": async (page) => {
    world.wasender.setSession("need_scan");
    await page.locator("#sender-notice").waitFor({ timeout: 10_000 });
    await page.locator("#menu-button").click();
    world.wasender.setSession("connected");
  },
};

/** The dialog to change the password, with what is wrong in it. */
async function showPasswordDialog(page: Page): Promise<void> {
  await page.locator("#menu-button").click();
  await page.locator("#change-password").click();
  await page.locator("#password-submit").click();
  await page.locator("#password-error:not(:empty)").waitFor();
}

for (const dark of [false, true]) {
  const light = dark ? "dark" : "light";
  test(`axe finds nothing on any view, in ${light}`, async () => {
    for (const [name, show] of Object.entries(views)) {
      const { page, problems, close } = await newPage(browser, { ...LAPTOP, dark });
      await signIn(page, world.url, ANNA);
      await row(page, "Sara Marino").waitFor();
      await show(page);
      expect(await findings(page), name).toEqual([]);
      expect(problems, name).toEqual([]);
      await close();
    }
  });

  test(`axe finds nothing on a phone and at the sign-in, in ${light}`, async () => {
    const { page, close } = await newPage(browser, { ...PHONE, dark });
    await signIn(page, world.url, { ...ANNA, password: "sbagliata" });
    await page.locator("#sign-in-error:not(:empty)").waitFor();
    expect(await findings(page), "sign-in").toEqual([]);
    await signIn(page, world.url, ANNA);
    await row(page, "Sara Marino").click();
    await bubble(page, "Eccola").waitFor();
    expect(await findings(page), "thread").toEqual([]);
    await page.getByRole("button", { name: "Torna alle conversazioni" }).click();
    await row(page, "Sara Marino").waitFor();
    expect(await findings(page), "list").toEqual([]);
    await showPasswordDialog(page);
    expect(await findings(page), "password").toEqual([]);
    await close();
  });
}

/** What makes the page wider than the screen. */
const overflow = (page: Page) =>
  page.evaluate(() =>
    document.documentElement.scrollWidth <= innerWidth
      ? []
      : [...document.querySelectorAll("body *")]
          .filter((element) => element.getBoundingClientRect().right > innerWidth + 1)
          .map((element) =>
            `${element.tagName} ${element.id} ${element.getAttribute("class")} ${element.textContent}`.slice(0, 90),
          ),
  );

test("a phone shows one pane at a time, and back leads to the list", async () => {
  const { page, problems, close } = await newPage(browser, PHONE);
  await signIn(page, world.url, ANNA);
  await row(page, "Sara Marino").waitFor();
  expect(await page.locator("#thread").isVisible()).toBe(false);
  expect(await overflow(page)).toEqual([]);
  await row(page, "Sara Marino").click();
  await bubble(page, "Eccola").waitFor();
  expect(await page.locator("#conversations").isVisible()).toBe(false);
  expect(await page.locator("#bar-session").isVisible()).toBe(true);
  expect(await overflow(page)).toEqual([]);
  await page.goBack();
  await row(page, "Sara Marino").waitFor();
  await row(page, "Sara Marino").click();
  await page.getByRole("button", { name: "Torna alle conversazioni" }).click();
  await row(page, "Sara Marino").waitFor();
  expect(page.url()).toBe(`${world.url}/monitor`);
  expect(problems).toEqual([]);
  await close();
});

test("nothing is cut off at any width, nor with text twice as large", async () => {
  const sizes: View[] = [320, 390, 600, 768, 900, 1024, 1280, 1920].map((width) => ({ width, height: 700 }));
  const { page, close } = await newPage(browser, LAPTOP);
  await signIn(page, world.url, ANNA);
  await row(page, "Sara Marino").click();
  await bubble(page, "Eccola").waitFor();
  for (const large of [false, true]) {
    await page.evaluate((twice) => document.documentElement.style.setProperty("font-size", twice ? "200%" : ""), large);
    for (const { width, height } of sizes) {
      await page.setViewportSize({ width, height });
      expect(await overflow(page), `${width} px`).toEqual([]);
      if (large) continue;
      const outside = await page.evaluate(() =>
        [...document.querySelectorAll("button, a, input, textarea, h2, .badge")]
          .filter((element) => element.checkVisibility() && !element.closest(".skip, .rows, .hidden"))
          .filter((element) => {
            const { left, right } = element.getBoundingClientRect();
            return left < -1 || right > innerWidth + 1;
          })
          .map(({ outerHTML }) => outerHTML.slice(0, 120)),
      );
      expect(
        outside.filter((html) => !html.includes('class="skip"')),
        `${width} px`,
      ).toEqual([]);
    }
  }
  await close();
});

test("who prefers English has it everywhere, and it is remembered", async () => {
  const { page, problems, close } = await newPage(browser);
  await page.goto(`${world.url}/monitor`);
  await page.getByRole("button", { name: "English" }).click();
  await page.getByRole("heading", { name: "Greengen WhatsApp messages" }).waitFor();
  await signIn(page, world.url, ANNA);
  await row(page, "Sara Marino").click();
  await page.getByRole("switch", { name: "Bill received" }).waitFor();
  await page.getByPlaceholder("Write a reply").waitFor();
  expect(await page.locator("html").getAttribute("lang")).toBe("en");
  // What customers and the company wrote stays as it is.
  const parts = await page
    .locator(".top, .notices, .list-head, .badge, #thread-header, .card, .day, .bubble-foot, #composer")
    .allInnerTexts();
  const shown = parts.join(" ");
  expect(shown).not.toMatch(/\b(bolletta|in attesa|errore|coda|conversazioni|chiamata|adesso|oggi)\b/i);
  expect(problems).toEqual([]);
  await close();
});

// The last one: it fills the database.
test("of 5,000 conversations few rows are in the document, wherever one looks", async () => {
  await world.database.exec(`
    insert into public.cloudtalk_calls (phone_number, contact_name, should_send_reason, call_end_time, created_at)
    select '+39334' || lpad(n::text, 7, '0'), 'Cliente ' || n, 'legacy', now() - n * interval '1 minute', now() - n * interval '1 minute'
      from generate_series(1, 5000) n`);
  const { page, problems, close } = await newPage(browser);
  await signIn(page, world.url, ANNA);
  await row(page, "Cliente 1").first().waitFor();
  const rows = () => page.locator(".row").count();
  const loaded = () => page.locator("#rows").evaluate((list) => list.clientHeight / 72);
  expect(await rows()).toBeLessThan(60);

  let pages = 0;
  while ((await loaded()) < 5003 && pages++ < 200) {
    const before = await loaded();
    await page.locator("#list").evaluate((list) => {
      list.scrollTop = list.scrollHeight;
    });
    await expect.poll(loaded, { timeout: 5_000, interval: 20 }).toBeGreaterThan(before);
  }
  expect(await rows()).toBeLessThan(60);

  // From the far end of 5,000 to their top.
  await world.wasender.reply(SARA, { type: "text", text: "Ancora una cosa" });
  await page.locator("#list").evaluate((list) => {
    list.scrollTop = 0;
  });
  await expect.poll(() => page.locator(".row-name").first().innerText(), { timeout: 7_500 }).toBe("Sara Marino");
  const most = await page.evaluate(async () => {
    const list = document.getElementById("list");
    let rows = 0;
    for (let step = 0; step < 60 && list; step++) {
      list.scrollTop = (step * 7919 * 72) % list.scrollHeight;
      await new Promise(requestAnimationFrame);
      rows = Math.max(rows, document.querySelectorAll(".row").length);
    }
    return rows;
  });
  expect(most).toBeLessThan(60);
  expect(problems).toEqual([]);
  await close();
});
