// A customer's case on the screen: the grid, what staff say of it, and the dossier, from real files.
import { readFile } from "node:fs/promises";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { bubble, type Dev, LAPTOP, newPage, PHONE, row, signIn, startDev } from "../helpers/browser.ts";
import { findings } from "../helpers/findings.ts";
import { launchBrowser } from "../helpers/launch-browser.ts";

const SOON = { timeout: 60_000 };

let dev: Dev;
let browser: Browser;
beforeAll(async () => {
  [dev, browser] = await Promise.all([
    startDev({ BILLS_READ_PHOTOS: "false", WHATSAPP_REMINDERS: "3d,7d" }),
    launchBrowser(),
  ]);
  await dev.sandbox("reply", { number: "+393330000001", name: "Maria Rossi", type: "pdf", text: "Ecco la bolletta" });
});
afterAll(async () => {
  await browser?.close();
  await dev?.close();
});

test("months are seen, chosen for a photo and opened; the rest is asked for by a prefilled reply", async () => {
  const { page, problems, close } = await newPage(browser);
  await signIn(page, dev.url, dev.account);
  await row(page, "Maria Rossi").click();
  await bubble(page, "Ecco la bolletta").locator(".bill-card").getByText("POD …0000").waitFor(SOON);
  const panel = page.locator("#case");
  await panel.locator("summary").click();
  const grid = panel.getByRole("table");
  // A bill of another year covers nothing.
  await expect.poll(() => grid.getByText(/manca/).count(), SOON).toBe(12);
  await panel.getByText("Di un altro anno: …0000, 01/09/26–31/10/26").waitFor();
  expect(await findings(page)).toEqual([]);

  await dev.sandbox("reply", { number: "+393330000001", name: "Maria Rossi", type: "photo", text: "La foto" });
  // It follows live.
  await bubble(page, "La foto").locator(".bill-card").getByText("da guardare").waitFor(SOON);
  await panel.getByRole("button", { name: "Mesi di un file" }).click();
  const form = page.getByRole("dialog", { name: "Di quali mesi è questo file?" });
  expect(await findings(page)).toEqual([]);
  await form.getByLabel("Al mese", { exact: true }).fill("2025-03");
  await page.keyboard.press("Enter");
  await panel.getByText("3 di 12 mesi").waitFor(SOON);
  await row(page, "Maria Rossi").getByText("3 di 12 mesi").waitFor(SOON);
  await grid.getByRole("button", { name: "febbraio, …0000: coperto" }).click();
  await page.locator("dialog.viewer").getByText("confermata da").waitFor(SOON);
  await page.keyboard.press("Escape");

  await panel.getByRole("button", { name: "Scrivi che cosa manca" }).click();
  expect(await page.locator("#reply").inputValue()).toBe(
    "Grazie, abbiamo ricevuto gennaio–marzo 2025 per il POD …0000. Mancano da aprile a dicembre.",
  );
  await page.setViewportSize(PHONE);
  expect(await findings(page)).toEqual([]);
  await page.setViewportSize(LAPTOP);
  expect(problems).toEqual([]);
  await close();
});

test("staff say when a supply began, add a POD and declare the case; lists are filtered by it", async () => {
  const { page, problems, close } = await newPage(browser);
  await signIn(page, dev.url, dev.account);
  await row(page, "Maria Rossi").click();
  const panel = page.locator("#case");
  await panel.locator("summary").click();
  await panel.getByRole("button", { name: "…0000 · Modifica" }).click();
  await page.getByRole("button", { name: "Date della fornitura" }).click();
  await page.getByLabel("Al", { exact: true }).fill("2025-04-30");
  await page.keyboard.press("Enter");
  await panel.getByText("3 di 4 mesi").waitFor(SOON);
  await panel.getByRole("button", { name: "Aggiungi un POD" }).click();
  await page.getByLabel("POD", { exact: true }).fill("nonsense");
  await page.keyboard.press("Enter");
  await page.getByText("Controlla quello che hai scritto.").waitFor();
  await page.getByLabel("POD", { exact: true }).fill("it001e 1234 5678");
  await page.keyboard.press("Enter");
  await panel.getByText("3 di 16 mesi").waitFor(SOON);
  // The sender tells the database what the environment says.
  await page.locator("#reply").fill("Grazie!");
  await page.keyboard.press("Enter");
  await panel.getByText("Nessun sollecito · la richiesta non è ancora arrivata").waitFor(SOON);
  await panel.getByRole("button", { name: "Non sollecitare…" }).click();
  await page.getByLabel("Fino a quando").selectOption("never");
  await page.getByRole("button", { name: "Salva" }).click();
  await panel.getByText("il cliente non va più sollecitato").waitFor(SOON);
  await panel.getByRole("button", { name: "Testi dei solleciti" }).click();
  await page.getByLabel("1º sollecito").fill("Salve {nome}, {mancano}. Entro il {scadenza}.");
  expect(await findings(page)).toEqual([]);
  await page.getByRole("button", { name: "Salva" }).click();
  const preview = async () => {
    await panel.getByRole("button", { name: "Testi dei solleciti" }).click();
    const words = await page.locator("dialog[open] .fields-hint").first().innerText();
    await page.keyboard.press("Escape");
    return words;
  };
  await expect.poll(preview, SOON).toMatch(/^Così lo legge questo cliente: «Salve Maria Rossi, .*manca.*\.»$/);
  await panel.getByRole("button", { name: "Riprendi i solleciti" }).click();
  await panel.getByRole("button", { name: "Non sollecitare…" }).waitFor(SOON);
  await panel.getByRole("button", { name: "Dichiara completa" }).click();
  await page.getByLabel("Motivo").fill("Il resto è del vicino");
  await page.keyboard.press("Enter");
  await panel.getByText("Dichiarata completa da").waitFor(SOON);

  await page.getByLabel("Pratica").selectOption("open");
  await page.getByRole("heading", { name: "Nessuna conversazione trovata" }).waitFor(SOON);
  expect(new URL(page.url()).searchParams.get("case")).toBe("open");
  await page.getByLabel("Pratica").selectOption("declared");
  await row(page, "Maria Rossi").waitFor(SOON);
  await panel.getByRole("button", { name: "Riapri" }).click();
  await panel.getByText("3 di 16 mesi").waitFor(SOON);
  expect(problems).toEqual([]);
  await close();
});

test("the dossier has each file under its name, and a summary", async () => {
  const { page, problems, close } = await newPage(browser);
  await signIn(page, dev.url, dev.account);
  await row(page, "Maria Rossi").click();
  const panel = page.locator("#case");
  await panel.locator("summary").click();
  const [download] = await Promise.all([
    page.waitForEvent("download", SOON),
    panel.getByRole("button", { name: "Scarica il fascicolo" }).click(),
  ]);
  expect(download.suggestedFilename()).toBe("fascicolo_2025_Maria-Rossi.zip");
  const zip = await readFile(await download.path());
  // The names of the central directory.
  const entry = Buffer.from([0x50, 0x4b, 1, 2]);
  const names: string[] = [];
  for (let at = zip.indexOf(entry); at >= 0; at = zip.indexOf(entry, at + 4))
    names.push(zip.subarray(at + 46, at + 46 + zip.readUInt16LE(at + 28)).toString());
  expect(names).toEqual(["riepilogo.html", "riepilogo.csv", "…0000_2025-01_2025-03.jpg", "…0000_2026-09_2026-10.pdf"]);
  expect(zip.includes(await readFile(new URL("../../dev/files/bolletta.pdf", import.meta.url)))).toBe(true);
  const words = zip.toString("utf8");
  expect(words).toContain("Riepilogo delle bollette 2025");
  expect(words).toContain('"File";"POD";"Dal"');
  expect(problems).toEqual([]);
  await close();
});
