import fc from "fast-check";

/** One thing that happens to the database. `at` picks one of what is there by then, `person` and `nth` one of a few. */
export type Step =
  | ({ do: "call"; person: number; nth: number; from: "first" | "second" | "nowhere"; ids: "uuid" | "id" | "both" } & {
      talked: boolean;
      ask: boolean;
      bill: true | null;
    })
  | { do: "write"; person: number; nth: number; by: By; minutesAgo: number; photo: boolean; objection: Objection }
  | { do: "replay history"; of: { person: number; nth: number; by: By }[] }
  | { do: "type on the phone"; person: number; nth: number; by: By }
  | { do: "claim"; accepted: boolean; outcome: number }
  | { do: "settle"; at: number }
  | { do: "echo"; at: number; by: By; bothIds: boolean }
  | { do: "state"; at: number; ids: "whatsapp" | "wasender" | "both"; status: "sent" | "delivered" | "read" | "failed" }
  | { do: "tell ids"; at: number }
  | { do: "read log"; at: number }
  | { do: "fail by number"; person: number }
  | { do: "tell number"; person: number; second: boolean }
  | { do: "die" }
  | { do: "decide"; action: "retry" | "resend" | "give_up" | "cancel"; at: number }
  | { do: "reply" | "see" | "mark" | "unmark"; person: number }
  | { do: "pause" | "resume" | "probe" | "chores" | "fetch" }
  | { do: "session"; status: "connected" | "need_scan" }
  | { do: "store"; at: number; outcome: "stored" | "failed" | "retry" }
  | { do: "forget"; at: number }
  | { do: "objection"; person: number; objects: boolean }
  | { do: "erase"; person: number };

/** What the parser has read in a text. */
type Objection = "objects" | "staff" | null;

/** By what a message's other party is known: the number, the LID, or both. */
export type By = "phone" | "lid" | "both";

const person = fc.nat({ max: 2 });
const at = fc.nat({ max: 30 });
const by = fc.constantFrom<By>("phone", "lid", "lid", "both");
const weighted = (weight: number, arbitrary: fc.Arbitrary<Step>) => ({ weight, arbitrary });

const step: fc.Arbitrary<Step> = fc.oneof(
  weighted(
    8,
    fc.record({
      do: fc.constant("call" as const),
      person,
      nth: fc.nat({ max: 2 }),
      from: fc.constantFrom("first", "first", "first", "second", "nowhere"),
      ids: fc.constantFrom("uuid", "id", "both"),
      talked: fc.constantFrom(true, true, true, false),
      ask: fc.constantFrom(true, true, true, false),
      bill: fc.constantFrom(null, null, null, null, null, true),
    }),
  ),
  weighted(
    7,
    fc.record({
      do: fc.constant("write" as const),
      person,
      nth: fc.nat({ max: 3 }),
      by,
      minutesAgo: fc.constantFrom(0, 0, 10, 100),
      photo: fc.boolean(),
      objection: fc.constantFrom<Objection>(null, null, null, null, null, null, "objects", "staff"),
    }),
  ),
  weighted(
    2,
    fc.record({
      do: fc.constant("replay history" as const),
      of: fc.array(fc.record({ person, nth: fc.nat({ max: 3 }), by }), { minLength: 2, maxLength: 5 }),
    }),
  ),
  weighted(2, fc.record({ do: fc.constant("type on the phone" as const), person, nth: fc.nat({ max: 1 }), by })),
  weighted(
    9,
    fc.record({ do: fc.constant("claim" as const), accepted: fc.constantFrom(true, true, false), outcome: at }),
  ),
  weighted(7, fc.record({ do: fc.constant("settle" as const), at })),
  weighted(6, fc.record({ do: fc.constant("echo" as const), at, by, bothIds: fc.boolean() })),
  weighted(
    6,
    fc.record({
      do: fc.constant("state" as const),
      at,
      ids: fc.constantFrom("whatsapp", "wasender", "both"),
      status: fc.constantFrom("sent", "delivered", "read", "failed"),
    }),
  ),
  weighted(2, fc.record({ do: fc.constant("tell ids" as const), at })),
  weighted(2, fc.record({ do: fc.constant("read log" as const), at })),
  weighted(1, fc.record({ do: fc.constant("fail by number" as const), person })),
  weighted(
    3,
    fc.record({ do: fc.constant("tell number" as const), person, second: fc.nat({ max: 7 }).map((n) => n === 0) }),
  ),
  weighted(2, fc.constant({ do: "die" } as const)),
  weighted(
    5,
    fc.record({
      do: fc.constant("decide" as const),
      action: fc.constantFrom("retry", "resend", "give_up", "cancel"),
      at,
    }),
  ),
  weighted(4, fc.record({ do: fc.constantFrom("reply", "see", "mark", "unmark"), person })),
  weighted(
    4,
    fc.record({ do: fc.constantFrom("pause", "resume", "resume", "resume", "probe", "chores", "fetch", "fetch") }),
  ),
  weighted(1, fc.record({ do: fc.constant("session" as const), status: fc.constantFrom("connected", "need_scan") })),
  weighted(
    3,
    fc.record({
      do: fc.constant("store" as const),
      at,
      outcome: fc.constantFrom("stored", "stored", "failed", "retry"),
    }),
  ),
  weighted(1, fc.record({ do: fc.constant("forget" as const), at })),
  weighted(2, fc.record({ do: fc.constant("objection" as const), person, objects: fc.boolean() })),
  weighted(1, fc.record({ do: fc.constant("erase" as const), person })),
);

/** What happens one after the other; the steps of one list happen at the same time, on a connection each. */
export const walk = (connections: number): fc.Arbitrary<Step[][]> =>
  fc.array(fc.array(step, { minLength: 1, maxLength: connections }), { minLength: 8, maxLength: 40, size: "max" });
