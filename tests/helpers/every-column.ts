import type { World } from "./world.ts";

// Somebody's name and number in every column that can hold words, whatever columns there are: the catalog says.

export type Person = {
  name: string;
  /** E.164. */
  number: string;
  lid: string;
  conversationId: number;
  /** One of the person's messages. */
  messageId: number;
  /** What that one's file is. */
  billId: number;
};
type Row = Record<string, unknown>;

/**
 * Columns that hold nobody's words: closed vocabularies, colleagues' names, hashes, and what the addresses and ids of rows
 * are (those of a customer's rows are the customer's; they are looked for afterwards as well). A column that is not here is
 * filled, and has to be empty of the person after an erasure.
 */
const CLOSED: Record<string, readonly string[]> = {
  "public.alerts": ["kind"],
  // The months are numbers.
  "public.bill_supplies": ["pod", "voltage", "use", "holder_hash", "months"],
  "public.bills": ["state", "kind", "reason", "confirmed_by"],
  "public.case_pods": ["pod", "change", "merged_into", "by"],
  "public.cloudtalk_calls": ["phone_number", "should_send_reason", "erased_hash"],
  "public.conversation_numbers": ["address", "known_by"],
  "public.conversations": ["state", "case_state", "case_missing"],
  "public.objections": ["by"],
  // What everybody is told.
  "public.reminder_texts": ["text", "by"],
  "public.staff": ["name"],
  "public.staff_actions": ["who", "action"],
  "public.todo_done": ["todo", "by"],
  "public.webhook_requests": ["method", "source", "outcome"],
  "public.whatsapp_attempts": ["outcome"],
  "public.whatsapp_lids": ["lid", "phone_number"],
  "public.whatsapp_messages": [
    "direction",
    "kind",
    "status",
    "phone_number",
    "lid",
    "type",
    "error_code",
    "cancelled_by",
    "media_state",
    "label",
    "label_by",
  ],
  "public.whatsapp_receipts": ["whatsapp_id", "wasender_id", "status", "code"],
  "public.whatsapp_sender": ["paused_reason", "paused_code", "log_error"],
  "private.app_secrets": ["hash"],
  "private.deleted_rows": ["kind"],
  "private.erased_messages": ["message_id"],
  // It goes with the end of the erasure that it is of.
  "private.erasures": ["phone_number", "addresses", "message_ids", "call_ids", "names", "paths", "counts", "scanned"],
  "private.hash_key": ["key"],
  "private.message_kinds": ["kind"],
  "private.objection_hashes": ["hash"],
  "private.todos": ["todo", "reason"],
  // Eight letters or digits, and gone with their message.
  "private.written_codes": ["code"],
  // What the environment says.
  "private.terms": ["terms"],
  // Colleagues' accounts and browsers, as hashes.
  "private.known_browsers": ["account", "hash"],
  "private.refused_webhooks": ["source"],
  "private.sign_in_attempts": ["account", "browser"],
};

/** Rows that every constraint lets in, but for the column that is filled: a person's own, and such as are nobody's. */
const ROWS: Record<string, (person: Person, n: number) => { own?: Row; nobodys?: Row; only?: true }> = {
  "public.alerts": () => ({ nobodys: { kind: "media", since: new Date().toISOString() }, only: true }),
  "public.bill_supplies": ({ billId }) => ({ own: { bill_id: billId, months: [] } }),
  "public.cloudtalk_calls": ({ number }) => ({
    own: { phone_number: number, should_send: false, should_send_reason: "nobody_talked" },
    nobodys: { should_send: false, should_send_reason: "no_phone_number" },
  }),
  "public.conversations": ({ conversationId }) => ({ own: { merged_into: conversationId, state: "none" } }),
  "public.objections": ({ conversationId, number }) => ({
    own: { conversation_id: conversationId, addresses: [number], by: "customer" },
  }),
  "public.staff_actions": ({ conversationId }) => ({
    own: { who: "Anna", action: "reply", conversation_id: conversationId },
    nobodys: { who: "Anna", action: "pause" },
  }),
  "public.webhook_requests": () => ({ nobodys: { source: "wasender", outcome: "accepted" } }),
  "public.whatsapp_attempts": ({ messageId }) => ({ own: { message_id: messageId, lease_token: crypto.randomUUID() } }),
  "public.whatsapp_messages": ({ number, messageId }, n) => ({
    own: {
      phone_number: number,
      direction: "incoming",
      kind: "incoming",
      status: "received",
      whatsapp_id: `3EB0OWN${messageId}N${n}`,
      media_state: "stored",
      media_path: `${number.slice(1)}/2026-01/${n}.pdf`,
      media_mime_type: "application/pdf",
      media_size: 1,
    },
  }),
  "public.whatsapp_queue": () => ({ nobodys: {} }),
  "public.whatsapp_receipts": (_, n) => ({
    nobodys: { whatsapp_id: `3EB0NOBODY${n}`, status: "failed" },
  }),
  "public.whatsapp_sender": () => ({ nobodys: { id: true }, only: true }),
};

/** One way each to write a number. */
export const SPELLINGS: ((number: string) => string)[] = [
  (number) => number,
  (number) => number.slice(1),
  (number) => `00${number.slice(1)}`,
  (number) => number.slice(3),
  (number) => `${number.slice(3, 6)} ${number.slice(6, 9)} ${number.slice(9)}`,
  (number) => `(+39) ${number.slice(3, 6)}/${number.slice(6, 9)}-${number.slice(9, 11)}.${number.slice(11)}`,
  (number) => `${number.slice(3, 6)}\n${number.slice(6, 9)}\t${number.slice(9)}`,
  (number) => `${number.slice(1)}:12@s.whatsapp.net`,
];

type Column = { table: string; column: string; type: string };

/** Every column of `public` and `private` that can hold words. */
const columnsOf = (world: World): Promise<Column[]> =>
  world.query<Column>(`
    select c.relnamespace::regnamespace || '.' || c.relname as table, a.attname as column,
           case when y.typcategory = 'A' then 'array' when y.typname in ('json', 'jsonb') then 'json' else 'text' end as type
      from pg_class c join pg_attribute a on a.attrelid = c.oid join pg_type y on y.oid = a.atttypid
      left join pg_type x on x.oid = y.typelem and y.typcategory = 'A'
     where c.relnamespace in ('public'::regnamespace, 'private'::regnamespace) and c.relkind in ('r', 'p')
       and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
       and ('S' in (y.typcategory, x.typcategory) or y.typname in ('json', 'jsonb'))
     order by 1, a.attnum`);

/** So that no value is the same as another, where ids must differ. */
let filled = 0;

/** Writes the person's name and number into every column that is not on the list: into their rows, and into nobody's. */
export async function fillEveryColumn(world: World, person: Person): Promise<number> {
  const before = filled;
  const value = (type: string, spelling: (number: string) => string) => {
    const words = `Signora ${person.name}, ${spelling(person.number)} (#${++filled})`;
    return type === "json" ? { note: [words] } : type === "array" ? [words] : words;
  };
  for (const { table, column, type } of await columnsOf(world)) {
    if (CLOSED[table]?.includes(column)) continue;
    const rows = ROWS[table];
    if (!rows) throw new Error(`There is no row for ${table} in tests/helpers/every-column.ts.`);
    for (const spelling of SPELLINGS) {
      const { own, nobodys, only } = rows(person, filled);
      for (const row of [own, nobodys]) {
        if (row) await write(world, table, { ...row, [column]: value(type, spelling) }, column, only === true);
      }
    }
  }
  return filled - before;
}

async function write(world: World, table: string, row: Row, column: string, only: boolean): Promise<void> {
  const columns = Object.keys(row).map((name) => `"${name}"`);
  const json = `jsonb_populate_record(null::${table}, '${JSON.stringify(row).replaceAll("'", "''")}')`;
  await world.query(
    only
      ? `insert into ${table} (${columns}) select ${columns} from ${json}
         on conflict (${columns[0]}) do update set "${column}" = excluded."${column}"`
      : `insert into ${table} (${columns}) select ${columns} from ${json}`,
  );
}

/**
 * Every column, also those on the list, that names the person or one of their addresses in whatever spelling.
 *
 * @param rows which rows of a table to look at, if not all
 */
export async function mentionsOf(
  world: World,
  { name, number, lid }: Person,
  rows: Record<string, string> = {},
): Promise<string[]> {
  const found: string[] = [];
  for (const { table, column } of await columnsOf(world)) {
    const all = await world.query<{ words: string }>(
      `select "${column}"::text as words from ${table} where "${column}" is not null and ${rows[table] ?? "true"}`,
    );
    const mentions = all.some(({ words }) => {
      const digits = words.replace(/\\[nrt]|[^0-9a-z"]/gi, "");
      return words.includes(name) || digits.includes(number.slice(3)) || digits.includes(lid.slice(0, -4));
    });
    if (mentions) found.push(`${table}.${column}`);
  }
  return found;
}
