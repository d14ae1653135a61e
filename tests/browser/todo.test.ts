// What there is to do, above the list and beside a conversation, as staff see and do it.
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { LAPTOP, newPage, PHONE, row, signIn, startWorld, type World } from "../helpers/browser.ts";
import { findings } from "../helpers/findings.ts";
import { launchBrowser } from "../helpers/launch-browser.ts";

const FARM = "+390612345678";
const MARIA = "+393330000051";
const LUCA = "+393330000052";
const ELENA = "+393330000053";
const SARA = "+393330000054";
const GIULIA = "+393330000055";
const SOON = { timeout: 20_000 };

let world: World;
let browser: Browser;
const sql = (text: string) => world.database.exec(text);
const reply = (number: string, text: string) => world.wasender.reply(number, { type: "text", text });

beforeAll(async () => {
  [world, browser] = await Promise.all([startWorld(), launchBrowser()]);
  // Nothing is sent: the first message stays where it was.
  await sql("update public.whatsapp_sender set paused_reason = 'staff', paused_code = 'staff', paused_at = now()");
  await world.call(FARM, "Azienda Agricola Colle Verde");
  await world.call(MARIA, "Maria Rossi");
  await world.call(LUCA, "Luca Bianchi");
  await world.call(ELENA, "Elena Conti");
  await world.call(SARA, "Sara Greco");
  await world.call(GIULIA, "Giulia Ferri");
  await sql(`update public.cloudtalk_calls set call_uuid = 'c0de5a2a-1' where phone_number = '${SARA}'`);
  await reply(MARIA, "Buongiorno, a cosa vi servono le bollette?");
  await reply(LUCA, "Ha sbagliato numero");
  await reply(ELENA, "Le mando domani");
  await reply(GIULIA, "Bollette c0de5a2a");
  await world.wasender.idle();
  await sql(`
    update public.whatsapp_messages set label_date = current_date - 2, text = text || '.' where label = 'promise';
    update public.whatsapp_messages set status = 'delivered', sent_at = now() - interval '20 days'
     where phone_number = '${SARA}' and kind = 'ask';
    insert into public.whatsapp_messages (direction, kind, status, phone_number, text, sent_at)
    select 'outgoing', 'reminder', 'delivered', '${SARA}', 'Mancano ancora le bollette', now() - d * interval '4 days'
      from generate_series(3, 1, -1) d;`);
});
afterAll(async () => {
  await browser?.close();
  await world?.close();
});

test("each list says how many and why, and an item leaves when it is done", async () => {
  const { page, problems, close } = await newPage(browser);
  await signIn(page, world.url, world.account);
  const todo = page.locator("#todo");
  await todo.getByText("Domande e rifiuti").waitFor(SOON);
  expect((await todo.getByRole("listitem").allInnerTexts()).map((text) => text.replace(/\s+/g, " "))).toEqual([
    "Domande e rifiuti 1",
    "Numeri sbagliati 1",
    "Promesse scadute 1",
    "Non raggiungibili 1",
    "Da chiamare 1",
  ]);
  expect(await findings(page)).toEqual([]);

  await todo.getByText("Domande e rifiuti").click();
  await row(page, "Maria Rossi").getByText("Chiede: «Buongiorno, a cosa vi servono le bollette?»").waitFor(SOON);
  await expect.poll(() => page.locator(".row").count(), SOON).toBe(1);
  await row(page, "Maria Rossi").click();
  const bar = page.locator("#todo-bar");
  await bar.getByRole("button", { name: "Fatto" }).click();
  await page.getByText("Segnato come fatto.").waitFor(SOON);
  await bar.waitFor({ state: "hidden", ...SOON });
  await row(page, "Maria Rossi").waitFor({ state: "detached", ...SOON });

  await todo.getByText("Da chiamare").click();
  await row(page, "Sara Greco").getByText("Nessun esito dopo i promemoria").waitFor(SOON);
  expect(await page.locator("#export").getAttribute("href")).toBe("/api/conversations?format=csv&todo=to_call");
  await row(page, "Sara Greco").click();
  expect(await bar.getByRole("link", { name: "Chiama" }).getAttribute("href")).toBe(`tel:${SARA}`);
  expect(await findings(page)).toEqual([]);
  const copy = page.getByRole("button", { name: "Copia il link" });
  expect(await copy.getAttribute("title")).toBe("https://wa.me/393330000000?text=Bollette%20c0de5a2a");
  await copy.click();
  await page.locator("#toast").waitFor(SOON);

  await todo.getByText("Da chiamare").click();
  await row(page, "Giulia Ferri").waitFor(SOON);
  expect(problems).toEqual([]);
  await close();
});

test("a second number is entered where the customer cannot be reached; a code of another's call is decided", async () => {
  const { page, problems, close } = await newPage(browser, PHONE);
  await signIn(page, world.url, world.account, "/monitor?state=not_reachable");
  await row(page, "Azienda Agricola Colle Verde").getByText("È un numero fisso").waitFor(SOON);
  await row(page, "Azienda Agricola Colle Verde").click();
  const bar = page.locator("#todo-bar");
  await bar.getByLabel("Altro numero del cliente").fill("ciao");
  await bar.getByRole("button", { name: "Usa questo numero" }).click();
  await page.getByText("Questo non è un numero di telefono.").waitFor(SOON);
  await bar.getByLabel("Altro numero del cliente").fill(MARIA);
  await bar.getByRole("button", { name: "Usa questo numero" }).click();
  await page.getByText("Questo numero è di un altro cliente.").waitFor(SOON);
  expect(await findings(page)).toEqual([]);
  await bar.getByLabel("Altro numero del cliente").fill("333 000 0059");
  await bar.getByRole("button", { name: "Usa questo numero" }).click();
  await page.getByText("Il messaggio va a +393330000059.").waitFor(SOON);
  await bar.waitFor({ state: "hidden", ...SOON });

  await page.setViewportSize(LAPTOP);
  await page.goto(`${world.url}/monitor`);
  await row(page, "Giulia Ferri").click();
  await bar.getByText("Ha scritto con il codice di una chiamata di Sara Greco: è lo stesso cliente?").waitFor(SOON);
  expect(await findings(page)).toEqual([]);
  await bar.getByRole("button", { name: "Sì, unisci" }).click();
  await page.locator("#dialog-yes").click();
  await page.getByText("Ora sono una conversazione sola.").waitFor(SOON);
  await page.locator("#thread-title", { hasText: /Sara Greco|Giulia Ferri/ }).waitFor(SOON);
  await bar.getByText("è lo stesso cliente?").waitFor({ state: "detached", ...SOON });
  expect(problems).toEqual([]);
  await close();
});
