import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeHostile } from "../../bench/bills/hostile.ts";
import { photograph, SHOTS } from "../../bench/bills/photograph.ts";
import { Random } from "../../bench/bills/random.ts";
import { bare } from "../../lib/bills/choose.ts";
import { readBill } from "../../lib/bills/read-bill.ts";
import { readFile } from "../../lib/bills/read-file.ts";
import { launchBrowser } from "../helpers/launch-browser.ts";
import { type MadeBill, madeBills } from "../helpers/made-bills.ts";

let browser: Browser;
let page: Page;
const pdfs = new Map<string, Uint8Array>();
const bills = await madeBills();
beforeAll(async () => {
  browser = await launchBrowser();
  page = await browser.newPage({ viewport: { width: 794, height: 1123 }, deviceScaleFactor: 2 });
  for (const { name, html } of bills) {
    await page.setContent(html);
    pdfs.set(name, new Uint8Array(await page.pdf({ format: "A4" })));
  }
});
afterAll(() => browser.close());

const pdfOf = (name: string) => pdfs.get(name)?.slice() ?? expect.unreachable(`There is no bill ${name}.`);
const photos = { photos: true };
const isLinux = process.platform === "linux";

/** What is sure and wrong, and the share of the right values that are sure. */
function judge(reading: Awaited<ReturnType<typeof readFile>>, { supplies }: MadeBill) {
  const wrong: string[] = [];
  const [right, sure] = [[] as string[], [] as string[]];
  supplies.forEach((expected, i) => {
    const supply = reading.supplies.find(({ pod }) => pod === expected.pod) ?? reading.supplies[i];
    for (const [column, evidence] of Object.entries(supply?.evidence ?? {})) {
      if (!(column in expected)) continue;
      const isRight = bare(evidence.value) === bare(expected[column]);
      if (isRight) right.push(column);
      if (isRight && evidence.sure) sure.push(column);
      if (!isRight && evidence.sure) wrong.push(`${column}: ${evidence.value}, not ${expected[column]}`);
    }
  });
  return { wrong, found: right, sureShare: sure.length / Math.max(1, right.length) };
}

it.each(bills)("a PDF as $name prints it is read, and nothing wrong is sure", async (bill) => {
  const reading = await readFile(pdfOf(bill.name), "application/pdf", { photos: false });
  expect(reading).toMatchObject({ state: bill.state, kind: bill.kind });
  expect(reading.supplies).toHaveLength(bill.supplies.length);
  const { wrong, found, sureShare } = judge(reading, bill);
  expect(wrong).toEqual([]);
  if (bill.supplies.length === 0) return;
  expect(found).toEqual(expect.arrayContaining(["pod"]));
  expect(sureShare).toBeGreaterThanOrEqual(0.5);
});

it("the table of the last months is read, its bands added up", async () => {
  const { supplies } = await readFile(pdfOf("eon-months"), "application/pdf", { photos: false });
  expect(supplies[0]?.months).toHaveLength(12);
  expect(supplies[0]?.months.slice(0, 2)).toEqual([
    { month: "2025-01", kwh: 360 },
    { month: "2025-02", kwh: 350 },
  ]);
});

describe("in a process of its own", () => {
  it.each(SHOTS.filter(({ degrees }) => degrees === 90 || degrees === -2))("a photo $name is read", async (shot) => {
    const bill = bills.find(({ name }) => name === "enel-2025") ?? expect.unreachable();
    await page.setContent(bill.html);
    const photo = await photograph(await page.screenshot(), shot);
    const reading = await readBill(photo, "image/jpeg", photos);
    expect(reading).toMatchObject({ state: "read", kind: "electricity", pages: 1 });
    const { wrong, found, sureShare } = judge(reading, bill);
    expect(wrong).toEqual([]);
    expect(found).toEqual(expect.arrayContaining(["pod", "period_from", "period_to", "kwh"]));
    expect(sureShare).toBeGreaterThanOrEqual(0.5);
    expect(reading.supplies[0]?.evidence.pod?.box).toBeNull();
  });

  it("no tax code, IBAN or VAT number of the holder is in what it says, but for the id itself", async () => {
    const reading = await readBill(pdfOf("enel-2025"), "application/pdf", photos);
    const [supply] = reading.supplies;
    expect(JSON.stringify(supply?.evidence)).not.toMatch(/RSSMRA/);
  });

  it("broken and hostile files end, and the next one is read as if they had not been", async () => {
    const good = await readBill(pdfOf("plenitude"), "application/pdf", photos);
    const picture = await page.screenshot({ type: "jpeg" });
    const random = new Random(5);
    for (let i = 0; i < 12; i++) {
      const { name, type, bytes } = makeHostile(random, pdfOf("plenitude"), picture);
      const { state, supplies } = await readBill(bytes, type, { photos: false });
      expect(["read", "needs_eyes", "not_a_bill", "failed"], name).toContain(state);
      if (state === "failed") expect(supplies).toEqual([]);
    }
    expect(await readBill(pdfOf("plenitude"), "application/pdf", photos)).toEqual(good);
  });

  it("a file that takes too long or too much is ended by force", async () => {
    const late = await readBill(pdfOf("plenitude"), "application/pdf", { photos: true, limits: { pdfMs: 5 } });
    expect(late).toMatchObject({ state: "failed", reason: "took_too_long" });
    if (!isLinux) return;
    const large = await readBill(pdfOf("plenitude"), "application/pdf", {
      photos: true,
      limits: { bytes: 10_000_000 },
    });
    expect(large).toMatchObject({ state: "failed", reason: "too_much_memory" });
  });

  it("a picture in Apple's format that cannot be opened is left to people, any other has failed", async () => {
    const noise = Uint8Array.from({ length: 500 }, (_, i) => (i * 37) % 256);
    expect(await readBill(noise, "image/heic", photos)).toMatchObject({ state: "needs_eyes", reason: "heic" });
    expect(await readBill(noise, "image/jpeg", photos)).toMatchObject({ state: "failed", reason: "unreadable" });
  });

  it("photos can be left to people", async () => {
    const picture = await page.screenshot();
    expect(await readBill(picture, "image/png", { photos: false })).toMatchObject({
      state: "needs_eyes",
      reason: "photos_off",
    });
  });
});
