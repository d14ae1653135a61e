import type { SupabaseClient } from "@supabase/supabase-js";
import type { World } from "./world.ts";

// What somebody from the outside can do to our tables and functions, found out by trying; the catalog says what there is.

type Row = Record<string, unknown>;
type Table = {
  name: string;
  /** Those that may be written: identity and generated ones may not, and an error about them would hide a missing lock. */
  columns: string[];
};

/** SQLSTATE of a permission that is missing, or of a row that no policy lets in. */
const REFUSED = "42501";

/** Rows that every constraint lets in, each by its number; whatever is new in `public` needs one here. */
const ROWS: Record<string, (n: number, of: { messageId: unknown; conversationId: unknown; userId: string }) => Row> = {
  webhook_requests: (n) => ({ id: 900_000 + n, source: "cloudtalk", outcome: "accepted" }),
  cloudtalk_calls: (n) => ({
    id: 900_000 + n,
    call_id: `probe-${n}`,
    should_send: false,
    should_send_reason: "nobody_talked",
  }),
  whatsapp_messages: (n) => ({
    direction: "incoming",
    kind: "incoming",
    status: "received",
    phone_number: `+39333910000${n}`,
    text: "Ciao",
  }),
  whatsapp_attempts: (n, { messageId }) => ({
    message_id: messageId,
    lease_token: `9f0b2a5e-0000-4000-8000-00000000000${n}`,
  }),
  whatsapp_sender: () => ({ id: true }),
  whatsapp_lids: (n) => ({ lid: `9870000000000${n}@lid` }),
  whatsapp_receipts: (n) => ({ whatsapp_id: `probe-${n}`, status: "sent" }),
  conversations: (n) => ({ name: `Probe ${n}` }),
  conversation_numbers: (n, { conversationId }) => ({
    address: `+39333920000${n}`,
    conversation_id: conversationId,
    known_by: "staff",
  }),
  case_pods: (n, { conversationId }) => ({ conversation_id: conversationId, pod: `IT001E9000000${n}`, by: "Probe" }),
  objections: (_, { conversationId }) => ({ conversation_id: conversationId, addresses: [], by: "Probe" }),
  todo_done: (n, { conversationId }) => ({
    conversation_id: conversationId,
    todo: ["bills", "questions", "promises", "to_call"][n % 4],
    by: "Probe",
  }),
  reminders: (n, { messageId, conversationId }) => ({
    conversation_id: conversationId,
    ask_id: messageId,
    step: (n % 3) + 1,
    message_id: messageId,
  }),
  reminder_texts: (n) => ({ step: (n % 3) + 1, text: "Probe", by: "Probe" }),
  staff: (_, { userId }) => ({ user_id: userId, name: "Probe" }),
  staff_actions: () => ({ who: "Probe", action: "pause" }),
  bills: (_, { messageId }) => ({ message_id: messageId }),
  bill_supplies: () => ({ bill_id: 1 }),
  alerts: (n) => ({ kind: ["paused", "media", "clock", "database"][n % 4], since: new Date(0).toISOString() }),
};

/** Every table and view of `public`. */
export const tablesOf = (world: World): Promise<Table[]> =>
  world.query<Table>(`
    select c.relname as name, array_agg(a.attname::text order by a.attnum) as columns
      from pg_class c join pg_attribute a on a.attrelid = c.oid
     where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'v', 'm', 'p', 'f')
       and a.attnum > 0 and not a.attisdropped and a.attidentity <> 'a' and a.attgenerated = ''
     group by c.relname order by c.relname`);

const literal = (value: unknown) => `'${JSON.stringify(value).replaceAll("'", "''")}'`;

/** The whole table; a row that was written again is another one, even with the same values. */
export const snapshot = async (world: World, table: string): Promise<string> =>
  JSON.stringify(
    await world.query(
      `select ctid::text as place, xmin::text as version, to_jsonb(t) as row from public.${table} t order by ctid`,
    ),
  );

async function validRow(world: World, table: string, n: number, userId: string): Promise<Row> {
  const row = ROWS[table];
  if (!row) throw new Error(`There is no valid row for public.${table} in tests/helpers/outsider.ts.`);
  const [last] = await world.query<{ message: unknown; conversation: unknown }>(
    "select max(id) as message, max(conversation_id) as conversation from public.whatsapp_messages",
  );
  return row(n, { messageId: Number(last?.message), conversationId: Number(last?.conversation), userId });
}

/** One row at least in every table: from an empty one nothing can be read or deleted. */
export async function fillTables(world: World, userId: string): Promise<void> {
  const empty = async (name: string) => (await world.query(`select 1 from public.${name} limit 1`)).length === 0;
  // Attempts and bills are of a message, supplies of a bill, and a number is a customer's.
  const FIRST = ["whatsapp_messages", "bills"];
  const first = (name: string) => (FIRST.includes(name) ? FIRST.indexOf(name) : FIRST.length);
  for (const { name } of (await tablesOf(world)).toSorted((a, b) => first(a.name) - first(b.name))) {
    if (!(await empty(name))) continue;
    const row = await validRow(world, name, 0, userId);
    const columns = Object.keys(row).join(", ");
    await world.query(
      `insert into public.${name} (${columns}) select ${columns} from jsonb_populate_record(null::public.${name}, ${literal(row)})`,
    );
  }
}

/**
 * Tries to read and write a table in every way, with rows and columns that are valid, and gives what was not refused as
 * `table verb: what came of it`. Whatever another error says, it was not the lock that said it.
 *
 * @param userId of an account that is not staff.
 */
export async function tryTable(world: World, outside: SupabaseClient, table: Table, userId: string): Promise<string[]> {
  const { name, columns } = table;
  const open: string[] = [];
  const tell = (verb: string, what: string) => open.push(`${name} ${verb}: ${what}`);

  const [present] = await world.query<{ row: Row }>(`select to_jsonb(t) as row from public.${name} t limit 1`);
  if (!present) throw new Error(`public.${name} is empty: nothing could be seen to be read from it.`);
  for (const what of ["*", ...columns]) {
    const { data, error } = await outside.from(name).select(what);
    if (error ? error.code !== REFUSED : data.length > 0) tell("select", `${what} ${error?.code ?? data?.length}`);
  }
  const counted = await outside.from(name).select("*", { count: "exact", head: true });
  if ((counted.count ?? 0) > 0) tell("select", `count ${counted.count}`);

  type Answer = PromiseLike<{ error: { code: string; message: string } | null }>;
  const write = async (verb: string, attempt: () => Answer, mustRefuse: boolean) => {
    const before = await snapshot(world, name);
    const { error } = await attempt();
    if ((await snapshot(world, name)) !== before) tell(verb, "changed the table");
    else if (error ? error.code !== REFUSED : mustRefuse) tell(verb, error ? `${error.code} ${error.message}` : "done");
  };
  const known = Object.fromEntries(columns.map((column) => [column, present.row[column]]));
  const filter = columns.find((column) => present.row[column] !== null) ?? "";
  // Without select(): to give back what was written takes the right to read as well. The same holds for a filter, so
  // each is tried without one too.
  const fresh = await validRow(world, name, 1, userId);
  await write("insert", () => outside.from(name).insert(fresh), true);
  await write("upsert", () => outside.from(name).upsert(known), true);
  await write("update", () => outside.from(name).update(known), false);
  await write("update", () => outside.from(name).update(known).not(filter, "is", null), false);
  // A right may be given for one column.
  for (const column of columns) {
    await write("update", () => outside.from(name).update({ [column]: present.row[column] }), false);
  }
  await write("delete", () => outside.from(name).delete(), false);
  await write("delete", () => outside.from(name).delete().not(filter, "is", null), false);
  return open;
}

/** A value of each type that a function takes. */
const VALUES: Record<string, unknown> = {
  text: "probe",
  integer: 1,
  bigint: 1,
  boolean: true,
  jsonb: {},
  date: "2026-01-01",
  "text[]": ["Probe"],
  uuid: "9f0b2a5e-0000-4000-8000-000000000000",
  "bigint[]": [1],
  "timestamp with time zone": "2026-01-01T00:00:00Z",
};

/** Calls every function of `public` with arguments of its types, and gives how each answered. */
export async function tryFunctions(world: World, outside: SupabaseClient) {
  const functions = await world.query<{ name: string; names: string[]; types: string[] }>(`
    select proname as name, coalesce(proargnames, '{}') as names,
           array(select format_type(t, null) from unnest(proargtypes) with ordinality as x (t, n) order by n) as types
      from pg_proc where pronamespace = 'public'::regnamespace and prokind = 'f' order by proname`);
  const answers: { name: string; data: unknown; code: string | null }[] = [];
  for (const { name, names, types } of functions) {
    const values = types.map((type, index) => {
      if (!(type in VALUES)) throw new Error(`There is no value of type ${type} in tests/helpers/outsider.ts.`);
      return [names[index], VALUES[type]];
    });
    const { data, error } = await outside.rpc(name, Object.fromEntries(values));
    answers.push({ name, data, code: error?.code ?? null });
  }
  return answers;
}
