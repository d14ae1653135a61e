import { COLUMNS, type Reading } from "../../lib/bills/bill.ts";
import { readBill } from "../../lib/bills/read-bill.ts";
import { readPages } from "../../lib/bills/read-pages.ts";
import { launchBrowser } from "../../tests/helpers/launch-browser.ts";
import { makeHostile } from "../bills/hostile.ts";
import { makeBill, toHtml, toPages } from "../bills/make-bill.ts";
import { photograph, SHOTS } from "../bills/photograph.ts";
import { Random } from "../bills/random.ts";
import { type Mistake, type Score, score } from "../bills/score.ts";
import type { Item } from "../entry.ts";
import { alone } from "../stats.ts";

const VARIANTS = 5_000;
const PRINTED = 40;
const PHOTOGRAPHED = 10;
const HOSTILE = 300;

type Scores = Map<string, Score>;

/** What is read right, what claims to be sure, and what it costs. */
export const bills: Item = async (bench) => {
  const laid: Scores = new Map();
  const printed: Scores = new Map();
  const photographed: Scores = new Map();
  const mistakes: Mistake[] = [];
  bench.say(`${VARIANTS} bills by their words`);
  for (let seed = 1; seed <= VARIANTS; seed++) {
    const bill = makeBill(seed);
    mistakes.push(...score(readPages(toPages(bill)).reading, bill.truth, seed, laid));
  }

  const browser = bench.use(await launchBrowser());
  const page = await browser.newPage({ viewport: { width: 794, height: 1123 }, deviceScaleFactor: 2 });
  const times = { pdf: [] as number[], photo: [] as number[] };
  let [pdf, picture] = [new Uint8Array(), new Uint8Array()];
  const timed = async (bytes: Uint8Array, type: string, kind: "pdf" | "photo"): Promise<Reading> => {
    const begin = performance.now();
    const reading = await readBill(bytes, type, { photos: true });
    times[kind].push((performance.now() - begin) / 1000);
    return reading;
  };
  for (let seed = 1; seed <= PRINTED; seed++) {
    bench.say(`bill ${seed} of ${PRINTED} as a PDF${seed <= PHOTOGRAPHED ? " and photos" : ""}`);
    const bill = makeBill(100_000 + seed);
    await page.setContent(toHtml(bill));
    pdf = new Uint8Array(await page.pdf({ preferCSSPageSize: true, printBackground: true }));
    mistakes.push(...score(await timed(pdf, "application/pdf", "pdf"), bill.truth, bill.seed, printed));
    // A photo is of one page.
    if (seed > PHOTOGRAPHED || bill.pieces.some((piece) => piece.page > 1)) continue;
    const png = await page.screenshot();
    for (const shot of SHOTS) {
      picture = new Uint8Array(await photograph(png, shot));
      mistakes.push(...score(await timed(picture, "image/jpeg", "photo"), bill.truth, bill.seed, photographed));
    }
  }

  const random = new Random(1);
  const ended: Record<string, number> = {};
  const slowest = { seconds: 0, name: "" };
  for (let i = 1; i <= HOSTILE; i++) {
    bench.say(`hostile file ${i} of ${HOSTILE}`);
    const { name, type, bytes } = makeHostile(random, pdf, picture);
    const begin = performance.now();
    const { state, reason } = await readBill(bytes, type, { photos: true });
    const seconds = (performance.now() - begin) / 1000;
    const end = reason ?? state;
    ended[end] = (ended[end] ?? 0) + 1;
    if (seconds > slowest.seconds) Object.assign(slowest, { seconds, name });
  }

  const sum = (scores: Scores, what: keyof Score, columns: readonly string[]) =>
    columns.reduce((all, column) => all + (scores.get(column)?.[what] ?? 0), 0);
  const missing = (scores: Scores, what: "found" | "sure", columns: readonly string[]) =>
    Math.round(
      1000 * (1 - sum(scores, what, columns) / Math.max(1, sum(scores, what === "found" ? "there" : "found", columns))),
    ) / 10;
  const found = ["pod", "period_from", "period_to"];
  return {
    measures: [
      alone("a PDF", "s", times.pdf),
      alone("a photo", "s", times.photo),
      alone("slowest hostile file", "s", [slowest.seconds]),
    ],
    targets: [
      { what: "wrong values that claim to be sure", unit: "", value: mistakes.length, limit: 0 },
      { what: "POD and period not found, in PDFs", unit: "%", value: missing(printed, "found", found), limit: 5 },
      {
        what: "POD and period not found, in photos",
        unit: "%",
        value: missing(photographed, "found", found),
        limit: 15,
      },
      {
        what: "right values that are not sure, in PDFs",
        unit: "%",
        value: missing(printed, "sure", COLUMNS),
        limit: 50,
      },
      {
        what: "right values that are not sure, in photos",
        unit: "%",
        value: missing(photographed, "sure", COLUMNS),
        limit: 50,
      },
    ],
    notes: [
      ...tableOf("by their words", laid),
      ...tableOf("PDFs", printed),
      ...tableOf("photos", photographed),
      ...mistakes.map(
        ({ seed, column, expected, got }) => `wrong and sure: bill ${seed}, ${column}: ${got}, not ${expected}`,
      ),
      `${HOSTILE} broken and hostile files ended as ${Object.entries(ended)
        .map(([name, count]) => `${name} ${count}`)
        .join(", ")}; slowest: ${slowest.name}`,
    ],
  };
};

function tableOf(name: string, scores: Scores): string[] {
  return [...scores]
    .filter(([, { there }]) => there > 0)
    .map(
      ([column, { there, found, sure, wrong, wrongSure }]) =>
        `${name}, ${column}: ${there} printed, ${found} found, ${sure} sure, ${wrong} wrong, ${wrongSure} of them sure`,
    );
}
