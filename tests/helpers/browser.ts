import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import type { LocalDatabase } from "../../dev/database.ts";
import { serve } from "../../dev/serve.ts";
import { addStaff, startSupabase } from "../../dev/supabase.ts";
import type { Fault } from "../../dev/wasender/fault.ts";
import { createWasenderSandbox, type WasenderSandbox } from "../../dev/wasender/sandbox.ts";
import { openTestDatabase } from "./test-database.ts";

const START_MS = 45_000;
const API_KEY = "browser-tests-session-key";
export type Account = { email: string; password: string };

export type Dev = {
  url: string;
  /** What it printed for whoever wants to sign in; empty where Supabase is not its own. */
  account: Account;
  /** POST /sandbox/api/…, as /sandbox does. */
  sandbox: (action: "calls" | "reply" | "open" | "session" | "hours", body: object) => Promise<void>;
  close: () => Promise<void>;
};

/** `npm run dev` in a process of its own, with only what a newcomer's shell has and `env`. */
export async function startDev(env: Record<string, string> = {}, port?: number): Promise<Dev> {
  const dataDir = await mkdtemp(join(tmpdir(), "monitor-"));
  const at = port ?? (await freePort());
  const { PATH, HOME, TMPDIR } = process.env;
  const child = spawn("npm", ["run", "dev"], {
    env: { PATH, HOME, ...(TMPDIR ? { TMPDIR } : {}), PORT: String(at), DATA_DIR: dataDir, ...env },
    // A group of its own, so that it ends with all that it started.
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const output = await untilReady(child);
  const url = `http://localhost:${at}`;
  const [, email = "", password = ""] = /Sign in +(\S+) \/ (\S+)/.exec(output) ?? [];
  return {
    url,
    account: { email, password },
    sandbox: async (action, body) => {
      const response = await fetch(`${url}/sandbox/api/${action}`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
      });
      if (!response.ok) throw new Error(`/sandbox/api/${action}: ${await response.text()}`);
    },
    close: async () => {
      const ended = once(child, "close");
      if (child.pid && child.exitCode === null) {
        process.kill(-child.pid, "SIGINT");
        await ended;
      }
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

function untilReady(child: ChildProcess): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  let output = "";
  const late = setTimeout(() => reject(new Error(`npm run dev is not ready:\n${output}`)), START_MS);
  const read = (chunk: unknown) => {
    output += String(chunk);
    if (/Ready on /.test(output)) resolve(output);
  };
  child.stdout?.on("data", read);
  child.stderr?.on("data", read);
  child.once("exit", () => reject(new Error(`npm run dev ended:\n${output}`)));
  return promise.finally(() => clearTimeout(late));
}

async function freePort(): Promise<number> {
  const server = await serve(() => new Response());
  await server.close();
  return server.port;
}

export type World = Dev & {
  database: LocalDatabase;
  wasender: WasenderSandbox;
  /** What goes wrong with sends to a number, until it is deleted. */
  faults: Map<string, Fault>;
  /** Ends an answered call with a customer. */
  call: (number: string, name: string) => Promise<void>;
};

export const ANNA = { email: "anna@example.com", password: "bollette-in-arrivo", name: "Anna" };
/** Has an account, but is no colleague. */
export const OUTSIDER = { email: "altro@example.com", password: "non-sono-dei-vostri" };

/**
 * The same `npm run dev`, where the database and Wasender are in the test's hands: without the trial's minute between
 * two messages, and with faults. `intervalMs` is the sender's own; its Wasender takes every message. Outside of tests
 * there is no image of a migrated database, so that `migrated` makes one.
 */
export async function startWorld({ intervalMs = 0, migrated = openTestDatabase } = {}): Promise<World> {
  const database = await migrated();
  const supabase = await startSupabase(database);
  await addStaff(database, supabase, ANNA);
  await addStaff(database, supabase, { ...OUTSIDER, name: null });
  const faults = new Map<string, Fault>();
  const port = await freePort();
  const wasender = await createWasenderSandbox({
    apiKey: API_KEY,
    webhookUrl: `http://localhost:${port}/api/whatsapp-webhook`,
    minIntervalMs: 0,
    dailyLimit: 1_000,
    webhookDelayMs: 50,
    fault: ({ to }) => faults.get(to) ?? null,
  });
  const dev = await startDev(
    {
      SUPABASE_URL: supabase.url,
      SUPABASE_KEY: supabase.secretKey,
      WHATSAPP_API_URL: wasender.url,
      WHATSAPP_API_TOKEN: API_KEY,
      WHATSAPP_MIN_INTERVAL_SECONDS: String(intervalMs / 1000),
      WHATSAPP_SEND_HOURS: "off",
      WHATSAPP_CHECK_NUMBERS: "false",
      WHATSAPP_NUMBER: "+393330000000",
    },
    port,
  );
  return {
    ...dev,
    account: ANNA,
    database,
    wasender,
    faults,
    call: (number, name) => dev.sandbox("calls", { number, name }),
    close: async () => {
      await dev.close();
      await wasender.close();
      await supabase.close();
      await database.close();
    },
  };
}

export type View = { width: number; height: number; dark?: boolean; language?: "it" | "en" };
export const LAPTOP: View = { width: 1280, height: 800 };
export const PHONE: View = { width: 390, height: 844 };

/** A page of a browser that nobody has used yet. What goes wrong in it fails the test. */
export async function newPage(browser: Browser, { width, height, dark = false, language = "it" }: View = LAPTOP) {
  const isPhone = width < 600;
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: dark ? "dark" : "light",
    isMobile: isPhone,
    hasTouch: isPhone,
    deviceScaleFactor: isPhone ? 2 : 1,
    acceptDownloads: true,
    permissions: [],
  });
  if (language === "en") {
    await context.addInitScript(() => localStorage.setItem("monitor.language", "en"));
  }
  const page = await context.newPage();
  const problems: string[] = [];
  page.on("pageerror", (error) => problems.push(String(error.stack ?? error)));
  page.on("console", (message) => {
    // A refused or failed request is written there by the browser; all else is ours.
    if (message.type() === "error" && !/Failed to load resource|net::ERR/.test(message.text())) {
      problems.push(message.text());
    }
  });
  return { page, problems, close: () => context.close() };
}

export async function signIn(page: Page, url: string, { email, password }: Account, path = "/monitor"): Promise<void> {
  await page.goto(url + path);
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.locator("#sign-in-submit").click();
}

/** The conversation of that name, in the list. */
export const row = (page: Page, name: string) => page.locator(".row a", { hasText: name });
/** The bubbles of the open conversation whose text contains `text`. */
export const bubble = (page: Page, text: string) => page.locator("#timeline .item", { hasText: text });
