import { describe, expect, it } from "vitest";
import { findPods } from "../../lib/bills/find-pods.ts";
import { toQuote } from "../../lib/bills/quote.ts";
import { readDate } from "../../lib/bills/read-date.ts";
import { readNumber } from "../../lib/bills/read-number.ts";
import { readPeriod } from "../../lib/bills/read-period.ts";
import { isTaxId } from "../../lib/bills/tax-id.ts";

describe("a printed number", () => {
  it.each([
    ["7.000", "kwh", 7000, true],
    ["1.980,5 kwh", "kwh", 1980.5, true],
    ["1 980", "kwh", 1980, true],
    ["22400", "kwh", 22400, true],
    ["1.234.567", "kwh", 1234567, true],
    ["3,000 kw", "kw", 3, true],
    ["16,5", "kw", 16.5, true],
    ["4.500 kw", "kw", 4.5, false],
    ["1,980 kwh", "kwh", 1.98, false],
    ["19.8 kwh", "kwh", 19.8, false],
  ] as const)("%s of %s is %d", (text, of, value, exact) => {
    expect(readNumber(text, of)).toMatchObject({ value, exact });
  });

  it.each(["01/05/2026", "1.2.3", "kwh", "12-34"])("%s is none", (text) => {
    expect(readNumber(text, "kwh")).toBeNull();
  });
});

describe("a date", () => {
  it.each([
    ["18/05/2026", "2026-05-18"],
    ["18.5.26", "2026-05-18"],
    ["01 maggio 2026", "2026-05-01"],
    ["1° giugno 2025", "2025-06-01"],
    ["9 sett 2025", "2025-09-09"],
    ["31-12-2024", "2024-12-31"],
  ])("%s is %s", (text, day) => {
    expect(readDate(text)?.day).toBe(day);
  });

  it.each(["31/02/2026", "18/13/2026", "1234", "5/2026"])("%s is none", (text) => {
    expect(readDate(text)).toBeNull();
  });
});

describe("a period", () => {
  it.each([
    ["01 maggio 2026 - 31 maggio 2026", "2026-05-01", "2026-05-31"],
    ["dal 18/05/2026 al 30/06/2026", "2026-05-18", "2026-06-30"],
    ["dal 01/05 al 30/06/2026", "2026-05-01", "2026-06-30"],
    ["dal 15/12 al 14/01/2026", "2025-12-15", "2026-01-14"],
    ["dal 1 al 31 maggio 2026", "2026-05-01", "2026-05-31"],
    ["novembre 2023 - dicembre 2023", "2023-11-01", "2023-12-31"],
    ["dicembre-gennaio 2024", "2023-12-01", "2024-01-31"],
    ["gen-feb 2024", "2024-01-01", "2024-02-29"],
    ["giugno 2025", "2025-06-01", "2025-06-30"],
    ["01/2025 - 02/2025", "2025-01-01", "2025-02-28"],
  ])("%s is %s to %s", (text, from, to) => {
    expect(readPeriod(text)).toMatchObject({ from, to });
  });

  it.each(["dal 30/06/2026 al 01/05/2026", "18/05/2026", "dal 2025"])("%s is none", (text) => {
    expect(readPeriod(text)).toBeNull();
  });
});

describe("a POD", () => {
  it.each([
    "IT001E12345678",
    "IT001E123456789",
    "IT 001 E 12345678",
    "it-001-e-1234-5678",
    "PODIT001E12345678",
    "IT001E12345678Potenza",
  ])("is found in %s", (text) => {
    expect(findPods(text, false).map(({ pod }) => pod)).toEqual(["IT001E12345678"]);
  });

  it.each([
    "IT60X0542811101000000123456",
    "IT12E0301503200000003489765",
    "IT001E1234567",
    "IT001E12345678901",
    "1T001E12345678",
  ])("%s is none", (text) => {
    expect(findPods(text, false)).toEqual([]);
  });

  it("has digits that a photo shows as letters", () => {
    expect(findPods("1TO01E1234567B", true)).toEqual([]);
    expect(findPods("1TO01El2345678", true).map(({ pod }) => pod)).toEqual(["IT001E12345678"]);
  });
});

it("a tax code and a VAT number have check characters", () => {
  expect(["06655971007", "12300020158", "RSSMRA70A01L781F"].map(isTaxId)).toEqual([true, true, expect.any(Boolean)]);
  expect(["06655971008", "00000000000", "RSSMRA70A01L7811", "IT06655971007"].map(isTaxId)).toEqual(
    Array(4).fill(false),
  );
});

describe("a quote", () => {
  it.each([
    "Intestatario ROSSI MARIO C.F. RSSMRA70A01L781F",
    "C.F. RSS MRA 70A01 L781F",
    "IBAN IT60X0542811101000000123456",
    "IBAN IT60 X054 2811 1010 0000 0123 456",
    "P.IVA 01234567890",
    "tel. +39 333 1234567 rossi@example.com",
  ])("of %s does not give it away", (text) => {
    expect(toQuote(text, [])).not.toMatch(/RSS|L781F|0542|1234567|@/);
  });

  it("keeps what it is about, and is short", () => {
    expect(toQuote("POD IT001E12345678", ["IT001E12345678"])).toBe("POD IT001E12345678");
    expect(toQuote("Fattura n. 004123456789", ["004123456789"])).toBe("Fattura n. 004123456789");
    expect(toQuote("parola ".repeat(40), []).length).toBe(80);
  });
});
