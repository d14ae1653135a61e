import { type AnswerLabel, LABELS, type Label } from "../answer-label.ts";
import { compilePattern } from "../compile-pattern.ts";
import { objectionIn } from "../objection.ts";
import { plainWords } from "../plain-words.ts";
import { PATTERNS } from "./labels.ts";
import { isAnswerToWhen, promisedDay } from "./promised-day.ts";

/** Whoever writes more than this many characters has not only answered; its beginning is read. */
const LONGEST = 2_000;

/** A tag at a sentence's end asks nothing: "le mando domani, va bene?" */
const TAG = /,\s*(?:ok|va bene|vabb?[eè]|d.accordo|capito|giusto)\s*\?/gi;
const SENTENCE = /(?<=[?!;\n…]|\.(?=\s|$))/;

type Sentence = { words: string; asks: boolean };

/**
 * What a customer's words mean for the follow-up, by rules; null if there are none.
 *
 * @param written when it was written, ISO 8601: what "domani" is counted from. If that is not known, no date is.
 */
export function labelAnswer(text: string | null, written: string | null): AnswerLabel | null {
  const all = text?.slice(0, LONGEST).trim();
  if (!all) return null;
  const sentences = all.replace(TAG, ".").split(SENTENCE).map(toSentence);
  const value = LABELS.find((label) => fits(label, all, sentences)) ?? "other";
  if (value !== "promise" || written === null) return { value, date: null };
  return { value, date: promisedDay(sentences.map(({ words }) => words).join(" . "), written) };
}

/** Commas stay: they part what is said of two days. */
const wordsOf = (text: string) =>
  text
    // Of an address only matters that it is one.
    .replace(/\S+@\S+/g, " mail ")
    .split(",")
    .map(plainWords)
    .filter(Boolean)
    .join(" , ");

function toSentence(text: string): Sentence {
  const words = wordsOf(text) + (text.includes("?") ? " ?" : "");
  return { words, asks: patternsOf("question").some(({ means }) => means.test(words)) };
}

function fits(label: Label, text: string, sentences: Sentence[]): boolean {
  if (label === "refusal" && objectionIn(text) === "objects") return true;
  if (label === "promise" && sentences.some(({ words, asks }) => !asks && isAnswerToWhen(words))) return true;
  return sentences.some(({ words, asks }) =>
    patternsOf(label).some(({ means, unless, said }) => !(said && asks) && means.test(words) && !unless?.test(words)),
  );
}

type Compiled = { means: RegExp; unless: RegExp | undefined; said: boolean };
const compiled = new Map<Label, Compiled[]>();

/** Compiled when an answer has come, not when a function starts. */
function patternsOf(label: Label): Compiled[] {
  const known = compiled.get(label);
  if (known) return known;
  const found = (label === "other" ? [] : PATTERNS[label]).map((way) => {
    const [means, { unless, said = false }] =
      typeof way === "string" ? [way, {} as { unless?: string; said?: boolean }] : way;
    return {
      means: compilePattern(whole(means)),
      unless: unless === undefined ? undefined : new RegExp(whole(unless)),
      said,
    };
  });
  compiled.set(label, found);
  return found;
}

const whole = (pattern: string) => `(?:^| )(?:${pattern})(?= |$)`;
