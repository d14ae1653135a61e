import type { StableId } from "@supabase/pg-delta";
import { extract } from "@supabase/pg-delta/extract";
import { type Action, plan } from "@supabase/pg-delta/plan";
import { formatSqlStatements } from "@supabase/pg-delta/sql-format";
import pg from "pg";
import type { SchemaFile } from "../schema.ts";
import { nameOf, ownerOf, readStatements, type SchemaStatement } from "./schema-statement.ts";

/**
 * The statements that turn one database into another. What supabase/schemas writes out is taken from there word for
 * word: a function that is new or changed, and a new table, with all that their files say; a trigger, an index. The
 * rest is as pg-delta derives it. What is in `schemas/project` is left out.
 *
 * @param from,to URLs of the two
 */
export async function deriveStatements(from: string, to: string, files: SchemaFile[]): Promise<string[]> {
  const statements = readStatements(files);
  const actions = (await planActions(from, to)).filter(({ sql }) => !/^ALTER .* OWNER TO /.test(sql));
  const made = new Set(
    actions.flatMap(({ verb, produces }) =>
      verb === "create" ? produces.filter((id) => !("target" in id)).map(nameOf) : [],
    ),
  );
  /** The file that says all of a thing, if that is what is to be taken. */
  const wholeFile = (id: StableId) => {
    const owner = ownerOf(id);
    const file = statements.find(
      ({ makes, sql }) => makes === owner || sql.startsWith(`revoke all on ${owner} `),
    )?.file;
    const head = statements.find((one) => one.file === file && one.makes !== null)?.makes ?? "";
    return file && (head.startsWith("function ") || made.has(head)) ? { file, isNew: made.has(head) } : null;
  };

  const result = new Set<string>();
  for (const action of actions) {
    const id = subject(action);
    const own = statements.find(({ makes }) => makes === nameOf(id) && !("target" in id));
    const whole = wholeFile(id);
    if (own?.file.startsWith("project/")) continue;
    if (action.verb === "drop" && !("target" in id)) result.add(derived(action));
    else if (!whole) result.add(action.verb === "create" && own ? own.sql : derived(action));
    // What hangs on other things as well stays in its place among them.
    else if (own && hangs(own)) result.add(own.sql);
    else {
      const taken = actions.filter(
        (one) => !whole.isNew && takesAway(one) && wholeFile(subject(one))?.file === whole.file,
      );
      const rest = statements.filter((one) => one.file === whole.file && !hangs(one));
      result.add([...taken.map(derived), ...rest.map(({ sql }) => sql)].join("\n"));
    }
  }
  return [...result];
}

const subject = ({ produces, destroys, consumes }: Action): StableId => {
  const [id] = [...produces, ...destroys, ...consumes];
  if (!id) throw new Error("A statement is about nothing.");
  return id;
};

const hangs = ({ makes }: SchemaStatement) => /^(trigger|constraint|policy) /.test(makes ?? "");

/** A right or a comment that the text of a function does not take away by itself. */
const takesAway = ({ destroys: [id] }: Action) => id !== undefined && "target" in id;

function derived(action: Action): string {
  const [sql = ""] = formatSqlStatements([action.sql], { keywordCase: "lower", maxWidth: 120, alignColumns: false });
  // Not within a text, which begins with a single quote.
  const plain = sql.replace(/^[^']*/, (head) => head.replace(/"(public|private)"\."([a-z_][a-z0-9_]*)"/g, "$1.$2"));
  return `${unfinished(action)}${plain};`;
}

/** What a person must look at, since rows may be there that pg-delta knows nothing of. */
function unfinished({ sql, dataLoss }: Action): string {
  if (dataLoss === "destructive") return "-- FINISH: what is in it is lost. If it was renamed, write that instead.\n";
  if (/ ADD COLUMN (?!.* (DEFAULT|GENERATED) ).* NOT NULL/.test(sql) || / SET NOT NULL$/.test(sql))
    return "-- FINISH: rows that are there have no value for it: fill them first.\n";
  return "";
}

async function planActions(from: string, to: string): Promise<Action[]> {
  const pools = [from, to].map((connectionString) => new pg.Pool({ connectionString }));
  try {
    const [source, desired] = await Promise.all(pools.map((pool) => extract(pool)));
    return source && desired ? plan(source.factBase, desired.factBase).actions : [];
  } finally {
    await Promise.all(pools.map((pool) => pool.end()));
  }
}
