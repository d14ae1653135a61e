import { expect, it } from "vitest";
import { callCodeIn, linkTo } from "../../lib/call-code.ts";

it.each([
  ["Bollette 3f2a9c1e", "3f2a9c1e"],
  ["BOLLETTE 3F2A9C1E", "3f2a9c1e"],
  ["bollette:3f2a9c1e.", "3f2a9c1e"],
  ["Bollette3f2a9c1e", "3f2a9c1e"],
  ["Buongiorno,\nBollette   3f2a-9c1e\ngrazie mille", "3f2a9c1e"],
  ["bolletta 3f2a 9c1e", "3f2a9c1e"],
  ["Bollette (codice 3f2a9c1e) eccole", "3f2a9c1e"],
  ["Bollette 3f2a9c1e-77aa-4b1c-9d0e-0123456789ab", "3f2a9c1e"],
  ["“Bollette 12345678”", "12345678"],
  ["Bollette abcdefab", "abcdefab"],
  ["𝐁𝐨𝐥𝐥𝐞𝐭𝐭𝐞 3f2a9c1e 👍", "3f2a9c1e"],
])("%j names a call", (text, code) => {
  expect(callCodeIn(text)).toBe(code);
});

it.each([
  null,
  "",
  "3f2a9c1e",
  "Bollette",
  "Ecco le bollette di gennaio e febbraio",
  "Bollette 3f2a9c1",
  "Bollette 3f2a9c1e0",
  "Le bollette le mando il 12",
  "Abbonamento 3f2a9c1e",
])("%j names none", (text) => {
  expect(callCodeIn(text)).toBeNull();
});

it("a link needs our number and a code", () => {
  expect(linkTo("+393330000000", "3F2a9c1e")).toBe("https://wa.me/393330000000?text=Bollette%203F2a9c1e");
  expect(linkTo(null, "3f2a9c1e")).toBeNull();
  expect(linkTo("+393330000000", null)).toBeNull();
});
