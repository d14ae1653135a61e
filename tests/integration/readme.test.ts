import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";
import { POST } from "../../api/webhook/cloudtalk.ts";
import { type LocalServer, serve } from "../../dev/serve.ts";
import { VARIABLES } from "../../lib/environment.ts";
import { createWorld, type World } from "../helpers/world.ts";

const README = new URL("../../README.md", import.meta.url);

let world: World;
let app: LocalServer;
beforeAll(async () => {
  world = await createWorld();
  app = await serve((request) => POST(request));
});
afterAll(async () => {
  await app.close();
  await world.close();
});

it("the README's curl ends a call that gets its message", async () => {
  const blocks = [...(await readFile(README, "utf8")).matchAll(/```bash\n([\s\S]*?)```/g)].map(
    ([, code]) => code ?? "",
  );
  const curl = blocks.find((code) => code.startsWith("curl"));
  expect(curl).toBeDefined();
  const { stdout } = await promisify(execFile)("bash", ["-c", curl?.replace("http://localhost:3000", app.url) ?? ""]);
  expect(JSON.parse(stdout)).toEqual({
    success: true,
    duplicate: false,
    call: { id: 1, should_send: true, reason: "eligible" },
    message: { id: 1, status: "queued" },
  });
});

it("the README's two commands are scripts of the project, and CI calls the second", async () => {
  const readme = await readFile(README, "utf8");
  expect(readme).toContain("npm ci && npm run dev");
  expect(readme).toContain("npm ci && npm test");
  const { scripts } = JSON.parse(await readFile(new URL("../../package.json", import.meta.url), "utf8"));
  expect(scripts).toMatchObject({ dev: expect.any(String), test: expect.any(String) });
  expect(await readFile(new URL("../../.ci/run", import.meta.url), "utf8")).toContain("npm ci && npm test");
});

it(".env.example names every variable that the configuration reads", async () => {
  const example = await readFile(new URL("../../.env.example", import.meta.url), "utf8");
  expect(VARIABLES.length).toBeGreaterThan(8);
  for (const name of VARIABLES) expect(example, name).toContain(`${name}=`);
});
