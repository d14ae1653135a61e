import type { Random } from "./random.ts";

const MONTHS = "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre".split(
  " ",
);

/** As bills print them: thousands by a point, a space or not at all, decimals by a comma. */
export function printNumber(value: number, random: Random): string {
  const [whole = "", decimals] = String(value).split(".");
  const mark = random.pick([".", ".", ".", ".", " ", ""]);
  return whole.replace(/\B(?=(\d{3})+$)/g, mark) + (decimals ? `,${decimals}` : "");
}

/** One of the ways that bills print a kW. */
export function printKw(value: number, random: Random): string {
  if (!Number.isInteger(value)) return String(value).replace(".", ",") + random.pick(["", "0"]);
  return random.pick([String(value), `${value},0`, `${value},00`, `${value},000`]);
}

export type DateStyle = "slash" | "dot" | "short" | "words" | "capitals";

export function printDay(day: string, style: DateStyle): string {
  const [year = "", month = "", date = ""] = day.split("-");
  const name = MONTHS[Number(month) - 1] ?? "";
  if (style === "slash") return `${date}/${month}/${year}`;
  if (style === "dot") return `${date}.${month}.${year}`;
  if (style === "short") return `${date}/${month}/${year.slice(2)}`;
  return style === "words" ? `${Number(date)} ${name} ${year}` : `${date} ${name.toUpperCase()} ${year}`;
}

export function printPeriod(from: string, to: string, random: Random): string {
  const style = random.pick<DateStyle>(["slash", "slash", "dot", "short", "words", "capitals"]);
  const [a, b] = [printDay(from, style), printDay(to, style)];
  return random.pick([`${a} - ${b}`, `dal ${a} al ${b}`, `Dal ${a} al ${b}`, `${a} – ${b}`]);
}

export function printPod(pod: string, random: Random): string {
  const [country, distributor, letter, rest] = [pod.slice(0, 2), pod.slice(2, 5), pod.slice(5, 6), pod.slice(6)];
  const spaced = `${country} ${distributor} ${letter} ${rest}`;
  return random.pick([pod, pod, pod, `${pod}${random.int(0, 9)}`, spaced, spaced.replaceAll(" ", "-")]);
}
