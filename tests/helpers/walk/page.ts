import { call } from "../surface.ts";
import type { World } from "../world.ts";

type Feed = {
  cursor: string;
  more: boolean;
  messages: { id: number; status: string; conversation_id: number }[];
  conversations: { id: number; state: string; merged_into: number | null }[];
  deleted: { messages: number[]; conversations: number[] } | null;
};

/** A monitor that is open all the while: it knows what it was told. */
export function openPage(world: World) {
  const messages = new Map<number, Feed["messages"][number]>();
  const conversations = new Map<number, Feed["conversations"][number]>();
  let cursor: string | null = null;
  const poll = async () => {
    for (;;) {
      // Pages so small that most answers have several.
      const [row] = await world.query<{ answer: Feed }>(
        call("read_feed", { p_limit: cursor === null ? 200 : 3, p_after: cursor }),
      );
      if (!row) throw new Error("no answer");
      const { answer } = row;
      cursor = answer.cursor;
      for (const one of answer.messages) messages.set(one.id, one);
      for (const one of answer.conversations) conversations.set(one.id, one);
      for (const id of answer.deleted?.messages ?? []) messages.delete(id);
      for (const id of answer.deleted?.conversations ?? []) conversations.delete(id);
      if (!answer.more) return;
    }
  };
  /** What it shows and is not so, or the other way round. */
  const differences = async () => {
    const rows = await world.query<Feed["messages"][number]>(
      "select id::int, status, conversation_id::int from public.whatsapp_messages order by id",
    );
    const list = await world.query<Feed["conversations"][number]>(
      "select id::int, state, merged_into::int from public.conversations order by id",
    );
    const shown = [...messages.values()].map(({ id, status, conversation_id }) => ({ id, status, conversation_id }));
    const listed = [...conversations.values()].map(({ id, state, merged_into }) => ({ id, state, merged_into }));
    return [
      ...differ(
        "messages",
        shown.toSorted((a, b) => a.id - b.id),
        rows,
      ),
      ...differ(
        "conversations",
        listed.toSorted((a, b) => a.id - b.id),
        list,
      ),
    ];
  };
  return { poll, differences };
}

function differ(what: string, shown: { id: number }[], there: { id: number }[]): string[] {
  const text = (one: { id: number }) => JSON.stringify(one, Object.keys(one).toSorted());
  const only = (these: { id: number }[], others: { id: number }[]) => {
    const known = new Set(others.map(text));
    return these.map(text).filter((one) => !known.has(one));
  };
  const [more, less] = [only(shown, there), only(there, shown)];
  return more.length + less.length > 0 ? [`${what}: a page shows ${more}, and the database has ${less}`] : [];
}
