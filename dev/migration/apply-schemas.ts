import { z } from "zod/v3";
import type { LocalDatabase } from "../database.ts";
import { readSchemas, schemaScript } from "../schema.ts";

const Failure = z.object({ message: z.string(), position: z.coerce.number().nullish() });

/** Makes in an empty project all that supabase/schemas say. */
export async function applySchemas(database: LocalDatabase, supabase: URL): Promise<void> {
  const script = schemaScript(await readSchemas(supabase));
  await database.exec(script).catch((error: unknown) => {
    const { message, position } = Failure.parse(error);
    const line = position
      ? `: ${script.slice(0, position).split("\n").at(-1)}${script.slice(position).split("\n")[0]}`
      : "";
    throw new Error(`supabase/schemas: ${message}${line}`, { cause: error });
  });
}
