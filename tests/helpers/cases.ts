import type { Case } from "../../lib/supabase/cases/case.ts";
import type { World } from "./world.ts";

// Customers and their bills as the reader or staff left them, for tests of what a case makes of them.

/** What a bill says of a supply; all of it is sure, but for the columns that `unsure` names. */
export type Said = {
  pod?: string | null;
  from?: string;
  to?: string;
  kwh?: number | null;
  replaces?: [string, string];
  issued?: string;
  invoice?: string;
  supplier?: string;
  holder?: string;
  use?: "domestic" | "other";
  /** A printed table of months. */
  months?: Record<string, number>;
  unsure?: string[] | "all";
};
export type File = {
  state?: "waiting" | "read" | "needs_eyes" | "not_a_bill" | "failed";
  kind?: "electricity" | "both" | "gas" | "receipt" | "other" | null;
  confirmed?: boolean;
};

const sql = (value: unknown): string =>
  value === null || value === undefined
    ? "null"
    : `'${(typeof value === "object" ? JSON.stringify(value) : String(value)).replaceAll("'", "''")}'`;

let customers = 0;

export class Customer {
  readonly world: Pick<World, "query">;
  readonly phone: string;
  readonly n = ++customers;
  id = 0;

  constructor(world: Pick<World, "query">) {
    this.world = world;
    this.phone = `+3933370${String(this.n).padStart(5, "0")}`;
  }

  /** A customer who first wrote at that time; their case's year is the one before. */
  static async make(
    world: Pick<World, "query">,
    at = "2026-03-10T10:00:00+01:00",
    company?: string,
  ): Promise<Customer> {
    const customer = new Customer(world);
    const [row] = await world.query<{ conversation_id: number }>(
      `insert into public.whatsapp_messages (direction, kind, status, phone_number, type, text, message_at)
       values ('incoming', 'incoming', 'received', '${customer.phone}', 'text', 'Buongiorno', '${at}') returning conversation_id`,
    );
    customer.id = Number(row?.conversation_id);
    if (company) {
      await world.query(
        `insert into public.cloudtalk_calls (phone_number, company_name, should_send, should_send_reason, call_start_time)
         values ('${customer.phone}', ${sql(company)}, false, 'nobody_talked', '${at}')`,
      );
    }
    return customer;
  }

  /** One of this customer's own PODs. */
  pod = (k = 1): string => `IT001E${String(this.n).padStart(4, "0")}${String(5677 + k).padStart(4, "0")}`;

  /** A file that has come, and what it says. Gives its message. */
  async sends(supplies: Said[], { state = "read", kind, confirmed = false }: File = {}): Promise<number> {
    const [message] = await this.world.query<{ id: number }>(
      `insert into public.whatsapp_messages (direction, kind, status, phone_number, type, media, media_state, media_path, media_mime_type, media_size, media_sha256)
       values ('incoming', 'incoming', 'received', '${this.phone}', 'document', '{}', 'stored', gen_random_uuid(), 'application/pdf', 1, gen_random_uuid()) returning id`,
    );
    const id = Number(message?.id);
    const unread = state === "waiting" || state === "failed";
    await this.world.query(
      `with b as (update public.bills set state = '${state}', kind = ${sql(kind ?? (unread ? null : state === "not_a_bill" ? "other" : "electricity"))},
         due_at = null, confirmed_at = ${confirmed ? "now()" : "null"}, confirmed_by = ${confirmed ? "'Anna'" : "null"}
         where message_id = ${id} returning id)
       insert into public.bill_supplies (bill_id, pod, period_from, period_to, kwh, replaces_from, replaces_to, issued_on, invoice_number,
         supplier, holder, use, months, evidence)
       select b.id, v.* from b, (values ${supplies.map((said) => this.row(said)).join(", ") || `(${Array(13).fill("null").join(", ")})`})
         v (pod, f, t, kwh, rf, rt, issued, invoice, supplier, holder, use, months, evidence) where ${supplies.length > 0}`.replace(
        "b.id, v.*",
        "b.id, v.pod, v.f::date, v.t::date, v.kwh::numeric, v.rf::date, v.rt::date, v.issued::date, v.invoice, v.supplier, v.holder, v.use, v.months::jsonb, v.evidence::jsonb",
      ),
    );
    return id;
  }

  private row(said: Said): string {
    const {
      pod = this.pod(),
      from,
      to,
      kwh = null,
      replaces,
      issued,
      invoice,
      supplier,
      holder,
      use,
      months = {},
      unsure = [],
    } = said;
    const table = Object.entries(months).map(([month, value]) => ({ month, kwh: value }));
    const values = {
      pod,
      period_from: from,
      period_to: to,
      kwh,
      replaces_from: replaces?.[0],
      replaces_to: replaces?.[1],
      months: months,
    };
    const evidence = Object.fromEntries(
      Object.entries(values).flatMap(([key, value]) =>
        value == null
          ? []
          : [[key, { value, page: 1, quote: "", rule: "label", sure: unsure !== "all" && !unsure.includes(key) }]],
      ),
    );
    return `(${[pod, from, to, kwh, replaces?.[0], replaces?.[1], issued, invoice, supplier, holder, use, table, evidence].map(sql).join(", ")})`;
  }

  async does(
    action: string,
    more: Record<string, unknown> = {},
  ): Promise<{ case?: Case; error?: string; status?: string }> {
    const named = Object.entries({ p_conversation_id: this.id, ...more }).map(
      ([key, value]) => `${key} => ${sql(value)}`,
    );
    const [row] = await this.world.query<{ done: { case?: Case; error?: string } }>(
      `select public.act_on_case(p_action => '${action}', ${named.join(", ")}) as done`,
    );
    if (!row) throw new Error("no answer");
    return row.done;
  }

  async case(): Promise<Case> {
    const [row] = await this.world.query<{ case: Case }>(`select private.feed_case(${this.id}) as case`);
    if (!row) throw new Error("no case");
    return row.case;
  }
}

const SIGNS = { covered: "C", unconfirmed: "u", known: "k", missing: ".", not_due: "-" } as const;

/** A POD's months in a line: Covered, unconfirmed, known, . missing, - not due. */
export const line = (c: Case, pod: string): string | undefined =>
  c.pods
    .find((one) => one.pod === pod)
    ?.months.map(({ state }) => SIGNS[state])
    .join("");

/** A bill for each two months of 2025, 100 kWh each. */
export const twoMonthly = (year = 2025): { from: string; to: string; kwh: number }[] =>
  [0, 2, 4, 6, 8, 10].map((month) => ({
    from: new Date(Date.UTC(year, month, 1)).toJSON().slice(0, 10),
    to: new Date(Date.UTC(year, month + 2, 0)).toJSON().slice(0, 10),
    kwh: 100,
  }));
