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
      .poll(() => page.locator("#sign-in-error").innerText(), ONE_POLL)
      .toBe("E-mail o password non corrette, oppure l’account non è abilitato.");
    expect(await page.context().cookies(), account.email).toEqual([]);
    expect(await page.locator("#app").isVisible()).toBe(false);
  }
  expect(problems).toEqual([]);
  await close();
});

test("who has tried too often is told for how long to wait", async () => {
  const { page, close } = await newPage(browser);
  await page.route("**/api/session", (route) =>
    route.request().method() === "POST"
      ? route.fulfill({
          status: 429,
          headers: { "retry-after": "180" },
          json: { error: { code: "too_many_attempts" } },
        })
      : route.continue(),
  );
  await signIn(page, world.url, ANNA);
  await page.getByText("Troppi tentativi. Riprova tra 3 min.").waitFor();
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
  // What stays lets nobody in: strangers cannot keep this browser from signing in again.
  expect((await page.context().cookies()).map(({ name }) => name)).toEqual(["browser"]);
  expect(await page.locator(".row").count()).toBe(0);
  await page.reload();
  await page.getByLabel("E-mail").waitFor();
  expect(problems).toEqual([]);
  await close();
});

test("who wants another password gives the old one and the new one twice, and is told what is wrong", async () => {
  const { page, problems, close } = await newPage(browser);
  let asked = 0;
  await page.route("**/api/session", (route) => {
    if (route.request().method() !== "PUT") return route.continue();
    asked += 1;
    // What Supabase says of a password that it knows from elsewhere; the local one knows none.
    if (route.request().postDataJSON().new_password !== "password12345") return route.continue();
    return route.fulfill({ status: 422, json: { success: false, error: { code: "weak_password", message: "" } } });
  });
  await signIn(page, world.url, ANNA);
  await row(page, "Carla Greco").waitFor();
  await page.getByRole("button", { name: "Menu" }).click();
  await page.getByRole("button", { name: "Cambia password" }).click();
  const dialog = page.getByRole("dialog", { name: "Cambia password" });
  const change = async (was: string, wanted: string, again = wanted) => {
    await dialog.getByLabel("Password attuale").fill(was);
    await dialog.getByLabel("Nuova password", { exact: true }).fill(wanted);
    await dialog.getByLabel("Ripeti la nuova password").fill(again);
    await page.keyboard.press("Enter");
  };
  const told = () => dialog.getByRole("alert").innerText();

  await change("", "");
  expect(await told()).toBe("Compila tutti e tre i campi.");
  await change(ANNA.password, "corta");
  expect(await told()).toBe("La nuova password è troppo corta: servono almeno 12 caratteri.");
  await change(ANNA.password, "fotovoltaico-2027", "fotovoltaico-2028");
  expect(await told()).toBe("Le due nuove password non sono uguali.");
  await change(ANNA.password, ANNA.password);
  expect(await told()).toBe("La nuova password è uguale a quella attuale.");
  expect(asked).toBe(0);

  await change("sbagliata", "fotovoltaico-2027");
  await expect.poll(told).toBe("La password attuale non è corretta.");
  await change(ANNA.password, "password12345");
  await expect.poll(told).toBe("Questa password è troppo facile da indovinare: scegline un’altra.");
  await change(ANNA.password, "fotovoltaico-2027");
  await expect.poll(() => page.locator("#toast").innerText()).toBe("Password cambiata.");
  expect(await dialog.isVisible()).toBe(false);

  // Nothing that was typed is left.
  await page.getByRole("button", { name: "Menu" }).click();
  await page.getByRole("button", { name: "Cambia password" }).click();
  expect(await dialog.getByLabel("Password attuale").inputValue()).toBe("");
  expect(await told()).toBe("");
  await change("fotovoltaico-2027", ANNA.password);
  await expect.poll(() => dialog.isVisible()).toBe(false);
  expect(problems).toEqual([]);
  await close();
});

test("a session that cannot be refreshed now is not lost: the page goes on trying, and shows all once it can", async () => {
  const { page, problems, close } = await newPage(browser);
  await signIn(page, world.url, ANNA);
  await row(page, "Carla Greco").waitFor();
  let limited = true;
  await page.route("**/api/**", (route) =>
    limited
      ? route.fulfill({
          status: 503,
          headers: { "retry-after": "10" },
          json: { success: false, error: { code: "auth_unavailable", message: "Please try again." } },
        })
      : route.continue(),
  );
  await page.reload();
  await page.locator("#live-notice").waitFor();
  expect(await page.locator("#app").isVisible()).toBe(true);
  expect(await page.getByLabel("Password", { exact: true }).isVisible()).toBe(false);
  limited = false;
  await row(page, "Carla Greco").waitFor({ timeout: 15_000 });
  await page.getByRole("button", { name: "Menu" }).click();
  await expect.poll(() => page.locator("#user-name").innerText()).toBe("Anna");
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

  await page.getByLabel("Password", { exact: true }).fill(ANNA.password);
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
  await page.getByLabel("Password", { exact: true }).waitFor(ONE_POLL);
  expect(await page.locator("#app").isVisible()).toBe(false);
  await page.reload();
  await page.getByLabel("E-mail").waitFor();
  expect(await page.locator(".row").count()).toBe(0);
  await close();
});
