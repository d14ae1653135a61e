import { expect, it } from "vitest";
import { makeBill, toPages } from "../../bench/bills/make-bill.ts";
import { type Score, score } from "../../bench/bills/score.ts";
import { readPages } from "../../lib/bills/read-pages.ts";

// bench/items/bills.ts reads five thousand.
const VARIANTS = 400;

it("of bills that are made up nothing wrong is sure, nearly all PODs and periods are found, and most of it is sure", () => {
  const scores = new Map<string, Score>();
  const mistakes = Array.from({ length: VARIANTS }, (_, i) => makeBill(300_000 + i)).flatMap((bill) =>
    score(readPages(toPages(bill)).reading, bill.truth, bill.seed, scores),
  );
  expect(mistakes).toEqual([]);
  for (const [column, { there, found, sure }] of scores) {
    const least = column === "pod" || column.startsWith("period") ? 0.95 : 0.7;
    expect(found / Math.max(1, there), column).toBeGreaterThanOrEqual(there === 0 ? 0 : least);
    expect(sure, column).toBeGreaterThanOrEqual(found / 2);
  }
});

/** A line of text for each string; a tab begins a new cell. */
function linesOf(...lines: string[]) {
  const words = lines.flatMap((line, row) =>
    [...line.matchAll(/[^\s]+/g)].map(({ 0: text, index }) => {
      const column = line.slice(0, index).split("\t").length - 1;
      const within = index - (line.lastIndexOf("\t", index) + 1);
      return {
        text,
        page: 1,
        x: 40 + column * 250 + within * 5,
        y: 40 + row * 20,
        width: text.length * 5,
        height: 9,
        confidence: 1,
      };
    }),
  );
  return readPages({ words, sizes: [{ width: 595, height: 842 }], count: 1, isPhoto: false }).reading;
}
const BILL = ["Bolletta per la fornitura di energia elettrica", "POD\tIT001E12345678"];
const valueAt = (column: "kwh" | "power_kw" | "period_from" | "annual_kwh" | "supplier", ...lines: string[]) => {
  const evidence = linesOf(...BILL, ...lines).supplies[0]?.evidence[column];
  return evidence && [evidence.value, evidence.sure];
};

it("a value right of its label or behind it is sure, and one that another contradicts is not", () => {
  expect(valueAt("kwh", "Consumo totale fatturato nel periodo\t1.980 kWh")).toEqual([1980, true]);
  expect(valueAt("kwh", "Consumo del periodo: 1.980 kWh", "Quanto ho consumato?\t1.890 kWh")).toEqual([1980, false]);
  expect(valueAt("power_kw", "Potenza impegnata\t4.500 kW")).toEqual([4.5, false]);
  expect(valueAt("power_kw", "Potenza disponibile\t33 kW")).toBeUndefined();
  expect(valueAt("annual_kwh", "Consumo da inizio fornitura\t9.000 kWh")).toBeUndefined();
  expect(valueAt("annual_kwh", "Una famiglia ha un consumo annuo di 2.700 kWh")).toBeUndefined();
  expect(valueAt("kwh", "Consumo del periodo\t120 Smc")).toBeUndefined();
});

it("a period that ends after the bill was issued is not sure", () => {
  const period = "Periodo di riferimento\t01/05/2026 - 31/05/2026";
  expect(valueAt("period_from", period, "Data emissione\t10/06/2026")).toEqual(["2026-05-01", true]);
  expect(valueAt("period_from", period, "Data emissione\t10/05/2026")).toEqual(["2026-05-01", false]);
});

it("the supplier is a company, not a word of a logo or a distributor", () => {
  expect(valueAt("supplier", "Enel", "Guasti: e-distribuzione S.p.A.")).toBeUndefined();
  expect(valueAt("supplier", "Enel", "Sorgenia S.p.A. - Sede legale Milano")).toEqual(["Sorgenia", true]);
  expect(valueAt("supplier", "A2A Energia S.p.A. P.IVA 12883420155", "Hera Comm S.p.A. P.IVA 02221101203")).toEqual([
    "A2A Energia",
    false,
  ]);
});

it("evidence has its place on the page", () => {
  const { box, page, quote } = linesOf(...BILL).supplies[0]?.evidence.pod ?? {};
  expect({ page, quote }).toEqual({ page: 1, quote: "POD IT001E12345678" });
  expect(box?.x).toBeCloseTo(290 / 595, 2);
  expect(box?.y).toBeCloseTo(60 / 842, 2);
});
