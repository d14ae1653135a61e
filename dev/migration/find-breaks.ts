import type { LocalDatabase } from "../database.ts";
import { withoutComments } from "../schema.ts";
import type { Migration } from "./read-migrations.ts";

// A migration is pushed before the app that knows it, so until then the app that is deployed must work with it.

type Parameters = Record<string, { type: string; required: boolean }>;
type Callable = { name: string; role: string; returns: string; parameters: Parameters };

/**
 * What an app that is deployed counts on: tables, columns (and whether an insert must give them), and what it may call.
 */
export type Surface = {
  tables: Set<string>;
  /** By `schema.table.column`. */
  columns: Map<string, { table: string; required: boolean }>;
  functions: Callable[];
};

export async function readSurface({ query }: LocalDatabase): Promise<Surface> {
  const columns = await query<{ name: string; table: string; required: boolean }>(`
    select format('%I.%I.%I', nspname, relname, attname) as name, format('%I.%I', nspname, relname) as table,
           attnotnull and not atthasdef and attidentity = '' as required
      from pg_attribute a join pg_class c on c.oid = attrelid join pg_namespace n on n.oid = relnamespace
     where nspname in ('public', 'private') and relkind in ('r', 'p', 'v', 'm') and attnum > 0 and not attisdropped`);
  const functions = await query<Callable>(`
    select format('public.%I', proname) as name, role, pg_get_function_result(p.oid) as returns,
           (select coalesce(jsonb_object_agg(coalesce(nullif(proargnames[n], ''), n::text), jsonb_build_object(
                     'type', format_type(t, null), 'required', n <= pronargs - pronargdefaults)), '{}')
              from unnest(proargtypes) with ordinality x (t, n)) as parameters
      from pg_proc p, unnest(array['anon', 'authenticated', 'service_role']) as role
     where pronamespace = 'public'::regnamespace and prokind = 'f' and has_function_privilege(role, p.oid, 'execute')
     order by proname, role`);
  return {
    tables: new Set(columns.map(({ table }) => table)),
    columns: new Map(columns.map(({ name, table, required }) => [name, { table, required }])),
    functions,
  };
}

/** Whether a caller of the old function can call the new one with the same arguments. */
function serves(was: Callable, is: Callable): boolean {
  return (
    was.name === is.name &&
    was.role === is.role &&
    was.returns === is.returns &&
    Object.entries(was.parameters).every(([name, { type }]) => is.parameters[name]?.type === type) &&
    Object.entries(is.parameters).every(([name, { required }]) => !required || was.parameters[name]?.required)
  );
}

/** What a migration has taken from the app that is deployed: the name of each thing, and what became of it. */
export function compareSurfaces(before: Surface, after: Surface): { name: string; what: string }[] {
  const tables = [...before.tables].filter((name) => !after.tables.has(name));
  const columns = [...before.columns].filter(
    ([name, { table }]) => after.tables.has(table) && !after.columns.has(name),
  );
  const required = [...after.columns].filter(
    ([name, { table, required }]) => required && before.tables.has(table) && !before.columns.get(name)?.required,
  );
  const functions = before.functions.filter((was) => after.functions.filter((is) => serves(was, is)).length !== 1);
  return [
    ...tables.map((name) => ({ name, what: "the table is gone" })),
    ...columns.map(([name]) => ({ name, what: "the column is gone" })),
    ...required.map(([name]) => ({ name, what: "an insert that does not know the column fails: give it a default" })),
    ...Object.entries(Object.groupBy(functions, ({ name }) => name)).map(([name, of = []]) => ({
      name,
      what: `${of.map(({ role }) => role).join(", ")} can no longer call it as before`,
    })),
  ];
}

/**
 * What keeps a migration from landing, in sentences. A comment `-- on purpose: public.alerts.detail` lets that pass.
 */
export function findBreaks({ file, sql }: Migration, before: Surface, after: Surface): string[] {
  const meant = [...sql.matchAll(/^-- on purpose: ([\w.]+\w)/gm)].map(([, name]) => name);
  const breaks = compareSurfaces(before, after).filter(({ name }) => !meant.includes(name));
  return [
    ...breaks.map(
      ({ name, what }) => `${file}: ${name}: ${what}. If it must be, the file says: -- on purpose: ${name}`,
    ),
    ...(/^\s*-- FINISH/m.test(sql) ? [`${file} is not finished: see its comments that begin with FINISH`] : []),
    ...(locks(sql) && !/set lock_timeout/.test(sql)
      ? [`${file}: a policy, or \`drop trigger\`, wants \`set lock_timeout = '5s';\` before it`]
      : []),
  ];
}

/** On a hosted project these lock some twenty of Supabase's own tables until the end of the transaction. */
export const locks = (sql: string) => /\b(create|alter|drop) policy\b|\bdrop trigger\b/i.test(withoutComments(sql));
