import { z } from "zod/v3";

const Summary = z.object({
  /** How many were measured. */
  n: z.number(),
  median: z.number(),
  p99: z.number(),
});
export type Summary = z.infer<typeof Summary>;

/** One thing that was measured, and how it compares with its yardstick, if it has one. */
const Measure = z.object({
  what: z.string(),
  unit: z.string(),
  ours: Summary,
  yardstick: Summary.extend({ name: z.string() }).nullable(),
  /** Ours to the yardstick's, or ours minus it; `min` and `max` are those of the blocks of the run. */
  compared: z
    .object({ by: z.enum(["×", "+"]), median: z.number(), p99: z.number(), min: z.number(), max: z.number() })
    .nullable(),
});
export type Measure = z.infer<typeof Measure>;

/** Reached if the value is not above the limit. */
const Target = z.object({ what: z.string(), unit: z.string(), value: z.number(), limit: z.number() });
export type Target = z.infer<typeof Target>;

const Findings = z.object({ measures: z.array(Measure), targets: z.array(Target), notes: z.array(z.string()) });
export type Findings = z.infer<typeof Findings>;

/** What results.json keeps of an item. */
export const Entry = Findings.extend({
  /** When it was measured, ISO 8601. */
  date: z.string(),
  machine: z.object({ node: z.string(), cpu: z.string(), cores: z.number() }),
});
export type Entry = z.infer<typeof Entry>;

/** What results.json holds, by item. */
export const Results = z.record(z.string(), Entry);
export type Results = z.infer<typeof Results>;

/** What an item gets to work with. */
export type Bench = {
  /** Closes it when the item has ended, the last that was opened first. */
  use: <Resource extends { close: () => Promise<void> }>(resource: Resource) => Resource;
  /** Prints what is being done. */
  say: (what: string) => void;
};

export type Item = (bench: Bench) => Promise<Findings>;
