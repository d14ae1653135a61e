import type { World } from "./world.ts";

const POD = "IT001E12345678";
type Row = Record<string, unknown>;

/** Whatever a reader may say of one supply, with evidence for each of its values. */
export function supply(columns: Row = {}, sure = true): Row {
  const values: Row = {
    pod: POD,
    period_from: "2025-01-01",
    period_to: "2025-02-28",
    kwh: 1980,
    supplier: "Enel Energia",
    invoice_number: "F-1",
    ...columns,
  };
  const evidence = Object.entries(values)
    .filter(([column, value]) => value !== null && column !== "holder_id")
    .map(([column, value]) => [
      column,
      { value, unit: null, page: 1, quote: `${column}: ${value}`, rule: "label", sure, box: null },
    ]);
  return { months: [], ...values, evidence: Object.fromEntries(evidence) };
}

export const reading = (state: string, kind: string | null, supplies: Row[] = [], reason: string | null = null) => ({
  state,
  kind,
  reason,
  pages: 1,
  supplies,
});
export const bill = (...supplies: Row[]) => reading("read", "electricity", supplies);

/** What tests of bills do with a database, without a reader. */
export function billsIn({ query }: World) {
  const rpc = async <Answer>(sql: string) => (await query<{ answer: Answer }>(`select ${sql} as answer`))[0]?.answer;
  const json = (value: unknown) => `'${JSON.stringify(value).replaceAll("'", "''")}'::jsonb`;
  return {
    /** A file that has come and is stored; the message's id. */
    store: async (number: string, { sha = String(Math.random()), type = "image/jpeg", ago = "0 minutes" } = {}) => {
      const [row] = await query<{ id: string }>(
        `insert into public.whatsapp_messages (direction, kind, status, phone_number, type, media, message_at)
         values ('incoming', 'incoming', 'received', '${number}', '${type.startsWith("image") ? "image" : "document"}', '{}', now() - interval '${ago}')
         returning id`,
      );
      const id = Number(row?.id);
      await query(
        `update public.whatsapp_messages set media_state = 'stored', media_due_at = null, media_path = '${id}.bin',
           media_mime_type = '${type}', media_size = 1, media_sha256 = '${sha}' where id = ${id}`,
      );
      return id;
    },
    claim: async (mostReaders = 9) =>
      (
        await rpc<{ bill: { id: number; message_id: number; lease_token: string; attempts: number } | null }>(
          `public.claim_bill(60000, ${mostReaders})`,
        )
      )?.bill ?? null,
    settle: (claimed: { id: number; lease_token: string }, said: Row, version = 1) =>
      rpc<{ settled: boolean; state?: string }>(
        `public.settle_bill(${claimed.id}, '${claimed.lease_token}', ${json(said)}, ${version})`,
      ),
    act: (action: string, id: number, more = "") => rpc<Row>(`public.act_on_bill('${action}', ${id}${more})`),
    correct: (id: number, supplies: Row[]) =>
      rpc<Row>(`public.act_on_bill('bill_correct', ${id}, null, ${json(supplies)})`),
    bills: () =>
      query<{
        id: number;
        message: number;
        state: string;
        kind: string | null;
        page: number | null;
        repeats: number | null;
      }>(
        `select b.id::int, b.message_id::int as message, b.state, b.kind, p.message_id::int as page, d.message_id::int as repeats
           from public.bills b left join public.bills p on p.id = b.page_of left join public.bills d on d.id = b.duplicate_of
          order by b.message_id`,
      ),
    supplies: (message: number) =>
      query<Row & { evidence: Record<string, Row> }>(
        `select s.pod, s.period_from::text, s.kwh::float8, s.power_kw::float8, s.holder, s.holder_hash, s.evidence
           from public.bill_supplies s join public.bills b on b.id = s.bill_id where b.message_id = ${message} order by s.id`,
      ),
    waits: (message: number) =>
      rpc<boolean>(`(select private.file_waits(m) from public.whatsapp_messages m where id = ${message})`),
    billAt: async () =>
      (await query<{ bill_at: string | null }>("select bill_at::text from public.conversations order by id"))[0]
        ?.bill_at,
  };
}
