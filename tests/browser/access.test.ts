import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ANNA, newPage, OUTSIDER, row, signIn, startWorld, type World } from "../helpers/browser.ts";
import { launchBrowser } from "../helpers/launch-browser.ts";

const ONE_POLL = { timeout: 7_500 };

let world: World;
let browser: Browser;
beforeAll(async () => {
  [world, browser] = await Promise.all([startWorld(), launchBrowser()]);
  await world.call("+393330000021", "Carla Greco");
});
afterAll(async () => {
  await browser?.close();
  await world?.close();
});

test("a wrong password, an unknown account and an account that is no colleague's get the same answer", async () => {
  const { page, problems, close } = await newPage(browser);
  for (const account of [{ ...ANNA, password: "sbagliata" }, { ...ANNA, email: "nessuno@example.com" }, OUTSIDER]) {
    await signIn(page, world.url, account);
    await expect
      .poll(() => page.locator("#sign-in-error").innerText())
      .toBe("E-mail o password non corrette, oppure l’account non è abilitato.");
    expect(await page.context().cookies(), account.email).toEqual([]);
    expect(await page.locator("#app").isVisible()).toBe(false);
  }
  expect(problems).toEqual([]);
  await close();
});

test("the page's own scripts cannot see the session, and signing out ends it", async () => {
  const { page, problems, close } = await newPage(browser);
  await signIn(page, world.url, ANNA);
  await row(page, "Carla Greco").waitFor();
  expect(await page.evaluate(() => document.cookie)).toBe("");
  expect((await page.context().cookies()).every(({ httpOnly, sameSite }) => httpOnly && sameSite === "Strict")).toBe(
    true,
  );

  await page.getByRole("button", { name: "Menu" }).click();
  expect(await page.locator("#user-name").innerText()).toBe("Anna");
  await page.getByRole("button", { name: "Esci" }).click();
  await page.getByLabel("E-mail").waitFor();
  expect(await page.context().cookies()).toEqual([]);
  expect(await page.locator(".row").count()).toBe(0);
  await page.reload();
  await page.getByLabel("E-mail").waitFor();
  expect(problems).toEqual([]);
  await close();
});

test("a deep link survives the sign-in", async () => {
  const { page, close } = await newPage(browser);
  const [conversation] = await world.database.query<{ id: number }>("select id from public.conversations");
  await signIn(page, world.url, ANNA, `/monitor?c=${conversation?.id}`);
  await page.locator("#thread-title", { hasText: "Carla Greco" }).waitFor();
  await close();
});

test("an expired session asks for the password, and what was being written is still there afterwards", async () => {
  const { page, problems, close } = await newPage(browser);
  await signIn(page, world.url, ANNA);
  await row(page, "Carla Greco").click();
  await page.getByLabel("Risposta").fill("Una frase lasciata a metà");
  await page.context().clearCookies();
  await page.getByText("La sessione è scaduta.").waitFor(ONE_POLL);
  expect(await page.locator("#app").isVisible()).toBe(false);

  await page.getByLabel("Password").fill(ANNA.password);
  await page.keyboard.press("Enter");
  await page.locator("#thread-title", { hasText: "Carla Greco" }).waitFor();
  expect(await page.getByLabel("Risposta").inputValue()).toBe("Una frase lasciata a metà");
  expect(await page.title()).toContain("Carla Greco");
  // It goes on by itself.
  await world.wasender.reply("+393330000021", { type: "text", text: "Eccomi" });
  await page.locator("#timeline .item", { hasText: "Eccomi" }).waitFor(ONE_POLL);
  expect(problems).toEqual([]);
  await close();
});

// The last one: Anna is no colleague afterwards.
test("somebody who is signed in and no colleague any more sees nothing from then on", async () => {
  const { page, close } = await newPage(browser);
  await signIn(page, world.url, ANNA);
  await row(page, "Carla Greco").waitFor();
  await world.database.exec("delete from public.staff");
  await page.getByLabel("Password").waitFor(ONE_POLL);
  expect(await page.locator("#app").isVisible()).toBe(false);
  await page.reload();
  await page.getByLabel("E-mail").waitFor();
  expect(await page.locator(".row").count()).toBe(0);
  await close();
});
