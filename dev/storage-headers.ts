import { AsyncLocalStorage } from "node:async_hooks";
import { sql } from "kysely";
import type { LocalDatabase } from "./database.ts";

type Connection = LocalDatabase["connection"];

/**
 * Lets Storage's policies see the headers of a request, as the source of Supabase's own Storage says that it does;
 * Lite's does not. What is returned answers a request so.
 *
 * @see https://github.com/supabase/storage, src/internal/database/postgres/scope.ts
 */
export function handHeadersOn(connection: Connection) {
  const headers = new AsyncLocalStorage<string>();
  const original: Connection["withContext"] = connection.withContext.bind(connection);
  const withContext: Connection["withContext"] = (vars, work, options) =>
    original(
      vars,
      async (database) => {
        const ours = headers.getStore();
        if (vars && ours) await sql`select set_config('request.headers', ${ours}, true)`.execute(database);
        return work(database);
      },
      options,
    );
  connection.withContext = withContext;
  return <Answer>(request: Request, answer: () => Answer): Answer =>
    new URL(request.url).pathname.startsWith("/storage/")
      ? headers.run(JSON.stringify(Object.fromEntries(request.headers)), answer)
      : answer();
}
