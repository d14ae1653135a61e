import type { LocalDatabase } from "../../dev/database.ts";

const STATEMENT = /\b(?:update\s+(?:only\s+)?[\w."]+(?:\s+(?:as\s+)?\w+)?\s+set|delete\s+from\s+[\w."]+)\b/gi;

/**
 * The updates and deletes of a function that have no `where` of their own.
 *
 * Supabase loads safeupdate for whoever calls its Data API, and that refuses them with 21000, in a function too.
 *
 * @see https://github.com/supabase/supabase/pull/6362, https://github.com/eradman/pg-safeupdate
 */
export function unguarded(sql: string): string[] {
  const bare = sql
    .replace(/--[^\n]*|\/\*[\s\S]*?\*\//g, " ")
    .replace(/'(?:[^']|'')*'/g, "''")
    .replace(/\s+/g, " ");
  return [...bare.matchAll(STATEMENT)].flatMap(({ 0: start, index }) =>
    /\bwhere\b/i.test(outermost(bare.slice(index + start.length))) ? [] : [start],
  );
}

/** What a statement says outside of all brackets, up to its end. */
function outermost(rest: string): string {
  let depth = 0;
  let said = "";
  for (const character of rest) {
    if (character === "(") depth += 1;
    else if (character === ")") depth -= 1;
    else if (depth === 0) said += character;
    if (depth < 0 || (depth === 0 && character === ";")) break;
  }
  return said;
}

/** Those of all functions of ours, each as `function: statement`. */
export async function unguardedFunctions({ query }: Pick<LocalDatabase, "query">): Promise<string[]> {
  const functions = await query<{ name: string; sql: string }>(`
    select oid::regprocedure::text as name, pg_get_functiondef(oid) as sql from pg_proc
     where pronamespace in ('public'::regnamespace, 'private'::regnamespace) and prokind in ('f', 'p') order by 1`);
  return functions.flatMap(({ name, sql }) => unguarded(sql).map((statement) => `${name}: ${statement}`));
}
