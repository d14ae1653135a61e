// What staff do with the page, in a world where faults can be had at will.
import { readFile } from "node:fs/promises";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { faults } from "../../dev/wasender/fault.ts";
import { bubble, newPage, row, signIn, startWorld, type World } from "../helpers/browser.ts";
import { launchBrowser } from "../helpers/launch-browser.ts";

const ONE_POLL = { timeout: 7_500 };
const LUCA = "+393330000011";
const GIULIA = "+393330000012";
const PAOLO = "+393330000013";
const ELENA = "+393330000014";
const CARLO = "+393330000015";
const DARIO = "+393330000016";

let world: World;
let browser: Browser;
let page: Page;
let problems: string[];
let close: () => Promise<void>;

beforeAll(async () => {
  [world, browser] = await Promise.all([startWorld(), launchBrowser()]);
  world.faults.set(GIULIA, faults.notOnWhatsapp());
  world.faults.set(PAOLO, faults.reset(false));
  await world.call(LUCA, "Luca Bianchi");
  await world.call(GIULIA, "Giulia Ferrari");
  await world.call(PAOLO, "Paolo Ricci");
  await world.call(ELENA, "Elena Conti");
  const states = () => world.database.query<{ state: string }>("select state from public.conversations order by id");
  await vi.waitFor(
    async () =>
      expect(await states()).toEqual([
        { state: "waiting" },
        { state: "error" },
        { state: "check" },
        { state: "waiting" },
      ]),
    { timeout: 20_000, interval: 200 },
  );
});
afterAll(async () => {
  await browser?.close();
  await world?.close();
});
beforeEach(async () => {
  ({ page, problems, close } = await newPage(browser));
  await signIn(page, world.url, world.account);
  await row(page, "Elena Conti").waitFor();
});
afterEach(async () => {
  expect(problems).toEqual([]);
  await close();
});

const names = () => page.locator(".row-name").allInnerTexts();
const chip = (state: string) => page.locator(`.chip[data-state="${state}"]`);
const open = async (name: string) => {
  await row(page, name).click();
  await page.locator("#thread-title", { hasText: name }).waitFor();
};
const confirm = () => page.locator("#dialog-yes").click();

test("filters show how many are in each state, the address keeps them, and back undoes them", async () => {
  await expect.poll(() => chip("waiting").innerText()).toContain("2");
  expect(await chip("error").innerText()).toContain("1");
  expect(await page.locator("#owed").innerText()).toContain("pratiche da completare");

  await chip("error").click();
  await expect.poll(names).toEqual(["Giulia Ferrari"]);
  expect(page.url()).toContain("state=error");
  expect(await chip("error").getAttribute("aria-pressed")).toBe("true");
  await page.reload();
  await expect.poll(names).toEqual(["Giulia Ferrari"]);
  await page.goBack();
  await expect.poll(async () => (await names()).length).toBe(4);
});

test("the search finds names, numbers and words, and says when there is nothing", async () => {
  await page.keyboard.press("/");
  await page.keyboard.type("ricci");
  await expect.poll(names).toEqual(["Paolo Ricci"]);
  await page.getByLabel("Cerca nome, numero o testo").fill("333 000 0012");
  await expect.poll(names).toEqual(["Giulia Ferrari"]);
  await page.getByLabel("Cerca nome, numero o testo").fill("agrisolare");
  await expect.poll(async () => (await names()).length).toBe(4);
  await page.getByLabel("Cerca nome, numero o testo").fill("niente di simile");
  await page.getByText("Niente corrisponde a «niente di simile».").waitFor();
  await page.getByRole("button", { name: "Mostra tutte" }).click();
  await expect.poll(async () => (await names()).length).toBe(4);
});

test("a message that failed says why in words, and goes out when somebody tries again", async () => {
  await open("Giulia Ferrari");
  const why = "questo numero non è su WhatsApp. Wasender dice: «The provided JID does not exist on WhatsApp.»";
  await page.getByText(`Non inviato: ${why}`).waitFor();
  world.faults.delete(GIULIA);
  await page.getByRole("button", { name: "Riprova" }).click();
  await page.locator("#timeline .item.delivered").waitFor(ONE_POLL);
  expect(await page.locator(".action").innerText()).toMatch(/^Anna ha riprovato l’invio alle \d\d:\d\d$/);
  await expect.poll(() => row(page, "Giulia Ferrari").innerText(), ONE_POLL).toContain("in attesa");
});

test("a call says what the server knows of it: whether people talked, and why no message followed", async () => {
  const ended = (body: object) =>
    fetch(`${world.url}/webhook/cloudtalk`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ external_number: CARLO, contact_name: "Carlo Neri", direction: "outbound", ...body }),
    });
  const [machine, voicemail, unclear] = ["5d2f3b1e-1", "5d2f3b1e-2", "5d2f3b1e-3"];
  await ended({ call_uuid: machine, status: "Answering machine", talking_time: 12 });
  await ended({ call_uuid: voicemail, is_voicemail: true, call_result: "voicemail" });
  await world.database.exec(
    "update public.whatsapp_sender set paused_at = now(), paused_reason = 'staff', paused_code = 'staff'",
  );
  await ended({ call_uuid: unclear, call_result: "interessato" });
  await row(page, "Carlo Neri").click(ONE_POLL);
  const cards = page.locator(".card");
  await expect
    .poll(() => cards.allInnerTexts(), ONE_POLL)
    .toEqual([
      expect.stringMatching(
        /Answering machine\n+Nessun messaggio: la conversazione non c’è stata\.\n+Copia il link per scriverci su WhatsApp$/,
      ),
      expect.stringMatching(
        /Segreteria telefonica\n+Nessun messaggio: la conversazione non c’è stata\.\n+Copia il link per scriverci su WhatsApp$/,
      ),
      expect.stringMatching(/^Chiamata fatta · \d\d:\d\d\n+interessato\n+Copia il link per scriverci su WhatsApp$/),
    ]);
  expect(await page.locator(".card.missed").count()).toBe(2);

  // It comes out later that nobody talked.
  await page.locator("#timeline .item.queued").waitFor();
  await ended({ call_uuid: unclear, talking_time: 0 });
  await page.locator("#timeline .item.cancelled", { hasText: "La conversazione non c’è stata." }).waitFor(ONE_POLL);
  await world.database.exec(
    "update public.whatsapp_sender set paused_at = null, paused_reason = null, paused_code = null",
  );
});

test("what is erased disappears from a page on which it is open", async () => {
  await world.call(DARIO, "Dario Fabbri");
  await row(page, "Dario Fabbri").click(ONE_POLL);
  await bubble(page, "Buongiorno, sono Samuela").waitFor(ONE_POLL);
  const all = Number(await chip("all").locator("b").innerText());
  await world.wasender.reply(DARIO, { type: "text", text: "Cancellate questo" });
  await bubble(page, "Cancellate questo").waitFor(ONE_POLL);
  await world.database.exec("delete from public.whatsapp_messages where text = 'Cancellate questo'");
  await expect.poll(() => bubble(page, "Cancellate questo").count(), ONE_POLL).toBe(0);

  await world.database.exec(`delete from public.conversations
    where id = (select conversation_id from public.conversation_numbers where address = '${DARIO}')`);
  await page.getByText("Questa conversazione non esiste più.").waitFor(ONE_POLL);
  await expect.poll(() => row(page, "Dario Fabbri").count(), ONE_POLL).toBe(0);
  await expect.poll(() => chip("all").locator("b").innerText()).toBe(String(all - 1));
});

test("a message of which nobody knows is sent again only after a second look", async () => {
  const sent = () => world.wasender.sends.filter(({ to }) => to === PAOLO).length;
  await open("Paolo Ricci");
  await page.getByText("Non si sa se è arrivato").waitFor();
  world.faults.delete(PAOLO);
  const before = sent();

  await page.getByRole("button", { name: "Invia di nuovo" }).click();
  expect(await page.locator("#dialog").innerText()).toContain("il cliente potrebbe riceverlo due volte");
  await page.keyboard.press("Escape");
  await expect.poll(() => page.locator("#dialog").isVisible()).toBe(false);
  expect(sent()).toBe(before);

  await page.getByRole("button", { name: "Invia di nuovo" }).click();
  await confirm();
  await page.locator("#timeline .item.delivered").waitFor(ONE_POLL);
  expect(sent()).toBe(before + 1);
  await page.locator(".action", { hasText: "Anna ha inviato di nuovo il messaggio" }).waitFor();
});

test("a reply of two lines reaches the customer once, with its author's name", async () => {
  await open("Luca Bianchi");
  const field = page.getByLabel("Risposta");
  await field.click();
  await page.keyboard.type("Buongiorno Luca,");
  await page.keyboard.press("Shift+Enter");
  await page.keyboard.type("basta una foto.");
  await page.keyboard.press("Enter");
  expect(await field.inputValue()).toBe("");
  await bubble(page, "basta una foto.").waitFor();
  await page.locator("#timeline .item.delivered", { hasText: "basta una foto." }).waitFor(ONE_POLL);
  expect(await bubble(page, "basta una foto.").count()).toBe(1);
  expect(await bubble(page, "basta una foto.").locator(".bubble-from").innerText()).toBe("Anna");
  const got = world.wasender.phones.get(LUCA)?.messages.filter(({ from }) => from === "company");
  expect(got?.at(-1)?.text).toBe("Buongiorno Luca,\nbasta una foto.");
});

test("a reply that met a server which does not answer is tried again by hand and still is one message", async () => {
  await open("Luca Bianchi");
  let lost = 0;
  await page.route("**/api/messages", async (route) => {
    if (!route.request().postData()?.includes("Ci sentiamo domani") || lost > 0) return route.continue();
    lost += 1;
    // It arrives; only the answer is lost on its way.
    await route.fetch();
    await route.abort();
  });
  await page.getByLabel("Risposta").fill("Ci sentiamo domani");
  await page.keyboard.press("Enter");
  await expect.poll(() => bubble(page, "Ci sentiamo domani").count(), ONE_POLL).toBe(1);
  const again = bubble(page, "Ci sentiamo domani").getByRole("button", { name: "Riprova" });
  if (await again.isVisible()) await again.click();
  await page.locator("#timeline .item.delivered", { hasText: "Ci sentiamo domani" }).waitFor({ timeout: 12_000 });
  expect(await bubble(page, "Ci sentiamo domani").count()).toBe(1);
  const got = world.wasender.phones.get(LUCA)?.messages.filter(({ text }) => text === "Ci sentiamo domani");
  expect(got).toHaveLength(1);
});

test("the bill is marked as received by hand, and unmarked, with the name in the history", async () => {
  await open("Elena Conti");
  const mark = page.getByRole("switch", { name: "Bolletta ricevuta" });
  expect(await mark.getAttribute("aria-checked")).toBe("false");
  await mark.click();
  await expect.poll(() => row(page, "Elena Conti").innerText(), ONE_POLL).toContain("nessun file");
  expect(await mark.getAttribute("aria-checked")).toBe("true");
  expect(await mark.innerText()).toContain("segnata da Anna");
  await page.locator(".action", { hasText: "Anna ha segnato la bolletta come ricevuta" }).waitFor();
  await mark.click();
  await expect.poll(() => row(page, "Elena Conti").innerText(), ONE_POLL).toContain("in attesa");
  await page.locator(".action", { hasText: "Anna ha tolto il segno" }).waitFor();
});

test("sending is paused and resumed after a second look, and everybody sees by whom and since when", async () => {
  await page.getByRole("button", { name: "Sospendi gli invii" }).click();
  await confirm();
  const notice = page.locator("#sender-notice");
  await expect.poll(() => notice.innerText(), ONE_POLL).toMatch(/Invii sospesi da Anna, dalle \d\d:\d\d\./);
  // An answer that tells of the sender alone says nothing of the counts, which stay.
  expect(await chip("all").innerText()).toMatch(/\d/);

  await open("Elena Conti");
  await page.getByLabel("Risposta").fill("Questa aspetta");
  await page.keyboard.press("Enter");
  await page.locator("#timeline .item.queued", { hasText: "Questa aspetta" }).waitFor(ONE_POLL);
  await expect.poll(() => page.locator("#bar-queue").innerText(), ONE_POLL).toBe("1 in coda");

  await page.getByRole("button", { name: "Riprendi gli invii" }).click();
  expect(await page.locator("#dialog").innerText()).toContain("non si potrà ritirare");
  await confirm();
  await page.locator("#timeline .item.delivered", { hasText: "Questa aspetta" }).waitFor(ONE_POLL);
  await expect.poll(() => notice.isVisible(), ONE_POLL).toBe(false);
});

test("a waiting message is cancelled after a second look", async () => {
  await page.getByRole("button", { name: "Sospendi gli invii" }).click();
  await confirm();
  await open("Elena Conti");
  await page.getByLabel("Risposta").fill("Meglio di no");
  await page.keyboard.press("Enter");
  await bubble(page, "Meglio di no").getByRole("button", { name: "Annulla l’invio" }).click();
  await confirm();
  await page.locator("#timeline .item.cancelled", { hasText: "Meglio di no" }).waitFor(ONE_POLL);
  await page.getByRole("button", { name: "Riprendi gli invii" }).click();
  await confirm();
  await expect.poll(() => page.locator("#sender-notice").isVisible(), ONE_POLL).toBe(false);
});

test("a session that is lost says what to do, and the notice goes when it is back", async () => {
  world.wasender.setSession("need_scan");
  const notice = page.locator("#sender-notice");
  await expect
    .poll(() => notice.innerText(), ONE_POLL)
    .toContain("Aprire Wasender e scansionare il codice QR con il telefono.");
  expect(await page.locator("#bar-session").innerText()).toBe("WhatsApp non collegato");
  world.wasender.setSession("connected");
  await expect.poll(() => page.locator("#bar-session").innerText(), ONE_POLL).toBe("WhatsApp collegato");
  expect(await notice.isVisible()).toBe(false);
});

test("the filtered list is saved as CSV that Excel opens in Italian", async () => {
  await page.getByLabel("Cerca nome, numero o testo").fill("Bianchi");
  await expect.poll(names).toEqual(["Luca Bianchi"]);
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: "Esporta CSV" }).click(),
  ]);
  expect(download.suggestedFilename()).toMatch(/\.csv$/);
  const csv = await readFile(await download.path(), "utf8");
  expect(csv.charCodeAt(0)).toBe(0xfeff);
  const lines = csv.trim().split("\r\n");
  expect(lines).toHaveLength(2);
  expect(lines[1]).toContain(`"Luca Bianchi";`);
});

test("a server that fails is told of quietly, nothing typed is lost, and it recovers by itself", async () => {
  await open("Luca Bianchi");
  await page.getByLabel("Risposta").fill("A metà della frase");
  await page.route("**/api/**", (route) => route.abort());
  const banner = page.locator("#live-notice");
  await expect
    .poll(() => banner.innerText(), { timeout: 10_000 })
    .toMatch(/Aggiornamento non riuscito\. Quello che vedi è di \d+ s fa \(\d\d:\d\d\)\. Nuovo tentativo/);
  expect(await bubble(page, "Buongiorno, sono Samuela").first().isVisible()).toBe(true);

  await world.wasender.reply(LUCA, { type: "text", text: "Ci siete?" });
  await page.unroute("**/api/**");
  await bubble(page, "Ci siete?").waitFor({ timeout: 15_000 });
  expect(await banner.isVisible()).toBe(false);
  expect(await page.getByLabel("Risposta").inputValue()).toBe("A metà della frase");
});

test("each conversation keeps what was begun in it, also when the page is loaded again", async () => {
  await open("Luca Bianchi");
  await page.getByLabel("Risposta").fill("per Luca");
  await open("Elena Conti");
  expect(await page.getByLabel("Risposta").inputValue()).toBe("");
  await page.getByLabel("Risposta").fill("per Elena");
  await open("Luca Bianchi");
  expect(await page.getByLabel("Risposta").inputValue()).toBe("per Luca");
  await page.reload();
  await page.locator("#thread-title", { hasText: "Luca Bianchi" }).waitFor();
  expect(await page.getByLabel("Risposta").inputValue()).toBe("per Luca");
});

test("who reads older messages is left where they are, with their selection, and told of new ones", async () => {
  for (let i = 1; i <= 25; i++) await world.wasender.reply(ELENA, { type: "text", text: `Messaggio numero ${i}` });
  await open("Elena Conti");
  await bubble(page, "Messaggio numero 25").waitFor(ONE_POLL);
  const scroller = page.locator("#thread-scroll");
  const fromBottom = () =>
    scroller.evaluate((element) => Math.round(element.scrollHeight - element.scrollTop - element.clientHeight));
  expect(await fromBottom()).toBeLessThan(3);

  await scroller.evaluate((element) => {
    element.scrollTop = 300;
    const text = [...element.querySelectorAll(".bubble-text")].find(
      (item) => item.textContent === "Messaggio numero 3",
    );
    if (text) getSelection()?.selectAllChildren(text);
  });
  const place = () =>
    bubble(page, "Messaggio numero 9").evaluate((item) => Math.round(item.getBoundingClientRect().top));
  const before = await place();
  await world.wasender.reply(ELENA, { type: "text", text: "Il più nuovo" });
  const button = page.getByRole("button", { name: "1 nuovo messaggio" });
  await button.waitFor(ONE_POLL);
  expect(Math.abs((await place()) - before)).toBeLessThan(2);
  expect(await page.evaluate(() => String(getSelection()))).toContain("Messaggio numero 3");

  await button.click();
  await expect.poll(fromBottom).toBeLessThan(3);
  expect(await page.locator("#to-bottom").isVisible()).toBe(false);
  await world.wasender.reply(ELENA, { type: "text", text: "E un altro" });
  await bubble(page, "E un altro").waitFor(ONE_POLL);
  expect(await fromBottom()).toBeLessThan(3);
});

test("the list is used by keyboard alone", async () => {
  await page.keyboard.press("/");
  expect(await page.evaluate(() => document.activeElement?.id)).toBe("search");
  await page.keyboard.press("ArrowDown");
  const focused = () => page.evaluate(() => document.activeElement?.querySelector(".row-name")?.textContent);
  const order = await names();
  expect(await focused()).toBe(order[0]);
  await page.keyboard.press("ArrowDown");
  expect(await focused()).toBe(order[1]);
  await page.keyboard.press("End");
  expect(await focused()).toBe(order.at(-1));
  await page.keyboard.press("Enter");
  await page.locator("#thread-title", { hasText: order.at(-1) ?? "" }).waitFor();
  expect(await page.evaluate(() => document.activeElement?.id)).toBe("reply");
  await page.keyboard.press("Escape");
  await expect.poll(focused).toBe(order.at(-1));
  expect(await page.locator("#conversation").isVisible()).toBe(false);
});

test("nothing is asked while the page is hidden, and at once when it is seen again", async () => {
  const asked: string[] = [];
  page.on("request", (request) => {
    if (request.url().includes("/api/whatsapp-incoming")) asked.push(request.url());
  });
  const show = (hidden: boolean) =>
    page.evaluate((value) => {
      Object.defineProperty(document, "hidden", { configurable: true, get: () => value });
      document.dispatchEvent(new Event("visibilitychange"));
    }, hidden);
  await show(true);
  asked.length = 0;
  await page.waitForTimeout(6_500);
  expect(asked).toEqual([]);
  await show(false);
  await expect.poll(() => asked.length, { timeout: 1_000 }).toBe(1);
});
