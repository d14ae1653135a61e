// What the monitor has of npm's packages, in public/vendor: it has no build step. With --check it only says what is stale.
import { mkdir, readFile, writeFile } from "node:fs/promises";

const FROM = new URL("../node_modules/", import.meta.url);
const TO = new URL("../public/vendor/", import.meta.url);
const FILES = [
  ["pdfjs-dist/build/pdf.min.mjs", "pdf.min.mjs"],
  ["pdfjs-dist/build/pdf.worker.min.mjs", "pdf.worker.min.mjs"],
  ["pdfjs-dist/LICENSE", "pdf.LICENSE.txt"],
  ["client-zip/index.js", "client-zip.js"],
  ["client-zip/LICENSE.txt", "client-zip.LICENSE.txt"],
] as const;

await mkdir(TO, { recursive: true });
for (const [from, to] of FILES) {
  const [fresh, kept] = await Promise.all([readFile(new URL(from, FROM)), readFile(new URL(to, TO)).catch(() => null)]);
  if (kept?.equals(fresh)) continue;
  if (process.argv.includes("--check")) {
    console.error(`public/vendor/${to} is stale: npm run vendor`);
    process.exitCode = 1;
  } else {
    await writeFile(new URL(to, TO), fresh);
  }
}
