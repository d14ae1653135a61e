import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { GET, POST, PUT } from "../../api/session.ts";
import { addStaff } from "../../dev/supabase.ts";
import { type AuthFront, startAuthFront } from "../helpers/auth-front.ts";
import { cookiesOf, createWorld, jsonRequest, type World } from "../helpers/world.ts";

const ORIGIN = { origin: "http://localhost" };
const OLD = "bollette-in-arrivo";
const NEW = "contatori-e-lampadine";

let world: World;
let front: AuthFront;
/** A colleague whose password is still the old one. */
let email: string;
beforeAll(async () => {
  world = await createWorld();
  front = await startAuthFront(world);
});
afterAll(async () => {
  await front.close();
  await world.close();
});
let colleagues = 0;
beforeEach(async () => {
  await world.reset();
  front.mood = "well";
  email = `anna${++colleagues}@example.com`;
  await addStaff(world.database, world.supabase, { email, password: OLD, name: "Anna" });
});

const signIn = (password: string) => POST(jsonRequest("/api/session", { email, password }, ORIGIN));
const cookieOf = async () => cookiesOf(await signIn(OLD));
const change = (body: unknown, cookie: string, headers: Record<string, string> = ORIGIN) =>
  PUT(
    new Request("http://localhost/api/session", {
      method: "PUT",
      headers: { "content-type": "application/json", cookie, ...headers },
      body: JSON.stringify(body),
    }),
  );
/** Who is signed in with these cookies after an hour, when the access token has ended and Supabase is asked for the next. */
async function anHourLater(cookie: string): Promise<number> {
  const aged = cookie.replace(/session=base64-([^;]+)/, (_, value: string) => {
    const session = JSON.parse(Buffer.from(value, "base64url").toString());
    const old = { ...session, expires_at: Math.floor(Date.now() / 1000) - 10 };
    return `session=base64-${Buffer.from(JSON.stringify(old)).toString("base64url")}`;
  });
  expect(aged).not.toBe(cookie);
  return (await GET(new Request("http://localhost/api/session", { headers: { cookie: aged } }))).status;
}

describe("a colleague who gives the old password", () => {
  it("has the new one from then on, and stays signed in", async () => {
    const response = await change({ password: OLD, new_password: NEW }, await cookieOf());
    expect([response.status, await response.json()]).toEqual([200, { success: true }]);
    expect((await signIn(OLD)).status).toBe(401);
    expect((await signIn(NEW)).status).toBe(200);
    expect(await anHourLater(cookiesOf(response))).toBe(200);
  });

  it("is signed in nowhere else any more", async () => {
    const [here, elsewhere] = [await cookieOf(), await cookieOf()];
    expect((await change({ password: OLD, new_password: NEW }, here)).status).toBe(200);
    expect(await anHourLater(elsewhere)).toBe(401);
    // Not even with the session from before, of which this browser's cookies held a copy.
    expect(await anHourLater(here)).toBe(401);
  });
});

describe("nothing changes", () => {
  const refused = async (response: Response) => {
    const { error } = await response.json();
    expect((await signIn(OLD)).status).toBe(200);
    return `${response.status} ${error.code}`;
  };

  it("with a wrong old password, and the session is as good as before", async () => {
    const cookie = await cookieOf();
    const response = await change({ password: "wrong", new_password: NEW }, cookie);
    expect(response.headers.getSetCookie()).toEqual([]);
    expect(await refused(response)).toBe("403 wrong_password");
    expect(await anHourLater(cookie)).toBe(200);
  });

  it("with the old password once more", async () => {
    expect(await refused(await change({ password: OLD, new_password: OLD }, await cookieOf()))).toBe(
      "422 same_password",
    );
  });

  it.each([
    ["too short", { password: OLD, new_password: "elevenchars" }],
    ["longer than Supabase takes, in bytes", { password: OLD, new_password: "è".repeat(37) }],
    ["missing", { password: OLD }],
    ["without the old one", { new_password: NEW }],
    ["not even JSON of an object", NEW],
  ])("with a new one that is %s", async (_, body) => {
    expect(await refused(await change(body, await cookieOf()))).toBe("400 invalid_password");
  });

  it("without a session, or from another page", async () => {
    expect(await refused(await change({ password: OLD, new_password: NEW }, ""))).toBe("401 signed_out");
    expect(await refused(await change({ password: OLD, new_password: NEW }, await cookieOf(), {}))).toBe(
      "403 wrong_origin",
    );
  });

  it("if Supabase does not judge it now", async () => {
    const cookie = await cookieOf();
    front.mood = "broken";
    const response = await change({ password: OLD, new_password: NEW }, cookie);
    front.mood = "well";
    expect(response.headers.get("retry-after")).toBe("10");
    expect(await refused(response)).toBe("503 auth_unavailable");
  });
});

it("an open browser cannot be used to guess the password: it is an attempt to sign in like any other", async () => {
  const cookie = await cookieOf();
  const guess = async () => (await change({ password: "wrong", new_password: NEW }, cookie)).status;
  for (let n = 0; n < 10; n++) expect(await guess()).toBe(403);
  expect(await guess()).toBe(429);
});
