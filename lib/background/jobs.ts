import type { Config } from "../config.ts";
import { RESERVE_MS } from "../function-time.ts";
import type { Alarm } from "./alarm.ts";

// What goes on after an answer. Each job loads what it needs when it runs: an answer waits for nothing of it.

type Run = {
  config: Config;
  /** When the platform ends the function, by performance.now(). */
  end: number;
  /** What was asked for since the run began to look. */
  alarm: Alarm;
};

export type Job<Next extends string> = {
  /** Whether the configuration has what it needs. */
  enabled: (config: Config) => boolean;
  /** It begins nothing later than so long before the function's end, in milliseconds. */
  reserveMs: number;
  /** Returns the jobs that come next. */
  run: (run: Run) => Promise<readonly Next[]>;
};

export const JOBS = {
  /** Sends what is due. */
  drain: {
    enabled: ({ wasender }) => wasender !== null,
    reserveMs: RESERVE_MS.send,
    run: async ({ config, end, alarm }) => {
      if (config.wasender === null) return [];
      const { drainOutbox } = await import("./drain-outbox.ts");
      await drainOutbox(config, config.wasender, end, alarm);
      return ["alert"];
    },
  },
  /** Fetches customers' files, and removes what is too old. */
  media: {
    enabled: () => true,
    reserveMs: RESERVE_MS.file,
    run: async ({ config, end }) => {
      const [{ storeDueMedia }, { sweep }] = await Promise.all([
        import("../media/store-due-media.ts"),
        import("../media/sweep.ts"),
      ]);
      await storeDueMedia(config, { end });
      await sweep(config);
      return ["alert"];
    },
  },
  /**
   * Records calls whose webhook never came. Without CloudTalk's key it notes that, so that the clock asks less often.
   */
  reconcile: {
    enabled: () => true,
    reserveMs: RESERVE_MS.historyPage,
    run: async ({ config, end }) => {
      const { reconcileIfDue } = await import("../reconcile/reconcile-if-due.ts");
      const { queued } = await reconcileIfDue(config, end);
      return queued > 0 ? ["drain"] : [];
    },
  },
  /** Merges Wasender's message log. */
  log: {
    enabled: ({ wasender, wasenderLog }) => wasender !== null && wasenderLog !== null,
    reserveMs: RESERVE_MS.question,
    run: async ({ config }) => {
      if (config.wasender === null) return [];
      const { readLog } = await import("../chores/read-log.ts");
      await readLog(config, config.wasender);
      return [];
    },
  },
  /** Writes how many webhooks came without their secret. */
  refusals: {
    enabled: () => true,
    reserveMs: RESERVE_MS.write,
    run: async ({ config }) => {
      const [{ writeRefusals }, { supabase }] = await Promise.all([
        import("../health/refused-webhooks.ts"),
        import("../supabase/client.ts"),
      ]);
      await writeRefusals(supabase(config));
      return [];
    },
  },
  /** Reports problems, and their end, to ALERT_WEBHOOK_URL. */
  alert: {
    enabled: ({ alertWebhookUrl }) => alertWebhookUrl !== null,
    reserveMs: RESERVE_MS.alert,
    run: async ({ config }) => {
      const { tellAlerts } = await import("../alert/tell-alerts.ts");
      await tellAlerts(config);
      return [];
    },
  },
} satisfies Record<string, Job<"drain" | "alert">>;

export type JobName = keyof typeof JOBS;
