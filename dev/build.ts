// Builds the app as Vercel does, into .vercel/output: npm run build:vercel. Works without an account and offline.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";

const link = new URL("../.vercel/project.json", import.meta.url);
if (!existsSync(link)) {
  // What `vercel link` would write for a project of its own.
  await mkdir(new URL(".", link), { recursive: true });
  const settings = { framework: null, nodeVersion: "24.x" };
  await writeFile(link, JSON.stringify({ projectId: "prj_local", orgId: "team_local", settings }));
}
const build = spawn("vercel", ["build", "--yes"], {
  cwd: new URL("..", import.meta.url),
  env: { ...process.env, VERCEL_TELEMETRY_DISABLED: "1" },
  stdio: ["ignore", "inherit", "pipe"],
});
// The builder reports a type error and goes on; here it counts.
let errors = "";
build.stderr.on("data", (chunk) => {
  errors += chunk;
  process.stderr.write(chunk);
});
const [code] = await once(build, "exit");
process.exitCode = code === 0 && !/error TS\d+/.test(errors) ? 0 : 1;
