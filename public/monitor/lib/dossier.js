/** @import { Message } from "../data/types.js" */

/** What a spreadsheet and every file system take; the dots of a POD that is cut are wanted. */
const clean = (/** @type {string} */ text) => text.replace(/[^\p{L}\p{N}…+-]+/gu, "-").replace(/^-+|-+$/g, "");
/** The words of a company's name that all of them have. */
const COMMON = / (?:energia|mercato|comm|italia|energy)$/i;
/** @type {Record<string, string>} */
const ENDINGS = {
  "application/pdf": "pdf",
  "image/jpeg": "jpg",
  "image/png": "png",
  "image/webp": "webp",
  "image/heic": "heic",
};

/**
 * A customer's files as a dossier has them, in its order: by POD, then by period, the pages of a bill behind it; without
 * what is no bill, and without repeats. Each with its name there: `…5678_2025-01_2025-02_Enel.pdf`.
 *
 * @param {Message[]} messages @returns {{ message: Message, name: string }[]}
 */
export function dossierFiles(messages) {
  const files = messages.filter(
    ({ bill, media }) => media?.state === "stored" && bill && bill.state !== "not_a_bill" && bill.duplicate_of === null,
  );
  const byBill = new Map(files.map((message) => [message.bill?.id, message]));
  const ordered = files
    .map((message) => ({ message, whole: byBill.get(message.bill?.page_of ?? undefined) ?? message }))
    .map(({ message, whole }) => ({ message, whole, name: nameOf(whole) }))
    .sort(
      (a, b) =>
        compare(a.name, b.name) ||
        a.whole.id - b.whole.id ||
        Number(a.message !== a.whole) - Number(b.message !== b.whole) ||
        a.message.id - b.message.id,
    );
  /** @type {Map<string, number>} */
  const used = new Map();
  return ordered.map(({ message, whole, name }) => {
    const own = message === whole ? name : `${name}_pagina`;
    const n = (used.get(own) ?? 0) + 1;
    used.set(own, n);
    return { message, name: `${own}${n > 1 ? `_${n}` : ""}.${endingOf(message)}` };
  });
}

const compare = (/** @type {string} */ a, /** @type {string} */ b) => (a < b ? -1 : a > b ? 1 : 0);

/** @param {Message} message */
function nameOf({ bill, message_at, created_at }) {
  const supplies = bill?.supplies ?? [];
  const pods = [...new Set(supplies.flatMap(({ pod }) => (pod ? [`…${pod.slice(-4)}`] : [])))];
  const from = supplies
    .map(({ period_from }) => period_from)
    .filter((day) => day !== null)
    .sort()[0];
  const to = supplies
    .map(({ period_to }) => period_to)
    .filter((day) => day !== null)
    .sort()
    .at(-1);
  const supplier = supplies.find(({ supplier }) => supplier)?.supplier?.replace(COMMON, "");
  const parts = [
    pods.length > 0 ? pods.join("+") : "senza-POD",
    ...(from && to ? [from.slice(0, 7), to.slice(0, 7)] : [`ricevuta-${(message_at ?? created_at).slice(0, 10)}`]),
    ...(supplier ? [supplier] : []),
  ];
  return parts.map(clean).join("_");
}

/** @param {Message} message */
function endingOf({ media }) {
  const known = ENDINGS[media?.mime_type ?? ""];
  return known ?? /\.([a-z0-9]{2,4})$/i.exec(media?.file_name ?? "")?.[1]?.toLowerCase() ?? "bin";
}
