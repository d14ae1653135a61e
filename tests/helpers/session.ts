import type { World } from "./world.ts";
import { postgresOf } from "./world.ts";

/** A connection of its own, for transactions that are held open while another one runs. */
export type Session = {
  run: <Row>(sql: string) => Promise<Row[]>;
  /** Begins a transaction, runs the statement, and leaves the transaction open. */
  hold: (sql: string) => Promise<void>;
  commit: () => Promise<void>;
  /** Starts a statement, and comes back when it has ended or waits for a lock. */
  start: (sql: string) => Promise<{ waits: boolean; done: Promise<unknown> }>;
  /** Comes back when what was started has ended or waits for a lock, and tells whether it waits. */
  rest: () => Promise<boolean>;
  /** Ends the connection; what it holds open is undone. */
  close: () => Promise<void>;
};

export async function openSession(world: World): Promise<Session> {
  const driver = await postgresOf(world).reserve();
  const run = async <Row>(sql: string): Promise<Row[]> => {
    const rows: unknown = await driver.unsafe(sql);
    return Array.isArray(rows) ? [...rows] : [];
  };
  const [own] = await run<{ pid: number }>("select pg_backend_pid() as pid");
  const waits = async () => {
    const [row] = await world.query<{ waits: boolean }>(
      `select cardinality(pg_blocking_pids(${own?.pid})) > 0 as waits`,
    );
    return row?.waits === true;
  };
  let busy = false;
  const rest = async () => {
    while (busy) {
      if (await waits()) return true;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    return false;
  };
  return {
    run,
    hold: async (sql) => {
      await run("begin");
      await run(sql);
    },
    commit: async () => {
      await run("commit");
    },
    start: async (sql) => {
      busy = true;
      const done = run(sql).finally(() => {
        busy = false;
      });
      done.catch(() => undefined);
      return { waits: await rest(), done };
    },
    rest,
    close: async () => {
      await run("rollback");
      driver.release();
    },
  };
}
