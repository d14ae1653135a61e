import { LABELS, type Label } from "../../lib/answer-label.ts";
import { labelAnswer } from "../../lib/followup/label-answer.ts";
import { type Answer, WRITTEN } from "../../tests/fixtures/answers/answer.ts";
import { DEVELOPED_WITH } from "../../tests/fixtures/answers/developed-with.ts";
import { FRESH } from "../../tests/fixtures/answers/fresh.ts";
import { HELD_OUT } from "../../tests/fixtures/answers/held-out.ts";
import type { Item } from "../entry.ts";
import { alone } from "../stats.ts";

const SETS: [name: string, answers: Answer[]][] = [
  ["developed with", DEVELOPED_WITH],
  ["widened by", HELD_OUT],
  ["never changed for", FRESH],
];
const ROUNDS = 20;

/** Which answers are understood as a person understands them, and how long does one take? */
export const answers: Item = async () => {
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    for (const [, , text] of SETS.flatMap(([, all]) => all)) {
      const begin = performance.now();
      labelAnswer(text, WRITTEN);
      times.push((performance.now() - begin) * 1000);
    }
  }
  const results = SETS.map(([name, all]) => ({ name, ...resultOf(all) }));
  const fresh = results.at(-1);
  return {
    measures: [
      alone("one answer", "µs", times),
      ...results.flatMap(({ name, right, dates }) => [
        alone(`${name}: label right`, "%", [right]),
        alone(`${name}: a promise's day right`, "%", [dates]),
      ]),
    ],
    targets: [
      { what: "never changed for: wrong, and not just other", unit: "%", value: fresh?.misleading ?? 100, limit: 10 },
    ],
    notes: results.flatMap(({ name, labels }) => labels.map((label) => `${name}, ${label}`)),
  };
};

const percent = (part: number, of: number) => (of === 0 ? 100 : Math.round((part / of) * 1000) / 10);

function resultOf(all: Answer[]) {
  const read = all.map(([label, date, text]) => ({ label, date, got: labelAnswer(text, WRITTEN) }));
  const promises = read.filter(({ label, got }) => label === "promise" && got?.value === label);
  const ofLabel = (label: Label) => {
    const are = read.filter((one) => one.label === label).length;
    const said = read.filter(({ got }) => got?.value === label).length;
    const right = read.filter((one) => one.label === label && one.got?.value === label).length;
    return `${label}: ${are}, precision ${percent(right, said)} %, recall ${percent(right, are)} %`;
  };
  return {
    right: percent(read.filter(({ label, got }) => got?.value === label).length, read.length),
    dates: percent(promises.filter(({ date, got }) => got?.date === date).length, promises.length),
    misleading: percent(
      read.filter(({ label, got }) => got !== null && got.value !== label && got.value !== "other").length,
      read.length,
    ),
    labels: LABELS.map(ofLabel),
  };
}
