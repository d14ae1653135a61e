import { fork } from "node:child_process";
import { once } from "node:events";
import type { z } from "zod/v3";

/** Of what a child wrote as errors, for the case that it ends. */
const WORDS_KEPT = 2_000;

export type Child<Ready> = {
  /** What it said when it was ready. */
  ready: Ready;
  /** Asks it a question and parses the answer. */
  ask: <Answer>(question: string, answer: z.ZodType<Answer>) => Promise<Answer>;
  close: () => Promise<void>;
};

/** Starts a script of bench/children in a process of its own, so that it does not share the measured event loop. */
export async function startChild<Ready>(
  script: "supabase" | "app" | "floor" | "wasender",
  answer: z.ZodType<Ready>,
  args: string[],
  env: Record<string, string> = {},
): Promise<Child<Ready>> {
  const child = fork(new URL(`children/${script}.ts`, import.meta.url), args, {
    env: { ...process.env, ...env },
    // The handlers' lines are written, as in production, but to /dev/null.
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
  let words = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    words = (words + text).slice(-WORDS_KEPT);
  });
  const ended = once(child, "exit");
  const message = async (): Promise<unknown> => {
    const [first] = await Promise.race([once(child, "message"), ended.then(() => [null])]);
    if (first === null) throw new Error(`bench/children/${script}.ts has ended:\n${words}`);
    return first;
  };
  return {
    ready: answer.parse(await message()),
    ask: async (question, schema) => {
      child.send(question);
      return schema.parse(await message());
    },
    close: async () => {
      if (child.connected) child.disconnect();
      await ended;
    },
  };
}
