import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { z } from "zod/v3";

const SCRIPT = fileURLToPath(new URL("first-answer.js", import.meta.url));
const Said = z.object({ status: z.number(), text: z.string(), importMs: z.number(), answerMs: z.number() });

/** The request that a function's first answer is to. */
export type FirstRequest = { method: "GET" | "POST"; url: string; headers: Record<string, string>; body?: string };

/** All of it in milliseconds: from the process's start to its end, and two parts of that. */
export type ColdStart = { totalMs: number; importMs: number; answerMs: number };

/** A new process that imports a built module, lets it answer, and ends. */
export async function coldStart(module: string, request: FirstRequest): Promise<ColdStart> {
  const { PATH, SUPABASE_URL, SUPABASE_KEY, CLOUDTALK_WEBHOOK_SECRET, WHATSAPP_WEBHOOK_SECRET } = process.env;
  const started = performance.now();
  const child = spawn(process.execPath, [SCRIPT, module], {
    // What a deployment has, and nothing that changes how Node starts.
    env: {
      PATH,
      SUPABASE_URL,
      SUPABASE_KEY,
      CLOUDTALK_WEBHOOK_SECRET,
      WHATSAPP_WEBHOOK_SECRET,
      BENCH_REQUEST: JSON.stringify(request),
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const output = text(child.stdout);
  await once(child, "exit");
  const totalMs = performance.now() - started;
  const said = Said.parse(JSON.parse((await output).split("\n").at(-1) ?? ""));
  if (said.status !== 200) throw new Error(`${module} answered ${said.status}: ${said.text}`);
  return { totalMs, importMs: said.importMs, answerMs: said.answerMs };
}
