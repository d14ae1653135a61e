import type { CDPSession, Page } from "playwright-core";
import { z } from "zod/v3";
import { launchBrowser } from "../../tests/helpers/launch-browser.ts";
import { startChild } from "../child.ts";
import type { Bench, Item, Measure } from "../entry.ts";
import { filledNumber, fillMessages } from "../fill.ts";
import { alone, type Block, compare } from "../stats.ts";
import { usePostgres, useWorld, type World } from "../world.ts";

const CONVERSATIONS = 5_000;
const MESSAGES = 20_000;
const VISITS = 10;
const BLOCKS = 6;
const POLLS = 5;
/** How long a poll is given for all that it makes the page do. */
const WINDOW_MS = 400;
const FEED = "/api/whatsapp-incoming";

/** How soon is the monitor of use, and how much of the page's main thread does a poll take? */
export const page: Item = async (bench) => {
  const world = await useWorld(bench, await usePostgres(bench), "page");
  bench.say(`${CONVERSATIONS.toLocaleString("en")} conversations`);
  await fillMessages(world.database, MESSAGES);
  const app = bench.use(await startChild("app", z.object({ url: z.string() }), []));
  const browser = bench.use(await launchBrowser());
  /** A browser that has never been here, signed in. */
  const visit = async () => {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
    const cookies = world.cookie.split("; ").map((cookie) => cookie.split(/=(.*)/s));
    await context.addCookies(
      cookies.map(([name = "", value = ""]) => ({ name: name.replace("__Host-", ""), value, url: app.ready.url })),
    );
    await context.addInitScript(noteFirstRow);
    const opened = await context.newPage();
    await opened.goto(`${app.ready.url}/monitor`);
    await opened.waitForFunction(() => "firstRowMs" in window);
    return opened;
  };
  const usable: number[] = [];
  for (let n = 0; n <= VISITS; n++) {
    bench.say(`visit ${n} of ${VISITS}`);
    const opened = await visit();
    // The first visit warms up, and is not counted.
    if (n > 0) usable.push(z.number().parse(await opened.evaluate("firstRowMs")));
    await opened.context().close();
  }
  const opened = await visit();
  const fresh = await pollCosts(bench, world, opened, "first rows");
  bench.say("scrolling to the end");
  await scrollToEnd(opened);
  const whole = await pollCosts(bench, world, opened, "all rows");
  const measures = [...fresh, ...whole];
  return {
    measures: [alone("to the first row", "ms", usable), ...measures],
    targets: measures.map(({ what, ours }) => ({ what, unit: "ms", value: ours.median, limit: 16 })),
    notes: [
      `"first rows" is the list as it opens; "all rows" after scrolling through all ${CONVERSATIONS.toLocaleString("en")}.`,
    ],
  };
};

/** Runs in the page: notes when the first row of the list is drawn, in milliseconds since the navigation. */
function noteFirstRow(): void {
  const look = () => {
    const row = document.querySelector("#rows .row");
    if (row && row.getBoundingClientRect().height > 0) {
      requestAnimationFrame(() => Object.assign(window, { firstRowMs: performance.now() }));
    } else requestAnimationFrame(look);
  };
  look();
}

/** The main thread's time in a window of the same length: with a poll, and without one in turn. */
async function pollCosts(bench: Bench, world: World, opened: Page, list: string): Promise<Measure[]> {
  const devtools = await opened.context().newCDPSession(opened);
  await devtools.send("Performance.enable");
  const polled = (work: () => Promise<unknown>) => async () => {
    await work();
    const answer = opened.waitForResponse((response) => response.url().includes(FEED));
    const busy = busyDuring(devtools, opened, "online");
    await answer;
    return busy;
  };
  const idle = () => busyDuring(devtools, opened, "bench-idle");
  const quiet = polled(async () => undefined);
  let n = 0;
  const news = polled(() =>
    world.query(`
      insert into public.whatsapp_messages (direction, kind, status, phone_number, text, whatsapp_id, message_at)
      values ('incoming', 'incoming', 'received', '${filledNumber(n * 37)}', 'Ecco', '${list} ${n++}', now())`),
  );
  const blocks = { new: [] as Block[], nothing: [] as Block[] };
  for (let at = 0; at <= BLOCKS; at++) {
    bench.say(`polls, ${list}, block ${at} of ${BLOCKS}`);
    const now = { new: [] as number[], nothing: [] as number[], idle: [] as number[] };
    for (let poll = 0; poll < POLLS; poll++) {
      now.idle.push(await idle());
      now.new.push(await news());
      now.nothing.push(await quiet());
    }
    // The first block warms up, and is not counted.
    if (at === 0) continue;
    blocks.new.push({ ours: now.new, yardstick: now.idle });
    blocks.nothing.push({ ours: now.nothing, yardstick: now.idle });
  }
  await devtools.detach();
  return [
    compare(`something new, ${list}`, "ms", "no poll", blocks.new, "+"),
    compare(`nothing new, ${list}`, "ms", "no poll", blocks.nothing, "+"),
  ];
}

/** Milliseconds of the main thread from an event of the window on. */
async function busyDuring(devtools: CDPSession, opened: Page, event: string): Promise<number> {
  const before = await taskMs(devtools);
  await opened.evaluate((name) => {
    dispatchEvent(new Event(name));
  }, event);
  await opened.waitForTimeout(WINDOW_MS);
  return (await taskMs(devtools)) - before;
}

async function taskMs(devtools: CDPSession): Promise<number> {
  const { metrics } = await devtools.send("Performance.getMetrics");
  const seconds = metrics.find(({ name }) => name === "TaskDuration")?.value;
  if (seconds === undefined) throw new Error("Chromium does not report its TaskDuration.");
  return seconds * 1000;
}

async function scrollToEnd(opened: Page): Promise<void> {
  await opened.evaluate(async () => {
    const list = document.querySelector("#list");
    if (!list) throw new Error("There is no list.");
    for (let still = 0, height = 0; still < 20; ) {
      list.scrollTop = list.scrollHeight;
      await new Promise((resolve) => setTimeout(resolve, 50));
      still = list.scrollHeight === height ? still + 1 : 0;
      height = list.scrollHeight;
    }
    list.scrollTop = 0;
  });
}
