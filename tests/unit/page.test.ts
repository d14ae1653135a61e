// The page's files fit together, as far as it can be told without a browser.
import { readdir, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { brotliCompressSync } from "node:zlib";
import { expect, test } from "vitest";
import { toCsv } from "../../lib/monitor/csv.ts";
import en from "../../public/monitor/lib/words/en.js";
import it from "../../public/monitor/lib/words/it.js";

const PUBLIC = new URL("../../public/", import.meta.url);
const MONITOR = new URL("monitor/", PUBLIC);
const MAIN = new URL("main.js", MONITOR);

const read = (url: URL) => readFile(url, "utf8");
const html = await read(new URL("monitor.html", PUBLIC));
const filesOf = async (extension: string) =>
  (await readdir(MONITOR, { recursive: true }))
    .filter((name) => name.endsWith(extension))
    .map((name) => new URL(name, MONITOR));
const allMatches = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([, found = ""]) => found);
const pathOf = (url: URL) => `/${url.href.slice(PUBLIC.href.length)}`;

/** The modules that a module imports, and those that they import. */
async function reached(module: URL, found = new Set<string>()): Promise<Set<string>> {
  for (const name of allMatches(await read(module), /^import\b[^;]*?"(\.[^"]+)"/gm)) {
    const imported = new URL(name, module);
    if (found.has(imported.href)) continue;
    found.add(imported.href);
    await reached(imported, found);
  }
  return found;
}

test("every module that main.js reaches is preloaded, and no other", async () => {
  const modules = [...(await reached(MAIN))].map((href) => pathOf(new URL(href)));
  expect(modules.length).toBeGreaterThan(20);
  expect(allMatches(html, /rel="modulepreload" href="([^"]+)"/g).toSorted()).toEqual(modules.toSorted());
});

test("every stylesheet is linked, and none is longer than 200 lines", async () => {
  const sheets = await filesOf(".css");
  expect(allMatches(html, /rel="stylesheet" href="([^"]+)"/g).toSorted()).toEqual(sheets.map(pathOf).toSorted());
  for (const sheet of sheets) expect((await read(sheet)).split("\n").length, sheet.href).toBeLessThanOrEqual(200);
});

test("no module but main.js needs a document when it is imported", async () => {
  expect(globalThis).not.toHaveProperty("document");
  for (const module of await filesOf(".js")) {
    if (module.href !== MAIN.href) await import(fileURLToPath(module));
  }
});

test("every icon that is drawn is in monitor.html, and no other", async () => {
  const sources = await Promise.all((await filesOf(".js")).map(read));
  const tables = sources.flatMap((source) => allMatches(source, /const (?:ICONS|TICKS) = (\{[^}]*\})/g));
  const drawn = [
    ...sources
      .flatMap((source) => allMatches(source, /icon\((.*?)\)/g))
      .flatMap((made) => allMatches(made, /"([\w-]+)"/g)),
    ...tables.flatMap((table) => allMatches(table, /: "([\w-]+)"/g)),
    ...allMatches(html, /<use href="#icon-([\w-]+)"/g),
  ];
  const symbols = allMatches(html, /<symbol id="icon-([\w-]+)"/g);
  expect(new Set(symbols)).toEqual(new Set(drawn));
  expect(symbols).toHaveLength(new Set(symbols).size);
});

test("monitor.html names words that both languages have, and has none of its own", () => {
  const keys = allMatches(html, /data-t(?:-[\w-]+)?="([\w.]+)"/g);
  expect(keys.length).toBeGreaterThan(20);
  for (const key of keys) {
    for (const words of [it, en]) {
      const word = key.split(".").reduce<unknown>((value, name) => Object(value)[name], words);
      expect(word, key).toBeTypeOf("string");
    }
  }
  const shown = html.replace(/<head>.*<\/head>|<noscript>.*<\/noscript>|<[^>]*>/gs, " ");
  expect(shown.split(/\s+/).filter(Boolean)).toEqual(["Greengen", "Greengen"]);
});

test("the exported list says a customer's state in the page's words", () => {
  for (const state of ["none", "waiting", "answered", "bill", "error", "check"] as const) {
    const row = {
      phone_number: null,
      name: null,
      company_name: null,
      state,
      todo: [],
      label: null,
      last_text: null,
      last_at: "2026-11-23T09:00:00Z",
    };
    const ofCase = {
      year: 2025,
      state: "open" as const,
      covered: 8,
      of: 12,
      missing: [{ pod: "IT001E12345678", months: [9, 12] }],
    };
    const nothing = {
      last_call_at: null,
      bill_at: null,
      bill_by: null,
      objected_at: null,
      objection_reason: null,
      bills: [],
    };
    const [, line = ""] = toCsv([{ ...row, ...nothing, case: ofCase, unread: 0 }]).split("\r\n");
    expect(line.split(";")[3]).toBe(`"${it.states[state]}"`);
    expect(line).toMatch(/;"2025";"aperta";"8";"12";"IT001E12345678: 2025-09 2025-12";""$/);
  }
});

test("a first visit loads less than 64 KB, as Vercel compresses it, and nothing is inline", async () => {
  const linked = allMatches(html, /(?:href|src)="\/(monitor\/[^"]+)"/g);
  const files = await Promise.all(linked.map((name) => readFile(new URL(name, PUBLIC))));
  const bytes = [Buffer.from(html), ...files].map((file) => brotliCompressSync(file).byteLength);
  expect(bytes.reduce((sum, size) => sum + size)).toBeLessThan(64_000);
  expect(html).not.toMatch(/<script(?![^>]*\bsrc=)|<style|\son\w+=|\sstyle=/);
});
