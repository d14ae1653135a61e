import { setTimeout as sleep } from "node:timers/promises";
import type { World } from "../world.ts";

/** PostgreSQL counts what a connection did at the latest ten seconds after its last statement. */
const COUNTED_AFTER_MS = 11_000;

/** How often each of these database functions is called while something is done, and in what that starts. */
export async function countCalls<Name extends string>(
  { query }: World,
  names: readonly Name[],
  work: () => Promise<void>,
): Promise<Record<Name, number>> {
  const read = async () => {
    await sleep(COUNTED_AFTER_MS);
    const rows = await query<{ funcname: string; calls: number }>(
      "select funcname, sum(calls)::int as calls from pg_stat_user_functions group by funcname",
    );
    return new Map(rows.map(({ funcname, calls }) => [funcname, calls]));
  };
  await query("alter system set track_functions = 'all'");
  await query("select pg_reload_conf()");
  const before = await read();
  await work();
  const after = await read();
  // Only while it is needed: it makes every call a little slower.
  await query("alter system reset track_functions");
  await query("select pg_reload_conf()");
  const calls = (name: Name) => (after.get(name) ?? 0) - (before.get(name) ?? 0);
  return Object.fromEntries(names.map((name) => [name, calls(name)])) as Record<Name, number>;
}
