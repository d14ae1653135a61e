import { existsSync } from "node:fs";
import chromiumForServers from "@sparticuz/chromium";
import { type Browser, chromium } from "playwright-core";

const SYSTEM_CHROMIUM = "/usr/bin/chromium";
const QUIET = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** A Chromium: the one that CHROMIUM_PATH names, the system's, else the one that comes with npm. */
export async function launchBrowser(): Promise<Browser> {
  // npm's own list of arguments is for a server that makes pictures; this is a browser that somebody uses.
  return chromium.launch({ executablePath: await executable(), args: QUIET });
}

async function executable(): Promise<string> {
  return (
    process.env.CHROMIUM_PATH || (existsSync(SYSTEM_CHROMIUM) ? SYSTEM_CHROMIUM : chromiumForServers.executablePath())
  );
}

/** Unpacks it before the tests: a test file that starts while another one unpacks finds half a program (ETXTBSY). */
export default async function setup(): Promise<void> {
  await executable();
}
