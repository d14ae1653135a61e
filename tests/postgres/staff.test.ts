import { execFile } from "node:child_process";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { GET, POST } from "../../api/session.ts";
import { readConfig } from "../../lib/config.ts";
import { manageStaff } from "../../scripts/manage-staff.ts";
import { cookiesOf, createWorld, jsonRequest, type World } from "../helpers/world.ts";

const ANNA = "anna@example.com";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());
beforeEach(async () => {
  await world.query("delete from auth.users");
  await world.reset();
});

/** What `npm run staff -- …` runs, with nothing else in its environment. */
function run(args: string[], key = world.supabase.secretKey): Promise<{ code: number; out: string }> {
  const { PATH, HOME } = process.env;
  const env = { PATH, HOME, SUPABASE_URL: world.supabase.url, SUPABASE_KEY: key, SUPABASE_APP_SECRET: "x".repeat(24) };
  return new Promise((done) => {
    execFile(process.execPath, ["scripts/staff.ts", ...args], { env }, (error, stdout, stderr) =>
      done({ code: error ? Number(error.code) : 0, out: stdout + stderr }),
    );
  });
}
/** The same in this process. */
const staff = () => manageStaff(readConfig());

const signIn = (email: string, password: string) =>
  POST(jsonRequest("/api/session", { email, password }, { origin: "http://localhost" }));
const statusOf = async (cookie: string) =>
  (await GET(new Request("http://localhost/api/session", { headers: { cookie } }))).status;
/** The same cookies after an hour, when the access token has ended and Supabase is asked for the next. */
const anHourLater = (cookie: string) =>
  cookie.replace(/session=base64-([^;]+)/, (_, value: string) => {
    const session = JSON.parse(Buffer.from(value, "base64url").toString());
    return `session=base64-${Buffer.from(JSON.stringify({ ...session, expires_at: 1_700_000_000 })).toString("base64url")}`;
  });
const accounts = () => world.query<{ email: string }>("select email from auth.users order by email");
/** An account of Supabase Auth that is no colleague's. */
const createAccount = (email: string) =>
  world.query(`insert into auth.users (id, email) values (gen_random_uuid(), '${email}')`);

describe("npm run staff", () => {
  it("adds a colleague, lists, gives a new password, and removes", async () => {
    expect(await run([])).toMatchObject({ code: 0, out: expect.stringContaining("Nobody may sign in yet") });

    const added = await run(["add", "Anna@Example.com", "Anna", "Bianchi"]);
    expect(added).toMatchObject({ code: 0, out: expect.stringContaining(`Anna Bianchi (${ANNA}) signs in`) });
    const passwordIn = (out: string) => /^ {2}(\S+)$/m.exec(out)?.[1] ?? expect.unreachable(out);
    const first = passwordIn(added.out);
    expect((await signIn(ANNA, first)).status).toBe(200);

    const today = new Date().toISOString().slice(0, 10);
    expect(await run([])).toEqual({ code: 0, out: `Anna Bianchi  ${ANNA}, since ${today}\n` });

    const second = passwordIn((await run(["password", ANNA])).out);
    expect(second).not.toBe(first);
    expect((await signIn(ANNA, second)).status).toBe(200);

    expect(await run(["remove", ANNA])).toMatchObject({ code: 0, out: expect.stringContaining("is deleted") });
    expect(await run([])).toMatchObject({ out: expect.stringContaining("Nobody may sign in yet") });
  });

  it.each([
    ["fire", "There is no fire."],
    ["add", "Whose e-mail address?"],
    ["add Anna", "Whose e-mail address?"],
    [`add ${ANNA}`, "What is the name?"],
    [`remove ${ANNA} Anna`, "What is Anna?"],
  ])("%s: says how it is used, and does nothing", async (line, says) => {
    const { code, out } = await run(line.split(" "));
    expect([code, out.split("\n")[0]]).toEqual([2, says]);
    expect(out).toContain("npm run staff -- add anna@example.com Anna");
    expect(await accounts()).toEqual([]);
  });

  it("needs the secret key", async () => {
    expect(await run(["add", ANNA, "Anna"], world.supabase.publishableKey)).toMatchObject({
      code: 1,
      out: expect.stringContaining("SUPABASE_KEY is the project's public key"),
    });
    expect(await run(["add", ANNA, "Anna"], "sb_secret_of_another_project")).toMatchObject({
      code: 1,
      out: expect.stringContaining("Supabase does not take SUPABASE_KEY for the project's secret key."),
    });
    expect(await accounts()).toEqual([]);
  });
});

describe("a password", () => {
  it("is another one each time, and what a project may demand of one", async () => {
    await staff().add(ANNA, "Anna");
    const passwords = await Promise.all(Array.from({ length: 4 }, () => staff().renew(ANNA)));
    expect(new Set(passwords).size).toBe(4);
    for (const password of passwords) {
      expect(password).toMatch(/^(?=.*[a-z])(?=.*[A-Z])(?=.*\d)\w{5}(-\w{5}){3}$/);
      expect(password).not.toMatch(/[Il1O0o]/);
    }
  });

  it("in place of a forgotten one ends what the old one opened", async () => {
    const forgotten = await staff().add(ANNA, "Anna");
    const cookie = cookiesOf(await signIn(ANNA, forgotten));
    expect(await statusOf(anHourLater(cookie))).toBe(200);
    const fresh = cookiesOf(await signIn(ANNA, forgotten));
    await staff().renew(ANNA);
    expect(await statusOf(anHourLater(fresh))).toBe(401);
    expect((await signIn(ANNA, forgotten)).status).toBe(401);
  });
});

describe("removing", () => {
  it("ends sessions at once, and leaves neither account nor colleague", async () => {
    const cookie = cookiesOf(await signIn(ANNA, await staff().add(ANNA, "Anna")));
    expect(await statusOf(cookie)).toBe(200);
    await staff().remove(ANNA);
    expect(await statusOf(cookie)).toBe(401);
    expect(await statusOf(anHourLater(cookie))).toBe(401);
    expect(await accounts()).toEqual([]);
    expect(await world.query("select 1 from public.staff")).toEqual([]);
    expect(await world.query("select 1 from auth.sessions")).toEqual([]);
  });

  it("and a new password are for colleagues only: other accounts stay as they are", async () => {
    await createAccount("customer@example.com");
    for (const email of ["customer@example.com", "nobody@example.com"]) {
      await expect(staff().remove(email)).rejects.toThrow(`${email} is no colleague's.`);
      await expect(staff().renew(email)).rejects.toThrow(`${email} is no colleague's.`);
    }
    expect(await accounts()).toEqual([{ email: "customer@example.com" }]);
  });
});

describe("adding", () => {
  it("a second time changes nothing, and says how to get a new password", async () => {
    const password = await staff().add(ANNA, "Anna");
    await expect(staff().add(ANNA, "Anna")).rejects.toThrow(`npm run staff -- password ${ANNA}`);
    expect((await signIn(ANNA, password)).status).toBe(200);
  });

  it("goes on if an account is there already, as after an interruption", async () => {
    await createAccount(ANNA);
    const password = await staff().add(ANNA, "Anna");
    expect(await accounts()).toEqual([{ email: ANNA }]);
    expect(await staff().list()).toMatchObject([{ name: "Anna", email: ANNA }]);
    expect(password).toMatch(/^\S{23}$/);
  });
});

it("a colleague is found among more accounts than Supabase gives at once", async () => {
  await staff().add(ANNA, "Anna");
  await world.query(`
    insert into auth.users (id, email, created_at)
    select gen_random_uuid(), 'n' || n || '@example.com', now() + interval '1 hour' from generate_series(1, 450) n`);
  expect(await staff().list()).toMatchObject([{ name: "Anna", email: ANNA }]);
});
