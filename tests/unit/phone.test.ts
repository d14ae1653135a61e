import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { toPhone } from "../../lib/phone.ts";

describe("a telephone number becomes E.164", () => {
  it.each([
    ["CloudTalk's international digits without +, as a JSON number", 393330000001, "+393330000001"],
    ["the same as a string", "393330000001", "+393330000001"],
    ["the Call Flow step's E.164", "+393330000001", "+393330000001"],
    ["spaces", "+39 333 000 0001", "+393330000001"],
    ["dashes, dots and brackets", "(+39) 333-000.0001", "+393330000001"],
    ["a slash", "333/0000001", "+393330000001"],
    ["00 for +", "0039 333 0000001", "+393330000001"],
    ["00 in brackets", "(0039) 333 0000001", "+393330000001"],
    ["a national mobile", "3330000006", "+393330000006"],
    ["a national mobile of the old length", "333000001", "+39333000001"],
    ["a national landline, its 0 kept", "02 1234567", "+39021234567"],
    ["an international landline, its 0 kept", 390200000001, "+390200000001"],
    ["the (0) of a landline", "+39 (0)2 1234567", "+39021234567"],
    ["the (0) that other countries drop", "+44 (0)20 7946 0958", "+442079460958"],
    ["invisible marks, as copied from a contact", "\u202a+39 333 000 0001\u202c", "+393330000001"],
    ["no-break spaces", "+39\u00a0333\u00a0000\u00a00001", "+393330000001"],
    ["full-width digits", "＋３９３３３００００００１", "+393330000001"],
    ["a tel: link", "tel:+393330000001", "+393330000001"],
    ["a SIP address", "sip:393330000001@10.0.0.1", "+393330000001"],
    ["an extension", "+39 333 0000001 ext. 5", "+393330000001"],
    ["a decimal that a spreadsheet added", "393330000001.0", "+393330000001"],
    ["Romania, where the company's own numbers are", 40310000001, "+40310000001"],
    ["Switzerland", "41791234567", "+41791234567"],
    ["Germany", "4915123456789", "+4915123456789"],
    ["France", "33612345678", "+33612345678"],
    ["the United Kingdom", "447911123456", "+447911123456"],
    ["the United States", "14155552671", "+14155552671"],
    ["San Marino", "+378 0549 881234", "+3780549881234"],
    ["ten international digits that no Italian number has", "4791234567", "+4791234567"],
  ])("%s", (_, given, e164) => {
    expect(toPhone(given)).toEqual({ e164 });
  });

  it("reads ten digits that could be both as Italian", () => {
    expect(toPhone("3912345678")).toEqual({ e164: "+393912345678" });
    expect(toPhone("+3546112345"), "where there is a + nothing is guessed").toEqual({ e164: "+3546112345" });
  });
});

describe("no number", () => {
  it.each([null, undefined, "", "   "])("%j is missing", (given) => {
    expect(toPhone(given)).toEqual({ e164: null, why: "missing" });
  });

  it.each(["anonymous", "restricted", "Unknown", 0, "0", "000000000", "12345", 12345, "-1", "{{ number }}"])(
    "%j is withheld",
    (given) => {
      expect(toPhone(given)).toEqual({ e164: null, why: "withheld" });
    },
  );

  it.each([
    ["a spreadsheet's short form, whose last digits are gone", "3.9333E+11"],
    ["an id", "44fe27cd-0000-4670-993e-01293c9f8833"],
    ["a number among letters", "INV-2026001234"],
    ["words around a number", "unknown 123456789"],
    ["two numbers", "333 0000001 / 333 0000002"],
    ["a country that does not exist", "+999123456"],
    ["more digits than E.164 has, though Germany's plan would allow them", "+49123456789012345"],
    ["national digits that fit nothing", "2025550123"],
    ["a date", "2026-02-09 09:12"],
    ["an object", { number: "+393330000001" }],
    ["a boolean", true],
  ])("%s is invalid", (_, given) => {
    expect(toPhone(given)).toEqual({ e164: null, why: "invalid" });
  });
});

describe("whatever is given", () => {
  const digits = fc.stringMatching(/^(\+|00|0)?[0-9 ()./-]{4,24}$/);
  it("the result is what the database takes, or null", () => {
    fc.assert(
      fc.property(
        fc.oneof(digits, fc.string({ unit: "binary" }), fc.integer(), fc.double(), fc.anything()),
        (given) => {
          const { e164 } = toPhone(given);
          if (e164 !== null) expect(e164).toMatch(/^\+[1-9][0-9]{5,14}$/);
        },
      ),
      { numRuns: 3_000 },
    );
  });

  it("reading a result again changes nothing", () => {
    fc.assert(
      fc.property(digits, (given) => {
        const { e164 } = toPhone(given);
        if (e164 !== null) expect(toPhone(e164)).toEqual({ e164 });
      }),
      { numRuns: 3_000 },
    );
  });
});
