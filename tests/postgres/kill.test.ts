import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer, type Server } from "node:net";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type LocalServer, serve } from "../../dev/serve.ts";
import { createWasenderSandbox, type WasenderSandbox } from "../../dev/wasender/sandbox.ts";
import { createWorld, type World } from "../helpers/world.ts";

// Each test holds the sender at one step from outside (the way to the database or to Wasender stands still there),
// kills its process with SIGKILL, lets the rest go its way, and then runs a whole new drain as the clock would.

let world: World;
let wasender: WasenderSandbox;
/** Stands before Supabase: what it holds is the sender at a certain step. */
let gate: LocalServer;
let hold: { call: string; when: "before" | "after" } | null = null;
let held = Promise.withResolvers<void>();
let release = Promise.withResolvers<void>();
let children: ChildProcess[] = [];

beforeAll(async () => {
  world = await createWorld();
  gate = await serve(async (request) => {
    const url = new URL(request.url);
    const headers = new Headers(request.headers);
    headers.delete("host");
    const body = await request.text();
    const forward = () =>
      fetch(world.supabase.url + url.pathname + url.search, { method: request.method, headers, body });
    const mine = hold !== null && url.pathname.endsWith(`/${hold.call}`) ? hold : null;
    if (mine?.when === "before") {
      held.resolve();
      await release.promise;
    }
    const answer = await forward();
    if (mine?.when === "after") {
      held.resolve();
      await release.promise;
    }
    return new Response(await answer.arrayBuffer(), {
      status: answer.status,
      headers: { "content-type": "application/json" },
    });
  });
});
afterAll(async () => {
  await gate.close();
  await world.close();
});
beforeEach(async () => {
  await world.reset();
  wasender = await createWasenderSandbox({ apiKey: "key", webhookUrl: "http://127.0.0.1:9/", minIntervalMs: 0 });
  hold = null;
  held = Promise.withResolvers();
  release = Promise.withResolvers();
  await world.query(
    `insert into public.whatsapp_messages (direction, kind, status, phone_number, text, due_at)
     values ('outgoing', 'reply', 'queued', '+393330000001', 'Buongiorno', now())`,
  );
});
afterEach(async () => {
  release.resolve();
  for (const child of children) child.kill("SIGKILL");
  children = [];
  await wasender.close();
});

function startDrain(apiUrl = wasender.url): ChildProcess {
  const child = spawn(process.execPath, [fileURLToPath(new URL("../helpers/drain-process.ts", import.meta.url))], {
    env: {
      ...process.env,
      SUPABASE_URL: gate.url,
      WHATSAPP_API_URL: apiUrl,
      WHATSAPP_API_TOKEN: "key",
      WHATSAPP_MIN_INTERVAL_SECONDS: "0",
      WHATSAPP_CHECK_NUMBERS: "true",
    },
    stdio: "ignore",
  });
  children.push(child);
  return child;
}

/** Starts a drain, waits until it stands still at the step, and kills it there. What is held stays held. */
async function kill(at: Promise<void>, apiUrl?: string): Promise<void> {
  const child = startDrain(apiUrl);
  await at;
  const gone = once(child, "exit");
  child.kill("SIGKILL");
  await gone;
  hold = null;
}

/** The same, and what was held goes on its way. */
async function killAt(at: Promise<void>, apiUrl?: string): Promise<void> {
  await kill(at, apiUrl);
  release.resolve();
}

/** The lease ends, and the clock rings again. */
async function later(): Promise<void> {
  // The transaction that was under way when the process died has its time to commit.
  await new Promise((resolve) => setTimeout(resolve, 200));
  await world.query(
    "update public.whatsapp_messages set lease_until = now() - interval '1 second' where status = 'sending'",
  );
  await world.query("update public.whatsapp_sender set next_send_at = now()");
  for (let n = 0; n < 2; n++) await once(startDrain(), "exit");
}

const state = async () =>
  (
    await world.query<{ status: string; error_code: string | null }>(
      "select status, error_code from public.whatsapp_messages",
    )
  )[0];
const received = () => wasender.sends.filter((send) => send.accepted).length;

describe("a sender that is killed", () => {
  it("before the claim commits: the message is sent once, later", async () => {
    hold = { call: "claim_message", when: "before" };
    // The claim never reaches the database.
    await kill(held.promise);
    expect(await state()).toMatchObject({ status: "queued" });
    await once(startDrain(), "exit");
    expect(await state()).toMatchObject({ status: "sent" });
    expect(received()).toBe(1);
    // And even where it reaches it after all, nothing is sent a second time.
    release.resolve();
    await later();
    expect(received()).toBe(1);
  });

  it("after the claim has committed: not sent, and unknown", async () => {
    hold = { call: "claim_message", when: "after" };
    await killAt(held.promise);
    await later();
    expect(await state()).toMatchObject({ status: "unknown", error_code: "lease_expired" });
    expect(received()).toBe(0);
  });

  describe("who has asked whether the number of a first message exists", () => {
    beforeEach(() => world.query("update public.whatsapp_messages set kind = 'ask', first_contact = true"));
    const checked = () => world.query("select on_whatsapp from public.conversation_numbers");

    it("before that is kept: not sent, and unknown", async () => {
      hold = { call: "confirm_claim", when: "before" };
      await kill(held.promise);
      await later();
      expect(await state()).toMatchObject({ status: "unknown", error_code: "lease_expired" });
      expect(await checked()).toEqual([{ on_whatsapp: null }]);
      // What reaches the database after all is known from then on, and lets nothing go.
      release.resolve();
      await expect.poll(checked).toEqual([{ on_whatsapp: true }]);
      expect(await state()).toMatchObject({ status: "unknown" });
      expect(received()).toBe(0);
    });

    it("after that, before the send: not sent, and unknown", async () => {
      hold = { call: "confirm_claim", when: "after" };
      await killAt(held.promise);
      await later();
      expect(await checked()).toEqual([{ on_whatsapp: true }]);
      expect(await state()).toMatchObject({ status: "unknown", error_code: "lease_expired" });
      expect(received()).toBe(0);
    });
  });

  it("while the request is being written: at most once, and unknown", async () => {
    const connected = Promise.withResolvers<void>();
    const deaf: Server = createServer((socket) => {
      socket.pause();
      connected.resolve();
    });
    await new Promise<void>((resolve) => deaf.listen(0, "127.0.0.1", resolve));
    const address = deaf.address();
    const port = typeof address === "object" ? address?.port : 0;
    await killAt(connected.promise, `http://127.0.0.1:${port}/api`);
    deaf.close();
    await later();
    expect(await state()).toMatchObject({ status: "unknown" });
    expect(received()).toBe(0);
  });

  it("after Wasender took it, before it answered: once, and unknown", async () => {
    await wasender.close();
    const taken = Promise.withResolvers<void>();
    wasender = await createWasenderSandbox({
      apiKey: "key",
      webhookUrl: "http://127.0.0.1:9/",
      minIntervalMs: 0,
      fault: () => {
        taken.resolve();
        return { kind: "hang", accepted: true };
      },
    });
    await killAt(taken.promise);
    await later();
    expect(await state()).toMatchObject({ status: "unknown" });
    expect(received()).toBe(1);
  });

  it("before the settle commits: once, and unknown", async () => {
    hold = { call: "settle_message", when: "before" };
    // The settle never reaches the database.
    await kill(held.promise);
    await later();
    expect(await state()).toMatchObject({ status: "unknown" });
    expect(received()).toBe(1);
    // Where it reaches it late after all, it is evidence.
    release.resolve();
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(await state()).toMatchObject({ status: "sent", error_code: null });
    expect(received()).toBe(1);
  });
});
