import { createHash, createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import type { Config } from "../config.ts";
import { cookieHeader, cookieName, readCookies } from "./cookies.ts";

// A browser with which a colleague has signed in once has a cookie that says so: random, so that the database can know
// it, and signed, so that a cookie that we did not issue is recognised without asking the database.

/** What its cookie holds, if it is one of ours; else null. */
export function knownBrowser(request: Request, config: Config): string | null {
  const value = readCookies(request).get(cookieName("browser", request, config)) ?? "";
  const [random = "", signature = ""] = value.split(".");
  const right = Buffer.from(sign(random, config));
  const given = Buffer.from(signature);
  return given.length === right.length && timingSafeEqual(given, right) ? value : null;
}

/** For a browser that had none. */
export function newBrowser(config: Config): string {
  const random = randomBytes(32).toString("base64url");
  return `${random}.${sign(random, config)}`;
}

/** The longest that browsers keep a cookie, in seconds: 400 days. */
const KEPT_S = 34_560_000;

/** The Set-Cookie header that makes the browser known, or known for longer. */
export const browserCookie = (value: string, request: Request, config: Config): string =>
  cookieHeader(cookieName("browser", request, config), value, KEPT_S, request, config);

/** What the database knows of it. */
export const browserHash = (value: string): string => createHash("sha256").update(value).digest("hex");

/** With what only the app has: another key, and every browser is a stranger until its next sign-in. */
const sign = (random: string, { supabase: { appSecret, key } }: Config) =>
  createHmac("sha256", appSecret ?? key)
    .update(`browser ${random}`)
    .digest("base64url");
