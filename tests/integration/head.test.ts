import { afterAll, beforeAll, expect, it } from "vitest";
import { callFunction, findFunctions } from "../../dev/functions.ts";
import { createWorld, type World } from "../helpers/world.ts";

let world: World;
let functions: Map<string, URL>;
beforeAll(async () => {
  world = await createWorld();
  functions = await findFunctions(new URL("../../api/", import.meta.url));
});
afterAll(() => world.close());

const ask = (method: string, path: string, headers: Record<string, string> = {}) =>
  callFunction(
    functions.get(path) ?? expect.unreachable(),
    new Request(`http://localhost${path}`, { method, headers }),
  );

it.each(["/api/health", "/api/whatsapp-incoming", "/api/conversations", "/api/media"])(
  "HEAD %s is answered as GET is, without the body",
  async (path) => {
    const staff = await world.signIn();
    for (const headers of [staff, {}]) {
      const [get, head] = [await ask("GET", path, headers), await ask("HEAD", path, headers)];
      expect(head.status).toBe(get.status);
      expect(head.headers.get("content-type")).toBe(get.headers.get("content-type"));
      expect(head.headers.get("cache-control")).toBe("no-store");
      expect(head.body).toBeNull();
    }
  },
);

it("HEAD is what its endpoint says, not what GET does: where it has none it is refused", async () => {
  const head = await ask("HEAD", "/api/session", await world.signIn());
  expect(head.status).toBe(405);
  expect(head.headers.get("allow")).toBe("GET, POST, PUT, DELETE");
});

it("a function without an export for the method answers 405, as on Vercel", async () => {
  const file = new URL("data:text/javascript,export const GET = () => new Response('here')");
  const call = (method: string) => callFunction(file, new Request("http://localhost/api/x", { method }));
  expect(await (await call("GET")).text()).toBe("here");
  expect((await call("HEAD")).status).toBe(405);
  expect((await call("POST")).status).toBe(405);
});
