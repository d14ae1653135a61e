import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { GET as list } from "../../api/conversations.ts";
import { DELETE, GET, POST } from "../../api/session.ts";
import { GET as feed } from "../../api/whatsapp-incoming.ts";
import { addStaff } from "../../dev/supabase.ts";
import { cookiesOf, createWorld, jsonRequest, type World } from "../helpers/world.ts";

const ORIGIN = { origin: "http://localhost" };
const ANNA = { email: "anna@example.com", password: "bollette-in-arrivo" };
const OUTSIDER = { email: "outsider@example.com", password: "bollette-in-arrivo" };

let world: World;
beforeAll(async () => {
  world = await createWorld();
  await addStaff(world.database, world.supabase, { ...ANNA, name: "Anna" });
  await addStaff(world.database, world.supabase, { ...OUTSIDER, name: null });
});
afterAll(() => world.close());

const signIn = (account: object, headers: Record<string, string> = ORIGIN) =>
  POST(jsonRequest("/api/session", account, headers));
const get = (handler: typeof GET, path: string, cookie: string) =>
  handler(new Request(`http://localhost${path}`, { headers: { cookie } }));

describe("signing in", () => {
  it("sets cookies that JavaScript cannot read and other sites cannot send", async () => {
    const response = await signIn(ANNA);
    expect(await response.json()).toEqual({ success: true, user: { name: "Anna", email: "anna@example.com" } });
    const cookies = response.headers.getSetCookie();
    expect(cookies.length).toBeGreaterThan(0);
    for (const cookie of cookies) {
      expect(cookie).toMatch(/HttpOnly/i);
      expect(cookie).toMatch(/SameSite=Strict/i);
      expect(cookie).toMatch(/Path=\//);
    }
    const session = await get(GET, "/api/session", cookiesOf(response));
    expect(await session.json()).toMatchObject({ user: { name: "Anna" } });
  });

  it("answers a wrong password, an unknown account and an outsider alike, and leaves no session", async () => {
    const answers = [];
    for (const account of [{ ...ANNA, password: "wrong" }, { ...ANNA, email: "nobody@example.com" }, OUTSIDER]) {
      const response = await signIn(account);
      expect(response.headers.getSetCookie()).toEqual([]);
      answers.push({ status: response.status, body: await response.json() });
    }
    expect(answers[0]).toMatchObject({ status: 401, body: { error: { code: "sign_in_failed" } } });
    expect(answers[1]).toEqual(answers[0]);
    expect(answers[2]).toEqual(answers[0]);
  });

  it("is possible from our own pages only", async () => {
    expect((await signIn(ANNA, {})).status).toBe(403);
    expect((await signIn(ANNA, { origin: "https://evil.example" })).status).toBe(403);
    expect((await signIn(ANNA, { origin: "null" })).status).toBe(403);
  });
});

describe("without a colleague's session", () => {
  it.each([
    ["no cookie", ""],
    [
      "a forged cookie",
      `session=base64-${Buffer.from(JSON.stringify({ access_token: "x.y.z", refresh_token: "r", expires_at: 4102444800, token_type: "bearer", user: { id: "1" } })).toString("base64url")}`,
    ],
    ["a broken cookie", "session=nonsense"],
  ])("nothing is read: %s", async (_, cookie) => {
    expect((await get(GET, "/api/session", cookie)).status).toBe(401);
    expect((await get(feed, "/api/whatsapp-incoming", cookie)).status).toBe(401);
    expect((await get(list, "/api/conversations", cookie)).status).toBe(401);
    expect((await get(list, "/api/conversations?format=csv", cookie)).status).toBe(401);
    expect((await get(list, "/api/conversations?id=1", cookie)).status).toBe(401);
  });

  it("nothing is read once a colleague was removed", async () => {
    await addStaff(world.database, world.supabase, { ...ANNA, email: "bruno@example.com", name: "Bruno" });
    const cookie = cookiesOf(await signIn({ ...ANNA, email: "bruno@example.com" }));
    expect((await get(feed, "/api/whatsapp-incoming", cookie)).status).toBe(200);
    await world.query("delete from public.staff where name = 'Bruno'");
    expect((await get(feed, "/api/whatsapp-incoming", cookie)).status).toBe(401);
  });
});

it("signing out ends it", async () => {
  const cookie = cookiesOf(await signIn(ANNA));
  const out = await DELETE(
    new Request("http://localhost/api/session", { method: "DELETE", headers: { ...ORIGIN, cookie } }),
  );
  expect(out.status).toBe(200);
  expect(out.headers.getSetCookie().join()).toMatch(/Max-Age=0/i);
  expect(
    (await DELETE(new Request("http://localhost/api/session", { method: "DELETE", headers: { cookie } }))).status,
  ).toBe(403);
});

it("a session that is too long for one cookie is read from its parts", async () => {
  const response = await signIn(ANNA);
  const value = /session=([^;]+)/.exec(cookiesOf(response))?.[1] ?? "";
  const half = Math.ceil(value.length / 2);
  const parts = `session.0=${value.slice(0, half)}; session.1=${value.slice(half)}`;
  expect((await get(feed, "/api/whatsapp-incoming", parts)).status).toBe(200);
  expect((await get(feed, "/api/whatsapp-incoming", `session.0=${value.slice(0, half)}`)).status).toBe(401);
});
