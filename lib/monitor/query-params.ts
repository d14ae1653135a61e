import { z } from "zod/v3";
import { HttpError } from "../http/errors.ts";

// The query parameters of the monitor's endpoints.

/** A row's number, as a query writes it. */
export const RowId = z.coerce.number().int().positive().safe();

/** How many rows an answer may hold: 50 by default, 200 at most. */
export const Limit = z.coerce
  .number()
  .int()
  .min(1)
  .transform((limit) => Math.min(limit, 200))
  .default(50);

/**
 * The query of a request's URL.
 *
 * @throws {HttpError} 400, which names the parameters that are wrong.
 */
export function readQuery<Schema extends z.ZodTypeAny>(request: Request, schema: Schema): z.infer<Schema> {
  const query = schema.safeParse(Object.fromEntries(new URL(request.url).searchParams));
  if (!query.success) throw new HttpError(400, "invalid_query", explain(query.error));
  return query.data;
}

/** What is wrong, in a line. */
export function explain({ issues }: z.ZodError): string {
  return issues.map(({ path, message }) => (path.length > 0 ? `${path.join(".")}: ${message}` : message)).join("; ");
}
