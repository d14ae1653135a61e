// @ts-check
// A function's first breath: imports the module, lets it answer one request, and ends. JavaScript, so that reading this
// file costs as little as it can. node first-answer.js <module>, with the request as JSON in BENCH_REQUEST.
import { pathToFileURL } from "node:url";

const began = performance.now();
const handlers = await import(pathToFileURL(process.argv[2] ?? "").href);
const imported = performance.now();
const { url, ...init } = JSON.parse(process.env.BENCH_REQUEST ?? "{}");
const response = await handlers[init.method](new Request(url, init));
const text = await response.text();
const answered = performance.now();
process.stdout.write(
  `\n${JSON.stringify({ status: response.status, text: text.slice(0, 500), importMs: imported - began, answerMs: answered - imported })}`,
);
process.exit();
