import { setTimeout as sleep } from "node:timers/promises";
import { Logger, run } from "graphile-worker";
import type { LocalDatabase } from "../../dev/database.ts";
import type { Queue } from "./ours.ts";

const logger = new Logger(() => () => undefined);

/** graphile-worker with a task that does nothing, as it is without any setting but the number of workers. */
export async function openGraphile({ query }: LocalDatabase, url: string, workers: number): Promise<Queue> {
  let first = 0;
  let last = 0;
  let done = 0;
  const nothing = async () => {
    last = performance.now();
    first ||= last;
    done += 1;
  };
  const runner = await run({
    connectionString: url,
    concurrency: workers,
    maxPoolSize: workers + 1,
    noHandleSignals: true,
    logger,
    taskList: { nothing },
    crontab: "",
  });
  return {
    run: async (jobs) => {
      [first, done] = [0, 0];
      await query(`
        select count(graphile_worker.add_job('nothing', json_build_object('n', n))) from generate_series(1, ${jobs}) n`);
      while (done < jobs) await sleep(5);
      // From the first job's start to the last one's: how long the workers took to hear of them is not counted.
      const tookMs = last - first;
      await query("vacuum analyze graphile_worker._private_jobs");
      return tookMs / jobs;
    },
    close: () => runner.stop(),
  };
}
