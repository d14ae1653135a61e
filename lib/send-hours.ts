import { z } from "zod/v3";
import type { OpenRange } from "./terms.ts";

export const DEFAULT_SEND_HOURS = "mon-fri 9-20, sat 10-19";

const DAYS = [
  ["monday", "lunedi"],
  ["tuesday", "martedi"],
  ["wednesday", "mercoledi"],
  ["thursday", "giovedi"],
  ["friday", "venerdi"],
  ["saturday", "sabato"],
  ["sunday", "domenica"],
];
const PART = /^([a-z]+)(?:-([a-z]+))?(\d{1,2})(?:[:.](\d\d))?-(\d{1,2})(?:[:.](\d\d))?$/;

/**
 * When automatic messages may go, as the operator writes it: `mon-fri 9-20, sat 10-19`, or `off` for always (null). English and
 * Italian days, also shortened to three letters or more; the local time of Europe/Rome, from 0 to 24.
 */
export const SendHours = z.string().transform((value, context): OpenRange[] | null => {
  const plain = value
    .toLowerCase()
    .normalize("NFD")
    .replace(/[\s\p{M}]/gu, "")
    .replace(/[–—]/g, "-");
  if (plain === "off") return null;
  const written = value.split(",");
  return plain.split(",").flatMap((part, n) => {
    const ranges = readPart(part);
    if (typeof ranges !== "string") return ranges;
    const message = `${ranges}, in "${written[n]?.trim()}": write it like ${DEFAULT_SEND_HOURS}, or off for any time`;
    context.addIssue({ code: "custom", message });
    return [];
  });
});

/** The ranges of one part, or what is wrong with it. */
function readPart(part: string): OpenRange[] | string {
  const [, first, last = first, fromHour, fromMinute = "0", toHour, toMinute = "0"] = PART.exec(part) ?? [];
  if (first === undefined) return "cannot be read";
  const firstDay = dayOf(first);
  const lastDay = dayOf(last);
  if (!firstDay || !lastDay) return "names a day that there is not";
  const from = Number(fromHour) * 60 + Number(fromMinute);
  const to = Number(toHour) * 60 + Number(toMinute);
  const isTime = (minutes: string, at: number) => Number(minutes) < 60 && at <= 1440;
  if (!isTime(fromMinute, from) || !isTime(toMinute, to)) return "names a time that there is not";
  if (from >= to) return "ends before it begins (write a night as two: fri 22-24, sat 0-6)";
  // sat-mon goes on past the end of the week.
  const days = ((lastDay - firstDay + 7) % 7) + 1;
  return Array.from({ length: days }, (_, n) => ({ day: ((firstDay - 1 + n) % 7) + 1, from, to }));
}

/** 1 to 7, or 0 if it is no day. */
const dayOf = (word = "") =>
  word.length < 3 ? 0 : DAYS.findIndex((names) => names.some((name) => name.startsWith(word))) + 1;
