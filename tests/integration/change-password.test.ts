import { afterAll, beforeAll, beforeEach, expect, it, vi } from "vitest";
import { GET, POST, PUT } from "../../api/session.ts";
import { addStaff } from "../../dev/supabase.ts";
import { type AuthFront, startAuthFront } from "../helpers/auth-front.ts";
import { cookiesOf, createWorld, jsonRequest, type World } from "../helpers/world.ts";

const ORIGIN = { origin: "http://localhost" };
const EMAIL = "anna@example.com";
let password = "bollette-in-arrivo";

let world: World;
let front: AuthFront;
let cookie: string;
beforeAll(async () => {
  world = await createWorld();
  await addStaff(world.database, world.supabase, { email: EMAIL, password, name: "Anna" });
  front = await startAuthFront(world);
});
afterAll(async () => {
  await front.close();
  await world.close();
});
beforeEach(async () => {
  await world.reset();
  front.mood = "well";
  cookie = cookiesOf(await signIn(password));
  front.asked.length = 0;
});

const signIn = (tried: string) => POST(jsonRequest("/api/session", { email: EMAIL, password: tried }, ORIGIN));
const change = async (was: string, wanted: string, headers: Record<string, string> = { ...ORIGIN, cookie }) => {
  const request = jsonRequest("/api/session", { old_password: was, new_password: wanted }, headers);
  const response = await PUT(new Request(request, { method: "PUT" }));
  return { response, status: response.status, code: (await response.json()).error?.code };
};

it("the new password is the one that signs in, and this browser stays signed in", async () => {
  const { response, status } = await change(password, "fotovoltaico-2027");
  expect(status).toBe(200);
  expect((await signIn(password)).status).toBe(401);
  password = "fotovoltaico-2027";
  expect((await signIn(password)).status).toBe(200);
  const headers = { cookie: cookiesOf(response) };
  expect((await GET(new Request("http://localhost/api/session", { headers }))).status).toBe(200);
});

it("a wrong old password counts like one at a sign-in, and changes nothing", async () => {
  for (let n = 0; n < 10; n++) {
    expect(await change("wrong", "fotovoltaico-2028")).toMatchObject({ status: 401, code: "wrong_password" });
  }
  const refused = await change(password, "fotovoltaico-2028");
  expect(refused).toMatchObject({ status: 429, code: "too_many_attempts" });
  expect(Number(refused.response.headers.get("retry-after"))).toBeGreaterThan(800);
  expect(refused.response.headers.getSetCookie()).toEqual([]);
  expect(front.asked).toHaveLength(10);
  // Who is signed in already goes on.
  expect((await GET(new Request("http://localhost/api/session", { headers: { cookie } }))).status).toBe(200);
});

it("a password that is too short is refused before the old one is tried", async () => {
  expect(await change(password, "corta")).toMatchObject({ status: 422, code: "weak_password" });
  expect(front.asked).toEqual([]);
});

it("a password that Supabase knows from elsewhere is refused, and the session of the trial is ended", async () => {
  const { response, status, code } = await change(password, "password1234");
  expect([status, code]).toEqual([422, "weak_password"]);
  expect(response.headers.getSetCookie()).toEqual([]);
  expect(front.asked).toEqual(["password", "logout"]);
  expect((await signIn(password)).status).toBe(200);
});

it("only the signed-in colleague can do it, and only on our own page", async () => {
  expect(await change(password, "fotovoltaico-2028", ORIGIN)).toMatchObject({ status: 401, code: "signed_out" });
  expect(await change(password, "fotovoltaico-2028", { cookie })).toMatchObject({ status: 403, code: "wrong_origin" });
  const nothing = await PUT(new Request(jsonRequest("/api/session", {}, { ...ORIGIN, cookie }), { method: "PUT" }));
  expect(nothing.status).toBe(400);
  expect(front.asked).toEqual([]);
});

it("neither password is logged", async () => {
  const logged = (["log", "info", "warn", "error"] as const).map((level) => vi.spyOn(console, level));
  await change("wrong", "fotovoltaico-2029");
  await change(password, "fotovoltaico-2029");
  password = "fotovoltaico-2029";
  const text = JSON.stringify(logged.map(({ mock }) => mock.calls));
  vi.restoreAllMocks();
  expect(text).toContain("change-password");
  expect(text).not.toMatch(/fotovoltaico|example\.com/);
});

it("a Supabase that does not answer is no wrong password", async () => {
  front.mood = "broken";
  expect(await change(password, "fotovoltaico-2028")).toMatchObject({ status: 503, code: "auth_unavailable" });
});
