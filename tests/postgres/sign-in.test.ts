import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { DELETE, GET, POST } from "../../api/session.ts";
import { GET as feed } from "../../api/whatsapp-incoming.ts";
import { addStaff } from "../../dev/supabase.ts";
import { type AuthFront, startAuthFront } from "../helpers/auth-front.ts";
import { cookiesOf, createWorld, jsonRequest, type World } from "../helpers/world.ts";

const ANNA = { email: "anna@example.com", password: "bollette-in-arrivo" };
const BRUNO = { email: "bruno@example.com", password: "bollette-in-arrivo" };
const ORIGIN = { origin: "http://localhost" };

let world: World;
let front: AuthFront;
beforeAll(async () => {
  world = await createWorld();
  await addStaff(world.database, world.supabase, { ...ANNA, name: "Anna" });
  await addStaff(world.database, world.supabase, { ...BRUNO, name: "Bruno" });
  front = await startAuthFront(world);
});
afterAll(async () => {
  await front.close();
  await world.close();
});
beforeEach(async () => {
  await world.reset();
  front.mood = "well";
  front.asked.length = 0;
});

/** Where a caller is, and which of our cookies its browser has. */
type From = { address?: string; cookie?: string };
const headersOf = ({ address, cookie }: From) => ({
  ...ORIGIN,
  ...(address ? { "x-real-ip": address } : {}),
  ...(cookie ? { cookie } : {}),
});
const signIn = (account: { email: string; password: string }, from: From = {}) =>
  POST(jsonRequest("/api/session", account, headersOf(from)));
const guess = async (email: string, from: From = {}) => {
  const { status, headers } = await signIn({ email, password: "wrong" }, from);
  return status === 429 ? `429 ${headers.get("retry-after")}` : status;
};
/** So many guesses, one after the other. */
const guesses = async (n: number, email: (n: number) => string, from: (n: number) => From = () => ({})) => {
  const answers: (number | string)[] = [];
  for (let i = 0; i < n; i++) answers.push(await guess(email(i), from(i)));
  return answers;
};
const anna = () => ANNA.email;
const anybody = (n: number) => `${n}@example.com`;
const at = (address: string) => () => ({ address });
/** An address of its own each time. */
const anywhere = (n: number) => ({ address: `198.51.${Math.trunc(n / 250)}.${(n % 250) + 1}` });
const times = (n: number, answer: number) => Array.from({ length: n }, () => answer);
/** As if all attempts had been so much earlier. */
const later = (interval: string) => world.query(`update private.sign_in_attempts set at = at - interval '${interval}'`);
/** As if the last attempt were made so much later than now, which leaves a slow machine time to look. */
const lastWas = (interval: string) =>
  world.query(`
    update private.sign_in_attempts set at = clock_timestamp() + interval '${interval}'
     where id = (select max(id) from private.sign_in_attempts)`);

describe("one address", () => {
  it("has ten attempts for an account in 15 minutes, and Supabase hears of no other", async () => {
    expect(await guesses(10, anna, at("203.0.113.1"))).toEqual(times(10, 401));
    expect(await guess(ANNA.email, { address: "203.0.113.1" })).toMatch(/^429 (900|8\d\d)$/);
    expect((await signIn(ANNA, { address: "203.0.113.1" })).status).toBe(429);
    expect(front.asked).toHaveLength(10);
    await later("14 minutes");
    expect(await guess(ANNA.email, { address: "203.0.113.1" })).toMatch(/^429 [1-6]\d?$/);
    await later("1 minute");
    expect(await guess(ANNA.email, { address: "203.0.113.1" })).toBe(401);
  });

  it("closes nothing to others: neither the account elsewhere, nor another account there", async () => {
    await guesses(11, anna, at("203.0.113.1"));
    expect((await signIn(BRUNO, { address: "203.0.113.1" })).status).toBe(200);
    const response = await signIn(ANNA, { address: "203.0.113.2" });
    expect(await response.json()).toEqual({ success: true, user: { name: "Anna", email: ANNA.email } });
  });

  it("has thirty for all accounts together", async () => {
    const answers: (number | string)[] = [];
    // Not more than strangers have together.
    for (let i = 0; i < 30; i += 15) {
      answers.push(...(await guesses(15, (n) => anybody(i + n), at("203.0.113.1"))));
      await later("1 minute");
    }
    expect(answers).toEqual(times(30, 401));
    expect(await guess("another@example.com", { address: "203.0.113.1" })).toMatch(/^429 \d{3}$/);
    expect((await signIn(ANNA, { address: "203.0.113.1" })).status).toBe(429);
    expect((await signIn(ANNA, { address: "203.0.113.2" })).status).toBe(200);
  });

  it("is the network of 64 bits if it is IPv6", async () => {
    await guesses(10, anna, (n) => ({ address: `2001:db8:1:2:${n}::${n}` }));
    expect(await guess(ANNA.email, { address: "2001:db8:1:2:ffff:ffff:ffff:ffff" })).toMatch(/^429/);
    expect(await guess(ANNA.email, { address: "2001:db8:1:3::1" })).toBe(401);
    await later("1 minute");
    expect(await guesses(11, anna, at("::ffff:203.0.113.1"))).toContainEqual(expect.stringMatching(/^429/));
    expect(await guess(BRUNO.email, { address: "203.0.113.1" })).toBe(401);
  });

  it("is not what the caller says it is", async () => {
    for (let n = 0; n < 10; n++) {
      const headers = { ...ORIGIN, "x-real-ip": "203.0.113.1", "x-forwarded-for": `198.51.100.${n}` };
      await POST(jsonRequest("/api/session", { email: ANNA.email, password: "wrong" }, headers));
    }
    const headers = { ...ORIGIN, "x-real-ip": "203.0.113.1", "x-forwarded-for": "198.51.100.99" };
    expect((await POST(jsonRequest("/api/session", ANNA, headers))).status).toBe(429);
  });

  it.each(["", "nonsense", "fe80::1%eth0"])("%j is none, and no fault of ours", async (address) => {
    expect((await signIn(ANNA, { address })).status).toBe(200);
  });
});

describe("an account that strangers try from everywhere", () => {
  const underAttack = async () => {
    for (let i = 0; i < 20; i += 10) {
      await guesses(10, anna, (n) => anywhere(i + n));
      await later("1 minute");
    }
  };

  it("is slowed from the twentieth on, and never closed", async () => {
    await underAttack();
    expect(await guess(ANNA.email, { address: "203.0.113.1" })).toBe(401);
    await lastWas("20 seconds");
    expect(await guess(ANNA.email, { address: "203.0.113.2" })).toMatch(/^429 (1\d|2[012])$/);
    expect((await signIn(BRUNO, { address: "203.0.113.2" })).status).toBe(200);
    await lastWas("-2 seconds");
    expect((await signIn(ANNA, { address: "203.0.113.2" })).status).toBe(200);
    expect(front.asked).toHaveLength(20 + 3);
  });

  it("is as open as ever to a browser that has signed in to it", async () => {
    const cookie = cookiesOf(await signIn(ANNA, { address: "203.0.113.1" }));
    await underAttack();
    await guesses(10, anna, at("203.0.113.1"));
    await lastWas("20 seconds");
    expect((await signIn(ANNA, { address: "203.0.113.2" })).status).toBe(429);
    expect((await signIn(ANNA, { address: "203.0.113.2", cookie })).status).toBe(200);
    expect((await signIn(ANNA, { address: "203.0.113.1", cookie })).status).toBe(200);
  });

  it("has the address in capitals, too", async () => {
    await guesses(10, (n) => (n % 2 ? "ANNA@Example.com" : " anna@example.com "), at("203.0.113.1"));
    expect((await signIn(ANNA, { address: "203.0.113.1" })).status).toBe(429);
  });
});

describe("a browser that has signed in before", () => {
  it("is known to that account alone", async () => {
    const cookie = cookiesOf(await signIn(ANNA, { address: "203.0.113.1" }));
    await guesses(10, () => BRUNO.email, at("203.0.113.1"));
    expect((await signIn(BRUNO, { address: "203.0.113.1", cookie })).status).toBe(429);
  });

  it("has ten attempts in 15 minutes of its own, which strangers cannot use up", async () => {
    const cookie = cookiesOf(await signIn(ANNA));
    expect(await guesses(11, anna, () => ({ cookie }))).toEqual([...times(10, 401), expect.stringMatching(/^429/)]);
    expect(await guess(ANNA.email)).toBe(401);
    await later("15 minutes");
    expect((await signIn(ANNA, { cookie })).status).toBe(200);
  });

  it("cannot be made up, or learnt from the database", async () => {
    const cookie = cookiesOf(await signIn(ANNA));
    const browser = /browser=([^;]+)/.exec(cookie)?.[1] ?? expect.unreachable();
    await guesses(10, anna, at("203.0.113.1"));
    const [known] = await world.query<{ hash: string }>("select hash from private.known_browsers");
    expect(known?.hash).toMatch(/^[0-9a-f]{64}$/);
    expect(browser).not.toContain(known?.hash);
    const [random, signature] = browser.split(".");
    for (const forged of [known?.hash, random, `${random}.`, `x${random}.${signature}`, `.${signature}`]) {
      const answer = await signIn(ANNA, { address: "203.0.113.1", cookie: `browser=${forged}` });
      expect(answer.status, forged).toBe(429);
    }
  });

  it("keeps its cookie when somebody signs out, for as long as browsers keep one", async () => {
    const response = await signIn(ANNA);
    const set = response.headers.getSetCookie().find((header) => header.startsWith("browser="));
    expect(set).toMatch(/; Path=\/; Max-Age=34560000; HttpOnly; SameSite=Strict$/);
    const out = await DELETE(
      new Request("http://localhost/api/session", {
        method: "DELETE",
        headers: headersOf({ cookie: cookiesOf(response) }),
      }),
    );
    expect(out.headers.getSetCookie().join()).toMatch(/^session[^,]*Max-Age=0/);
    expect(out.headers.getSetCookie().join()).not.toContain("browser");
  });
});

describe("all strangers together", () => {
  it("leave Supabase's limit of the app's own address to colleagues", async () => {
    const cookie = cookiesOf(await signIn(ANNA));
    expect(await guesses(20, anybody, anywhere)).toEqual(times(20, 401));
    expect(await guess("another@example.com", { address: "203.0.113.1" })).toMatch(/^429 [1-5]\d?$/);
    expect((await signIn(ANNA, { address: "203.0.113.1", cookie })).status).toBe(200);
    await later("50 seconds");
    expect((await signIn(BRUNO, { address: "203.0.113.1" })).status).toBe(200);
  });
});

describe("what is kept", () => {
  it("is no password and no mail address, and nothing of what was refused or has succeeded", async () => {
    const logged = (["log", "info", "warn", "error"] as const).map((level) => vi.spyOn(console, level));
    await guesses(12, anna, at("203.0.113.1"));
    await signIn(ANNA, { address: "203.0.113.2" });
    const attempts = await world.query<Record<string, unknown>>("select * from private.sign_in_attempts");
    expect(attempts).toHaveLength(10);
    const browsers = await world.query("select * from private.known_browsers");
    const text = JSON.stringify([attempts, browsers, logged.map(({ mock }) => mock.calls)]);
    for (const secret of ["anna", "example.com", "wrong", ANNA.password]) expect(text).not.toContain(secret);
    vi.restoreAllMocks();
  });

  it("goes when its time is over: addresses after a day, browsers after 400", async () => {
    await guesses(2, anna, at("203.0.113.1"));
    await signIn(ANNA);
    await signIn(BRUNO);
    await world.query(
      "update private.sign_in_attempts set at = at - interval '1 day' where id = (select min(id) from private.sign_in_attempts)",
    );
    await world.query(
      "update private.known_browsers set seen_at = seen_at - interval '401 days' where account = private.account_hash('bruno@example.com')",
    );
    await world.query("update public.whatsapp_sender set sweep_at = now()");
    await world.query("select public.claim_sweep(10)");
    expect(await world.query("select 1 from private.sign_in_attempts")).toHaveLength(1);
    expect(
      await world.query(
        "select account = private.account_hash('anna@example.com') as hers from private.known_browsers",
      ),
    ).toEqual([{ hers: true }]);
  });
});

it("a session is given only for the account that the attempt was counted for", async () => {
  // As if Supabase took another spelling for the same address.
  await world.query(
    "create or replace function private.account_hash(p_email text) returns text language sql as 'select gen_random_uuid()::text'",
  );
  const response = await signIn(ANNA);
  expect(response.status).toBe(401);
  expect(response.headers.getSetCookie()).toEqual([]);
  await world.query(
    "create or replace function private.account_hash(p_email text) returns text language plpgsql stable set search_path = '' as $$ begin return private.keyed_hash(lower(btrim(p_email))); end $$",
  );
});

describe("Supabase is told where the caller is", () => {
  it("if it listens: with a secret key of the new kind", async () => {
    await guess(ANNA.email, { address: "2001:db8::1" });
    await guess(ANNA.email);
    vi.stubEnv("SUPABASE_KEY", world.supabase.publishableKey);
    vi.stubEnv("SUPABASE_APP_SECRET", "a-secret-of-the-app-for-this-test");
    await world.query("select private.add_app_secret('a-secret-of-the-app-for-this-test')");
    await guess(ANNA.email, { address: "203.0.113.1" });
    expect(front.asked).toEqual(["password 2001:db8::1", "password", "password"]);
  });
});

describe("a session whose token has ended", () => {
  const get = (cookie: string) =>
    feed(
      new Request("http://localhost/api/whatsapp-incoming", { headers: headersOf({ cookie, address: "203.0.113.9" }) }),
    );
  const expire = (cookie: string) =>
    cookie.replace(/session=base64-([\w-]+)/, (_, value: string) => {
      const session = JSON.parse(Buffer.from(value, "base64url").toString());
      return `session=base64-${Buffer.from(JSON.stringify({ ...session, expires_at: 1_700_000_000 })).toString("base64url")}`;
    });
  let cookie: string;
  beforeEach(async () => {
    cookie = expire(cookiesOf(await signIn(ANNA)));
    front.asked.length = 0;
  });

  it("is refreshed, in the name of whoever asks", async () => {
    const response = await get(cookie);
    expect(response.status).toBe(200);
    expect(response.headers.getSetCookie().join()).toContain("session=base64-");
    expect(front.asked).toEqual(["refresh_token 203.0.113.9"]);
  });

  it.each(["limited", "broken"] as const)(
    "outlives a Supabase that is %s, with one request to it each time",
    async (mood) => {
      front.mood = mood;
      for (const handler of [
        () => get(cookie),
        () => GET(new Request("http://localhost/api/session", { headers: { cookie } })),
      ]) {
        const started = performance.now();
        const response = await handler();
        expect(response.status).toBe(503);
        expect(await response.json()).toMatchObject({ error: { code: "auth_unavailable" } });
        expect(Number(response.headers.get("retry-after"))).toBeGreaterThan(0);
        expect(response.headers.getSetCookie()).toEqual([]);
        expect(performance.now() - started).toBeLessThan(5_000);
      }
      expect(front.asked).toHaveLength(2);
      front.mood = "well";
      expect((await get(cookie)).status).toBe(200);
    },
  );

  it("outlives a Supabase that cannot be reached", async () => {
    vi.stubEnv("SUPABASE_URL", "http://127.0.0.1:9");
    const response = await get(cookie);
    expect([response.status, response.headers.getSetCookie()]).toEqual([503, []]);
    vi.unstubAllEnvs();
    expect((await get(cookie)).status).toBe(200);
  });

  it("is over once Supabase says so", async () => {
    const unknown = cookie.replace(/session=base64-([\w-]+)/, (_, value: string) => {
      const session = JSON.parse(Buffer.from(value, "base64url").toString());
      return `session=base64-${Buffer.from(JSON.stringify({ ...session, refresh_token: "unknown" })).toString("base64url")}`;
    });
    const response = await get(unknown);
    expect(response.status).toBe(401);
    expect(response.headers.getSetCookie().join()).toMatch(/session=;.*Max-Age=0/);
  });

  it("is asked about only for a browser of ours: a stranger's would use up what Supabase allows us", async () => {
    const session = cookie.replace(/; browser=.*/, "");
    for (const forged of [session, `${session}; browser=x.y`]) {
      const headers = headersOf({ cookie: forged });
      expect((await get(forged)).status).toBe(401);
      expect((await GET(new Request("http://localhost/api/session", { headers }))).status).toBe(401);
      expect((await DELETE(new Request("http://localhost/api/session", { method: "DELETE", headers }))).status).toBe(
        200,
      );
    }
    expect(front.asked).toEqual([]);
  });
});

describe("over https", () => {
  it("the cookies are this host's alone, and a plain one of the same name is nobody's", async () => {
    vi.stubEnv("LOCAL_DEVELOPMENT", "");
    const response = await signIn(ANNA);
    const set = response.headers.getSetCookie();
    expect(set.map((cookie) => cookie.split("=")[0]).toSorted()).toEqual(["__Host-browser", "__Host-session"]);
    for (const cookie of set) {
      expect(cookie).toMatch(/; Path=\/(;|$)/);
      expect(cookie).toMatch(/; Secure/);
      expect(cookie).toMatch(/; HttpOnly/);
      expect(cookie).toMatch(/; SameSite=Strict/);
      expect(cookie).not.toMatch(/Domain/i);
    }
    const get = (cookie: string) =>
      GET(new Request("https://app.example/api/session", { headers: { cookie } })).then(({ status }) => status);
    expect(await get(cookiesOf(response))).toBe(200);
    expect(await get(cookiesOf(response).replaceAll("__Host-", ""))).toBe(401);
  });
});

it("a sign-in that Supabase does not judge is no wrong password", async () => {
  for (const mood of ["limited", "broken"] as const) {
    front.mood = mood;
    const response = await signIn(ANNA);
    expect([response.status, response.headers.get("retry-after")]).toEqual([503, "10"]);
    expect(await response.json()).toMatchObject({ error: { code: "auth_unavailable" } });
  }
});
